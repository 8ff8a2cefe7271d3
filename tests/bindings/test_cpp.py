#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What bindings/cpp/README.md says: its commands are run, its programs compiled and run, and the
example is asked what a chat server is asked.

usage: test_cpp.py BUILD    (build/release, where the README's commands build)
"""
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
README = TOP / "bindings" / "cpp" / "README.md"
sys.path.insert(0, str(HERE.parent / "support"))

from checks import Checks, run  # noqa: E402


def fences(language, word=""):
    """The texts of the README's fences of a language, and a word behind it."""
    found = re.findall(r"^```(\S+)(?: (\S+))?\n(.*?)^```", README.read_text(encoding="utf-8"),
                       re.M | re.S)
    return [text for name, more, text in found if name == language and more == word]


class Client:
    """An IRC client of the example; waits for lines, at most ten seconds each."""

    def __init__(self, port, nick):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.lines = self.sock.makefile("r", encoding="utf-8", newline="\r\n")
        self.say(f"NICK {nick}", f"USER {nick} 0 * :{nick}", "JOIN #tea")
        self.until(" 366 ")

    def say(self, *lines):
        self.sock.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def until(self, part):
        for line in self.lines:
            if part in line:
                return line
        raise AssertionError(f"the server closed, and did not say {part}")


def check_example(checks, command):
    """The chat server, with a free port in the place of the README's."""
    with subprocess.Popen(["bash", "-c", "exec " + command.replace("6667", "0")], cwd=TOP,
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        try:
            port = int(server.stdout.readline().rsplit(":", 1)[1])
            ann, bob = Client(port, "ann"), Client(port, "bob")
            ann.say("ROLL 20", "FIGURES")
            ann.until("You rolled")
            ann.until("2 users")
            ann.say("PRIVMSG #tea :darn it, darn", "PRIVMSG #tea :https://www.debian.org/",
                    "PRIVMSG #tea :http://x.example/")
            heard = [bob.until(" PRIVMSG #tea ") for _ in range(2)]
            checks.check("a word is masked", "" if ":**** it, ****" in heard[0] else heard[0])
            checks.check("a known link passes", "" if "debian" in heard[1] else heard[1])
            denied = ann.until(" 404 ")
            checks.check("another does not", "" if "not known here" in denied else denied)
            bob.say("NICK administrator")
            denied = bob.until(" 432 ")
            checks.check("a nick is kept", "" if "nobody is called" in denied else denied)
            server.send_signal(signal.SIGINT)
            said, errors = server.communicate(timeout=10)
            checks.check("it ends", "" if server.returncode == 0 and not errors else errors)
            checks.check("it tells who joins", "" if "ann joins #tea" in said else said)
        finally:
            server.kill()


def check_programs(checks, build, folder):
    """The README's programs, against the library of this build."""
    for number, text in enumerate(fences("cpp"), 1):
        source, program = folder / f"program{number}.cpp", folder / f"program{number}"
        source.write_text(text, encoding="utf-8")
        problem = run(["g++", "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                       f"-I{TOP / 'include'}", source, "-o", program, f"-L{build / 'lib'}",
                       f"-Wl,-rpath,{build / 'lib'}", "-lconfab"])[1]
        checks.check(f"program {number} compiles", problem)
        if not problem:
            checks.check(f"program {number} runs", run([program])[1])


def check_packages(checks, folder):
    """The library's own packages are enough to configure the example: those of a server
    are hidden."""
    hidden = [f"-DCMAKE_DISABLE_FIND_PACKAGE_{name}=ON"
              for name in ("OpenSSL", "tomlplusplus", "CLI11", "spdlog", "Catch2", "PkgConfig")]
    text, problem = run(["cmake", "--preset", "release", "-DCONFAB_BUILD_TESTS=OFF",
                         "-B", folder / "bare", *hidden], cwd=TOP)
    checks.check("it can be configured without a server's packages", problem)
    problem = problem or run(["ninja", "-C", folder / "bare", "-n", "chat_server"])[1]
    checks.check("and the example is there", problem)
    checks.check("and it says what is missing", "" if "no confabd" in text else text)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    checks = Checks()
    for text in fences("sh", "build"):
        # Not the option by which a stranger leaves out the tests: this tree is being tested.
        command = text.replace(" -DCONFAB_BUILD_TESTS=OFF", "")
        checks.check("the README's build", run(["bash", "-euc", command], cwd=TOP)[1])
    if checks.failed == 0:
        check_example(checks, fences("sh", "run")[0])
    with tempfile.TemporaryDirectory() as folder:
        check_programs(checks, build, pathlib.Path(folder))
        check_packages(checks, pathlib.Path(folder))
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
