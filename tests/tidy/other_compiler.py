#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The library and the examples compile without a warning with clang too.

usage: other_compiler.py

The builds use the machine's default compiler with warnings as errors; this configures the release
preset for the other one, and compiles its sources with the options that it gets there, but for the
optimising. Nothing is linked or run.
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
    with tempfile.TemporaryDirectory() as name, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        _, problem = run(["cmake", "--preset", "release", "-S", TOP, "-B", name,
                          "-DCMAKE_C_COMPILER=clang", "-DCMAKE_CXX_COMPILER=clang++",
                          "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"], cwd=TOP)
        checks.check("it is configured for clang", problem)
        if problem:
            return checks.finish()
        listed = pathlib.Path(name, "compile_commands.json").read_text(encoding="utf-8")
        wanted = [entry for entry in json.loads(listed)
                  if entry["file"].startswith((f"{TOP}/lib/", f"{TOP}/examples/"))]
        commands = [command_for(entry, "clang" if entry["file"].endswith(".c") else "clang++",
                                pathlib.Path(name), number) for number, entry in enumerate(wanted)]
        for entry, (_, problem) in zip(wanted, pool.map(run, commands)):
            checks.check(os.path.relpath(entry["file"], TOP), problem)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
