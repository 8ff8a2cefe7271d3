#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Keeps the code that README files show the same as the code that is compiled.

usage: readme_snippets.py [--programs FOLDER] [FILE.md...]

A fence that names a file after its language, ```c examples/hello/hello.c, has to be that file or
some whole lines of it that follow each other. One that names a program, ```text output of hello,
has to be what FOLDER/hello prints. Others say how they are tried: ```sh run, ```sh served, ```toml
confabd, ```cmake project, ```c plugin, ```python run, ```text session (snippets_run.py). Without
--programs nothing is run. In the guides there is no other fence; those of the bindings' READMEs are
run by the suite bindings, and here only counted. Local links have to lead somewhere. Paths count
from the top of the tree for fences, from the README's folder for links.
"""
import argparse
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE)]

import snippets_run  # noqa: E402
from checks import Checks  # noqa: E402

TOP = HERE.parents[1]
FENCE = re.compile(r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=indent)```[ ]*$",
                   re.M | re.S)
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s#]+)(#[^)]*)?\)")
OUTPUT = "output of "
# Each snippet in these is tried.
GUIDES = [TOP / name for name in ("README.md", "examples/README.md", "examples/plugins/README.md",
                                  "examples/confabd/README.md", "bindings/README.md",
                                  "lib/README.md", "CONTRIBUTING.md")]
GUIDES += sorted(TOP.glob("examples/plugins/*/README.md"))
# What the suite bindings runs in these, in this order: another snippet would be run by nobody.
ELSEWHERE = {TOP / "bindings/cpp/README.md": ["sh packages", "sh build", "sh run"] + ["cpp"] * 3,
             TOP / "bindings/node/README.md": ["sh", "sh", "js"],
             TOP / "bindings/python/README.md": ["sh packages", "sh", "sh run", "python", "python"]}


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
    place = snippets_run.Place(programs) if programs else None
    if readme in ELSEWHERE:
        found = [fence["info"].strip() for fence in FENCE.finditer(content)]
        checks.check(f"{readme.parent.name}/{readme.name}", "" if found == ELSEWHERE[readme] else
                     f"has the snippets {found}, and {ELSEWHERE[readme]} are run")
    for fence in FENCE.finditer(content) if readme not in ELSEWHERE else ():
        kind = fence["info"].strip()
        about = kind.partition(" ")[2]
        where = f"{readme.parent.name}/{readme.name}"
        name = f"{where}:{content.count(chr(10), 0, fence.start()) + 1} {about}"
        text = re.sub(f"^{fence['indent']}", "", fence["text"], flags=re.M)
        if not about:
            if readme in GUIDES:
                checks.check(name, "nothing says how this snippet is tried")
            continue
        if kind in snippets_run.KINDS:
            if not place:
                continue
            checks.check(name, snippets_run.KINDS[kind](text, place))
        elif not about.startswith(OUTPUT):
            checks.check(name, excerpt_problem(text, top / about))
        elif programs:
            checks.check(name, output_problem(text, programs / about[len(OUTPUT):]))
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
    for readme in options.files or [*GUIDES, *ELSEWHERE]:
        compared += check_file(checks, readme, TOP, options.programs)
    if not options.files:
        checks.check("a README shows code", "" if compared else "nothing was compared")
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
