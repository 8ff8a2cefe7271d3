#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is built for users is hardened: the flags of OpenSSF's guide, and what came of them.

usage: hardening.py BUILD-FOLDER

All of that guide's list for GCC but -z nodlopen, which would keep Python and Node from loading the
library, -ftrivial-auto-var-init, which costs too much (target_options.cmake), and what GCC 12 does
not know. The flags are read from the build's list of commands, their
effects from the library, the server and a plugin.
"""
import json
import pathlib
import platform
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from checks import Checks, output  # noqa: E402

FLAGS = ["-Wall", "-Wextra", "-Wformat=2", "-Wconversion", "-Wimplicit-fallthrough", "-Werror",
         "-O2", "-D_FORTIFY_SOURCE=3", "-D_GLIBCXX_ASSERTIONS", "-fstack-clash-protection",
         "-fstack-protector-strong", "-fno-delete-null-pointer-checks", "-fno-strict-overflow",
         "-fno-strict-aliasing"]
FOR_MACHINE = {"x86_64": ["-fcf-protection=full"], "aarch64": ["-mbranch-protection=standard"]}
ONLY = {"-D_GLIBCXX_ASSERTIONS": (".cpp",)}


def check_flags(checks, build):
    """Each of our sources is compiled with each flag."""
    entries = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    shipped = [entry for entry in entries if re.search(r"/(lib|examples)/", entry["file"])]
    checks.check("there are commands", "" if shipped else "none")
    for flag in FLAGS + FOR_MACHINE.get(platform.machine(), []):
        without = [pathlib.Path(entry["file"]).name for entry in shipped
                   if flag not in entry["command"].split()
                   and entry["file"].endswith(ONLY.get(flag, (".c", ".cpp")))]
        checks.check(f"everything is compiled with {flag}", ", ".join(without[:5]))


def check_file(checks, path, program):
    """The effects in one linked file."""
    text = output(["readelf", "--wide", "--dynamic", "--program-headers", "--notes", "--symbols",
                   "--file-header", path])
    kind = re.search(r"^\s+Type:\s+(\w+)", text, re.M)[1]
    wanted = {
        "its place is random": kind == "DYN" and (not program or "PIE" in text),
        "it is bound at load time": "BIND_NOW" in text or "NOW" in text,
        "its relocations are read-only": "GNU_RELRO" in text,
        "its stack is not executable": re.search(r"GNU_STACK.*\bRW \s", text),
        "it can be opened at run time": "NODELETE" not in text and "NOOPEN" not in text,
        "it watches its stack": "__stack_chk_fail" in text,
        "it has no RUNPATH": program == "built" or "RUNPATH" not in text,
    }
    if platform.machine() == "x86_64":
        # By the instruction (endbr64): the file as a whole is marked only where the C runtime is.
        wanted["it marks where jumps may lead"] = path.read_bytes().count(b"\xf3\x0f\x1e\xfa") > 99
    for what, holds in wanted.items():
        checks.check(f"{path.name}: {what}", "" if holds else "it is not so")


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    checks = Checks()
    check_flags(checks, build)
    check_file(checks, build / "lib/libconfab.so", program="")
    check_file(checks, build / "plugins/profanity.so", program="")
    check_file(checks, build / "bin/confabd", program="built")
    fortified = output(["nm", "-D", "--undefined-only", build / "bin/confabd"])
    checks.check("confabd calls checked functions",
                 "" if re.search(r"__\w+_chk\b", fortified) else "none")
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
