# SPDX-License-Identifier: MIT
"""Starts a confabd of its own for a test, and a small IRC client to talk to it.

Ports are chosen by the system and read from the log; every wait has an end.
"""
import json
import os
import resource
import signal
import socket
import ssl
import subprocess
import tempfile
import time

CONFABD = os.environ.get("CONFABD", "build/release/bin/confabd")
PATIENCE_S = 10


class Server:
    """A running confabd with a configuration of its own; a context manager."""

    def __init__(self, config="", arguments=(), listen=True, files_max=None):
        self.folder = tempfile.TemporaryDirectory(prefix="confabd-e2e-")
        self.config = os.path.join(self.folder.name, "confabd.toml")
        self.log_file = os.path.join(self.folder.name, "log")
        self.write_config(config)
        command = [CONFABD, "--config", self.config, "--log-format", "json", *arguments]
        if listen:
            command += ["--listen", "127.0.0.1:0"]
        with open(self.log_file, "wb") as log:
            self.process = subprocess.Popen(command, stderr=log, preexec_fn=files_max and (
                lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files_max, files_max))))
        self.wait_for_event("server.started")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.folder.cleanup()

    def write_config(self, text):
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def log(self):
        """All whole lines of the log, as objects."""
        with open(self.log_file, encoding="utf-8") as file:
            return [json.loads(line) for line in file.read().split("\n")[:-1]]

    def events(self, name):
        return [line for line in self.log() if line["event"] == name]

    def wait_for_event(self, name, count=1):
        """Waits until the log has `count` lines of that event; returns them."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            found = self.events(name)
            if len(found) >= count:
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.005)
        with open(self.log_file, encoding="utf-8") as file:
            raise AssertionError(f"no {name} in the log:\n{file.read()}")

    def port(self, tls=None):
        """The port of the first listener, or of the first with or without TLS."""
        opened = [e for e in self.events("listener.opened")
                  if tls is None or (e["tls"] == "yes") == tls]
        return int(opened[0]["address"].rsplit(":", 1)[1])

    def client(self, **options):
        return Client(options.pop("port", None) or self.port(), **options)

    def user(self, nick, **options):
        client = self.client(**options)
        client.register(nick)
        return client

    def signal(self, number):
        self.process.send_signal(number)

    def rehash(self):
        """SIGHUP; waits for its outcome and returns the log lines since."""
        before = self.log()
        done = [l for l in before if l["event"] in ("rehash.done", "rehash.failed")]
        self.signal(signal.SIGHUP)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            lines = self.log()
            now = [l for l in lines if l["event"] in ("rehash.done", "rehash.failed")]
            if len(now) > len(done):
                return lines[len(before):]
            time.sleep(0.005)
        raise AssertionError("the rehash has no outcome")

    def wait_exit(self):
        return self.process.wait(timeout=PATIENCE_S)


class Client:
    """A client that reads lines; with TLS and a PROXY header on demand."""

    def __init__(self, port, tls=False, header=b""):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if header:
            self.socket.sendall(header)
        if tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, *lines):
        self.socket.sendall("".join(line + "\r\n" for line in lines).encode())

    def line(self):
        """The next line, or None at the end of the connection."""
        while b"\r\n" not in self.buffer:
            try:
                data = self.socket.recv(65536)
            except (ConnectionResetError, ssl.SSLEOFError, BrokenPipeError):
                data = b""
            if not data:
                return None
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line.decode(errors="replace")

    def until(self, *words):
        """Reads until a line whose command is one of `words`; returns it."""
        seen = []
        while (line := self.line()) is not None:
            seen.append(line)
            parts = line.split(" ")
            command = parts[1] if line.startswith(":") and len(parts) > 1 else parts[0]
            if command in words:
                return line
        raise AssertionError(f"the connection ended before {words}: {seen}")

    def rest(self):
        """Everything up to the end of the connection."""
        lines = []
        while (line := self.line()) is not None:
            lines.append(line)
        return lines

    def register(self, nick):
        self.send(f"NICK {nick}", f"USER {nick} 0 * :The real {nick}")
        self.until("376", "422")

    def sync(self):
        """What arrived before the answer to a PING."""
        self.send("PING :sync")
        lines = []
        while (line := self.line()) is not None:
            if " PONG " in line and line.endswith("sync"):
                return lines
            lines.append(line)
        raise AssertionError(f"the connection ended before the PONG: {lines}")


def cpu_seconds_of_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run_confabd(*arguments, stdin=""):
    """Runs confabd to its end; returns (exit status, standard output, standard error)."""
    done = subprocess.run([CONFABD, *arguments], input=stdin, capture_output=True, text=True,
                          timeout=PATIENCE_S, check=False)
    return done.returncode, done.stdout, done.stderr
