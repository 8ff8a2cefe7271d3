#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Keeps the code that README files show the same as the code that is compiled.

usage: readme_snippets.py [--programs FOLDER] [FILE.md...]

A fence that names a file after its language, ```c examples/hello/hello.c, has to be that file or
some whole lines of it that follow each other. One that names a program, ```text output of hello,
has to be what FOLDER/hello prints; without --programs those are not run. Local links have to lead
somewhere. Paths count from the top of the tree for fences, from the README's folder for links.
"""
import argparse
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from checks import Checks  # noqa: E402

TOP = HERE.parents[1]
FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```[ ]*$", re.M | re.S)
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s#]+)(#[^)]*)?\)")
OUTPUT = "output of "


def excerpt_problem(text, path):
    """What is wrong with a fence that shows (a part of) this file."""
    if not path.is_file():
        return f"{path} does not exist"
    shown, whole = text.splitlines(), path.read_text(encoding="utf-8").splitlines()
    if not shown:
        return "shows nothing"
    starts = range(len(whole) - len(shown) + 1)
    if any(whole[start:start + len(shown)] == shown for start in starts):
        return ""
    missing = next((line for line in shown if line not in whole), None)
    if missing is None:
        return f"its lines do not follow each other so in {path}"
    return f"{path} has no line {missing!r}"


def output_problem(text, program):
    """What is wrong with a fence that shows what this program prints."""
    if not program.is_file():
        return f"{program} does not exist"
    done = subprocess.run([program], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        return f"{program} ends with {done.returncode}: {done.stderr}"
    if done.stdout.splitlines() != text.splitlines():
        return f"{program} prints instead:\n{done.stdout}"
    return ""


def check_file(checks, readme, top, programs):
    """All fences and links of one file; returns how many fences were compared with something."""
    if not readme.is_file():
        checks.check(readme, "does not exist")
        return 0
    content = readme.read_text(encoding="utf-8")
    compared = 0
    for fence in FENCE.finditer(content):
        _, _, about = fence["info"].strip().partition(" ")
        if not about:
            continue
        name = f"{readme.name}:{content.count(chr(10), 0, fence.start()) + 1} {about}"
        if not about.startswith(OUTPUT):
            checks.check(name, excerpt_problem(fence["text"], top / about))
        elif programs:
            checks.check(name, output_problem(fence["text"], programs / about[len(OUTPUT):]))
        else:
            continue
        compared += 1
    for link in LINK.finditer(FENCE.sub("", content)):
        if "://" not in link["target"]:
            missing = not (readme.parent / link["target"]).exists()
            checks.check(f"{readme.name} links to {link['target']}",
                         "which does not exist" if missing else "")
    return compared


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=pathlib.Path)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    checks = Checks()
    compared = 0
    for readme in options.files or [TOP / "README.md", TOP / "examples/README.md"]:
        compared += check_file(checks, readme, TOP, options.programs)
    if not options.files:
        checks.check("a README shows code", "" if compared else "nothing was compared")
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
