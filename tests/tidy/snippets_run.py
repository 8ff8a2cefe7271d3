# SPDX-License-Identifier: MIT
"""Runs what the guides show: commands, configurations and projects; readme_snippets.py calls it.

Each function takes the snippet and a Place and returns "" or what is wrong. Commands run in a
folder that is thrown away, with the built programs on the path and confab installed in a prefix of
its own; servers in a network of their own, so that the ports that a guide names are free.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
PATIENCE_S = 240  # examples/run builds first
STARTED = "server.started"
OWN_NETWORK = """
import fcntl, os, socket, struct, sys
with socket.socket() as any_socket:  # lo is down at first: set IFF_UP
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 1))
os.execvp("bash", ["bash", "-c", sys.argv[1]])
"""


class Place:
    """Where snippets run: a folder with a prefix in it, and an environment."""

    def __init__(self, programs):
        self.programs = programs.resolve()
        self.build = self.programs.parent
        self.kept = tempfile.TemporaryDirectory(prefix="confab-snippets-")
        self.folder = pathlib.Path(self.kept.name)
        self.prefix = self.folder / "prefix"
        # Installed, check_plugin has a name of confab's own.
        (self.folder / "bin").mkdir()
        (self.folder / "bin/confab-check-plugin").symlink_to(self.programs / "check_plugin")
        self.environment = dict(os.environ, PATH=f"{self.folder}/bin:{self.programs}:"
                                                 f"{os.environ['PATH']}")

    def install(self):
        """The library as README.md installs it; "" or what went wrong. Once is enough."""
        if self.prefix.exists():
            return ""
        for component in ("runtime", "development"):
            done = subprocess.run(["cmake", "--install", self.build, "--prefix", self.prefix,
                                   "--component", component], stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, check=False)
            if done.returncode:
                return done.stdout
        library = next(self.prefix.rglob("libconfab.a")).parent
        self.environment.update(PKG_CONFIG_PATH=str(library / "pkgconfig"),
                                CMAKE_PREFIX_PATH=str(self.prefix), LD_LIBRARY_PATH=str(library))
        return ""

    def scratch(self):
        """A new folder with a program in it."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copy(TOP / "examples/hello/hello.c", folder / "program.c")
        shutil.copy(TOP / "examples/plugins/message_filter/message_filter.c",
                    folder / "my_filter.c")
        return folder


def run_in(place, folder, command):
    """"" or what a shell command said when it failed."""
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=folder,
                          env=place.environment, input="secret\n", stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, timeout=PATIENCE_S)
    return f"ends with {done.returncode}: {done.stdout}" if done.returncode else ""


def commands(text, place):
    """`sh run`: all commands succeed, one after the other, and then so does what they made."""
    folder = place.scratch()
    problem = place.install() or run_in(place, folder, text)
    if not problem and (folder / "a.out").exists():
        problem = run_in(place, folder, "./a.out")
    return problem


def serve_one(command, folder, place):
    """One command: it ends well by itself, or it starts to serve, and ends well when told to."""
    if command.split("#")[0].strip() == "tests/run":
        return ""  # this is it
    log = folder / "log"
    own = [] if os.geteuid() == 0 else ["--map-root-user"]
    with open(log, "w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            ["unshare", "--net", *own, "/usr/bin/python3", "-c", OWN_NETWORK, command],
            cwd=TOP if command.startswith("examples/") else folder, env=place.environment,
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors)
    process.stdin.write(b"secret\n")
    process.stdin.close()
    end = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < end:
        if STARTED in log.read_text(encoding="utf-8"):
            process.send_signal(signal.SIGTERM)
            break
        time.sleep(0.05)
    try:
        status = process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        status = process.wait()
    said = log.read_text(encoding="utf-8")
    return f"{command} ends with {status}: {said}" if status else ""


def served(text, place):
    """`sh served`: commands of which some serve until they are stopped."""
    folder = place.scratch()
    problems = (serve_one(line, folder, place) for line in text.splitlines() if line.strip())
    return next(filter(None, problems), "")


def configuration(text, place):
    """`toml confabd`: confabd accepts it; the service's folders are a scratch one, which has the
    files that a configuration may name."""
    folder = place.scratch()
    for where in ("/etc/confabd", "/var/lib/confabd"):
        text = text.replace(where, str(folder))
    text = text.replace('"my_filter', '"message_filter')  # the one to copy
    (folder / "confabd.toml").write_text(text, encoding="utf-8")
    for name in ("blocked-channels", "words"):
        (folder / name).write_text("", encoding="utf-8")
    return run_in(place, folder, "openssl req -x509 -newkey ed25519 -nodes -keyout key.pem "
                  "-out fullchain.pem -subj /CN=irc.example.org 2>/dev/null\n"
                  "confabd --config confabd.toml --check-config")


def project(text, place):
    """`cmake project`: the lines of a project with one program in C."""
    folder = place.scratch()
    (folder / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(outside LANGUAGES C)\n"
        "add_executable(program program.c)\n" + text, encoding="utf-8")
    return place.install() or run_in(
        place, folder, "cmake -G Ninja -B made . && cmake --build made && made/program")


def plugin(text, place):
    """`c plugin`: a whole plugin; it compiles alone, and check_plugin accepts it."""
    folder = place.scratch()
    (folder / "plugin.c").write_text(text, encoding="utf-8")
    return place.install() or run_in(
        place, folder, "cc -std=c11 -Wall -Wextra -Werror -fPIC -shared plugin.c -o plugin.so "
        f"-I {place.prefix}/include && check_plugin ./plugin.so")


def script(text, place):
    """`python run`: a program for the binding, as it is packed for python3-confab."""
    stage = next((place.build / "python-stage").glob("**/dist-packages"), None)
    if not stage:
        return "there is no python-stage: the preset package makes it"
    folder = place.scratch()
    (folder / "program.py").write_text(text, encoding="utf-8")
    return place.install() or run_in(place, folder,
                                     f"PYTHONPATH={stage} /usr/bin/python3 program.py")


def session(text, place):
    """`text session`: clients of four protocols, played and compared line by line."""
    done = subprocess.run(
        ["/usr/bin/python3", TOP / "tests/e2e/shown_session.py"], input=text, text=True,
        env=dict(place.environment, CONFABD=str(place.programs / "confabd"),
                 MIC_TALK=str(place.programs / "mic_talk")),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=PATIENCE_S)
    return done.stdout if done.returncode else ""


def objects(text, _):
    """`json lines`: an object on each line."""
    return "" if all(isinstance(json.loads(line), dict) for line in text.splitlines()) else text


KINDS = {"sh run": commands, "sh served": served, "toml confabd": configuration,
         "cmake project": project, "c plugin": plugin, "python run": script,
         "text session": session, "json lines": objects}
