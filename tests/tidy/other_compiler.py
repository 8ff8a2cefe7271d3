#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The library and the examples compile without a warning with clang too.

usage: other_compiler.py BUILD-FOLDER

The builds use the machine's default compiler with warnings as errors; this compiles the same
sources with the same options, as that build lists them, with the other one. Nothing is linked
or run.
"""
import concurrent.futures
import json
import os
import pathlib
import shlex
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from checks import Checks, run  # noqa: E402

TOP = HERE.parents[1]


def command_for(entry, compiler, folder, number):
    """The entry's command with another compiler, without optimising, to another object."""
    words = shlex.split(entry["command"])
    while words and not words[0].startswith("-"):
        words.pop(0)
    kept = []
    while words:
        word = words.pop(0)
        if word in ("-o", "-MF", "-MT"):
            words.pop(0)
        elif word != "-MD" and not word.startswith(
                ("-O", "-D_FORTIFY_SOURCE", "-U_FORTIFY_SOURCE", "-fno-gnu-unique")):
            kept.append(word)
    cache = [shutil.which("ccache")] if shutil.which("ccache") else []
    return [*cache, compiler, *kept, "-O0", "-Werror", "-o", folder / f"{number}.o"]


def main():
    checks = Checks()
    listed = pathlib.Path(sys.argv[1]) / "compile_commands.json"
    wanted = [entry for entry in json.loads(listed.read_text(encoding="utf-8"))
              if entry["file"].startswith((f"{TOP}/lib/", f"{TOP}/examples/"))]
    with tempfile.TemporaryDirectory() as name, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        commands = [command_for(entry, "clang" if entry["file"].endswith(".c") else "clang++",
                                pathlib.Path(name), number) for number, entry in enumerate(wanted)]
        for entry, (_, problem) in zip(wanted, pool.map(run, commands)):
            checks.check(os.path.relpath(entry["file"], TOP), problem)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
