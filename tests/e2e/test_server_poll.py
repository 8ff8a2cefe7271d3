#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""server_poll, the small host on poll(2), from outside: people talk, vanish, are told goodbye.

It lies beside confabd, which the environment variable CONFABD names. Each function test_* is one
test.
"""
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
from checks import Checks
from confabd_process import CONFABD, PATIENCE_S, Client

SERVER_POLL = os.path.join(os.path.dirname(CONFABD), "server_poll")
CLIENTS_MAX = 500


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


class Server:
    """A running server_poll; a context manager that sees to it that it ends well."""

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen([SERVER_POLL, str(self.port)], stderr=subprocess.PIPE)
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                Client(self.port).close()
                return self
            except ConnectionRefusedError:
                expect(time.monotonic() < end and self.process.poll() is None, "it does not listen")
                time.sleep(0.005)

    def __exit__(self, kind, *_):
        if kind:
            self.process.kill()
        else:
            self.process.send_signal(signal.SIGTERM)
        complaint = self.process.communicate(timeout=PATIENCE_S)[1]
        if not kind:
            expect(self.process.returncode == 0 and not complaint,
                   f"exit status {self.process.returncode}: {complaint}")

    def user(self, nick):
        client = Client(self.port)
        client.register(nick)
        return client

    def files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


def test_usage():
    for arguments in (["nonsense"], ["0"], ["65536"], ["6667", "more"]):
        done = subprocess.run([SERVER_POLL, *arguments], capture_output=True, text=True,
                              timeout=PATIENCE_S, check=False)
        expect(done.returncode == 2 and "usage:" in done.stderr, f"{arguments}: {done}")


def test_people_talk_kick_and_leave():
    with Server() as server, server.user("alice") as alice, server.user("bob") as bob:
        alice.send("JOIN #x")
        alice.until("366")
        bob.send("JOIN #x", "PRIVMSG #x :hello")
        bob.until("366")
        expect(alice.until("PRIVMSG") == ":bob!bob@127.0.0.1 PRIVMSG #x :hello", "hello")
        alice.send("MODE #x +b bob", "KICK #x bob :out")
        bob.until("KICK")
        bob.send("JOIN #x")
        bob.until("474")
        bob.send("QUIT :bye")
        expect(bob.rest()[-1].startswith("ERROR "), "an ERROR at the end")


def test_long_answers_arrive_whole():
    with Server() as server, server.user("alice") as alice:
        for first in range(0, 100, 10):  # as fast as the throttle lets: 20 at once, 4 a second
            alice.send("JOIN " + ",".join(f"#{'x' * 50}{first + i}" for i in range(8)))
        alice.send("LIST", "PING end")
        lines = []
        while (line := alice.line()) is not None and not line.endswith("end"):
            lines.append(line)
        expect(sum(" 322 " in line for line in lines) == 80, "all channels are listed")


def test_those_who_vanish_leave_nothing():
    words = b"NICK gone\r\nUSER gone 0 * :Gone\r\nJOIN #x\r\nPRIVMSG #x :hel"
    with Server() as server, server.user("alice") as alice:
        before = server.files()
        for size in range(len(words)):
            with Client(server.port) as client:
                client.socket.sendall(words[:size])
        end = time.monotonic() + PATIENCE_S
        while server.files() > before and time.monotonic() < end:
            time.sleep(0.01)
        expect(server.files() == before, f"{server.files()} open files, not {before}")
        alice.send("LUSERS")
        expect("I have 1 clients" in alice.until("255"), "one client is left")


def test_full_server_turns_away_and_goes_on():
    with Server() as server, contextlib.ExitStack() as those:
        clients = [those.enter_context(Client(server.port)) for _ in range(CLIENTS_MAX)]
        clients[-1].sync()
        with Client(server.port) as late:
            expect(late.line() is None, "the one too many is closed")
        clients.pop().close()
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            with Client(server.port) as next_one, contextlib.suppress(OSError):
                next_one.send("PING x")
                if next_one.line() is not None:
                    return
        raise AssertionError("no room for the next one")


def test_sigterm_says_goodbye():
    with Server() as server, server.user("alice") as alice, Client(server.port) as deaf:
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        expect("Server stops" in alice.rest()[-1], "a goodbye")
        server.process.wait(timeout=PATIENCE_S)
        expect(time.monotonic() - began < 0.9, f"{time.monotonic() - began:.2f} s")
        deaf.rest()


def main():
    checks = Checks()
    for name, function in list(globals().items()):
        if not name.startswith("test_"):
            continue
        problem = ""
        try:
            function()
        except (AssertionError, OSError, subprocess.SubprocessError, IndexError) as error:
            problem = f"{type(error).__name__}: {error}"
        checks.check(name, problem)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
