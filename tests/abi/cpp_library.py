#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A C++ program, compiled with confab.hpp, meets another libconfab than its own: one minor older,
newer, one that lacks a function, none. Each ends in words that say what is wrong.

usage: cpp_library.py BUILD    (a build tree with the shared library)
"""
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "support"))

from checks import Checks  # noqa: E402
from stand_in import LAST, stand_in  # noqa: E402

PROGRAM = """
#include <confab/confab.hpp>
#include <cstdio>
int main() {
  try {
    confab::engine engine;
    (void)engine.visible(confab::user_id{}, confab::user_id{});
  } catch (const confab::other_library &error) {
    std::puts(error.what());
    return 2;
  } catch (const confab::error &error) {
    std::printf("ready, but %s\\n", error.what());
  }
  return 0;
}
"""


def compiled(build, folder):
    """The program, which looks for its library where LD_LIBRARY_PATH says."""
    source = folder / "program.cpp"
    source.write_text(PROGRAM)
    subprocess.run(["g++", "-std=c++20", "-Wall", "-Wextra", "-Werror", "-Wl,-z,now",
                    f"-I{TOP / 'include'}", "-o", folder / "program", source,
                    f"-L{build / 'lib'}", "-lconfab"], check=True)
    return folder / "program"


def said(program, folder):
    """The exit status, and everything it said."""
    done = subprocess.run([program], text=True, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT,
                          env={**os.environ, "LD_LIBRARY_PATH": str(folder)})
    return done.returncode, done.stdout


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    checks = Checks()
    with tempfile.TemporaryDirectory() as made:
        top = pathlib.Path(made)
        program = compiled(build, top)

        def check(name, folder, status, *words):
            ended, text = said(program, folder)
            lacking = [word for word in words if word not in text]
            checks.check(name, "" if ended == status and not lacking else f"{ended}: {text}")

        def other(name, minor, without=()):
            folder = top / name
            folder.mkdir()
            stand_in(build, folder, 0, minor, without)
            return folder

        check("the right one", build / "lib", 0, "ready")
        check("one minor older", other("older", 0), 2, "older", "0.0", "0.1")
        check("one minor newer", other("newer", 2), 2, "newer", "0.2", "0.1")
        check("older, and without a function", other("lacking", 0, (LAST,)), 127, LAST)
        (top / "empty").mkdir()
        check("missing", top / "empty", 127, "libconfab.so.0", "cannot open shared object file")
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
