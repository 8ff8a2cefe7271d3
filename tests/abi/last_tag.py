#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The ABI gate: this tree against the last tag v*, by abidiff and by a client of that tag.

usage: last_tag.py --library libconfab.so

abidiff compares what the exported functions and their types look like in debug information. It is
made from lib/abi alone, where every exported function is defined, so that neither tree has to be
built whole. What differs is judged by version.h's policy: within an ABI major nothing may break,
and what is added raises the minor; while the major is 0 a raised minor may break. Then programs
that were compiled with the tag's headers run on this library, as those of this tree always do.
Without a tag that is said, and the gate is shown to close on what it must.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from checks import Checks, run  # noqa: E402

TOP = HERE.parents[1]
CLIENTS = ("tests/abi/outside/main.c", "tests/abi/outside/main.cpp", "examples/hello/hello.c")
GATED = "hook.cpp"  # what the gate is tried with
CHANGED, INCOMPATIBLE = 4, 8  # abidiff's exit status is a set of bits; 1 and 2 are errors


def number(tree, name):
    """A number of version.h."""
    text = (tree / "include/confab/version.h").read_text(encoding="utf-8")
    return int(re.search(rf"^#define {name} (\d+)$", text, re.M)[1])


def describe(tree, folder, sources="*.cpp"):
    """A shared object with the exported functions of a tree and their debug information."""
    folder.mkdir()
    flags = ["-std=c++20", "-g", "-O0", "-fPIC", "-fvisibility=hidden", "-DCONFAB_BUILDING",
             "-DFMT_HEADER_ONLY", "-DFMT_STATIC_THOUSANDS_SEPARATOR=','", "-DFMT_USE_FLOAT=0",
             "-I", tree / "include", "-I", tree / "lib"]
    sources = sorted((tree / "lib/abi").glob(sources))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        problems = list(pool.map(lambda source: run(
            ["g++", *flags, "-c", source, "-o", folder / f"{source.stem}.o"])[1], sources))
    library = folder / "libconfab.so"
    listed = [line.split() for line in (tree / "lib/confab.symbols").read_text().splitlines()
              if line.strip() and not line.startswith("#")]
    names = "".join(f"    {words[0]};\n" for words in listed if words[3] == "-")
    node = f"CONFAB_{number(tree, 'CONFAB_ABI_MAJOR')}"
    (folder / "map").write_text(f"{node} {{\n  global:\n{names}  local:\n    *;\n}};\n")
    problem = "".join(problems) or run(
        ["g++", "-shared", f"-Wl,-soname,libconfab.so.{number(tree, 'CONFAB_ABI_MAJOR')}",
         f"-Wl,--version-script={folder / 'map'}", *folder.glob("*.o"), "-o", library])[1]
    return library, problem


def abidiff(old, new):
    """(exit status, report) for two (tree, library)."""
    done = subprocess.run(["abidiff", "--drop-private-types", "--no-show-locs",
                           "--hd1", old[0] / "include", "--hd2", new[0] / "include",
                           old[1], new[1]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    return done.returncode, done.stdout


def verdict(status, before, now):
    """What is wrong with a difference, for (major, minor) before and now."""
    if status & 3:
        return "abidiff failed"
    if now[0] != before[0]:
        return ""
    if status & INCOMPATIBLE and (now[0] > 0 or now[1] == before[1]):
        return "an incompatible change"
    if status & CHANGED and now[1] == before[1]:
        return "a change without a new CONFAB_ABI_MINOR"
    return ""


def check_verdicts(checks):
    """The policy, by its cases."""
    for status, before, now, fails in (
            (0, (0, 1), (0, 1), False), (4, (0, 1), (0, 1), True), (4, (0, 1), (0, 2), False),
            (12, (0, 1), (0, 1), True), (12, (0, 1), (0, 2), False), (12, (1, 0), (1, 1), True),
            (4, (1, 0), (1, 1), False), (12, (1, 3), (2, 0), False), (1, (1, 0), (1, 0), True)):
        checks.check(f"verdict on {status} from {before} to {now}",
                     "" if bool(verdict(status, before, now)) == fails else "is wrong")


def check_gate(checks, folder):
    """abidiff sees a member that grew in a tree, and a function that went; one source shows it."""
    library, problem = describe(TOP, folder / "part", GATED)
    checks.check("a part of lib/abi compiles", problem)
    for name, path, pattern, instead in (
            ("a member that changed its type", "include/confab/hook.h",
             r"^  uint32_t failures_max;", "  uint64_t failures_max;"),
            ("a function that went", "lib/confab.symbols", r"^confab_hook_remove .*\n", "")):
        tree = folder / name.split()[-1]
        tree.mkdir()
        for part in ("include", "lib"):
            run(["cp", "-r", TOP / part, tree / part])
        file = tree / path
        text = file.read_text(encoding="utf-8")
        changed = re.sub(pattern, instead, text, flags=re.M)
        file.write_text(changed, encoding="utf-8")
        other, problem = (describe(tree, tree / "made", GATED) if changed != text
                          else (None, "no change"))
        status, report = (0, "") if problem else abidiff((TOP, library), (tree, other))
        caught = status & (INCOMPATIBLE | CHANGED)
        checks.check(f"abidiff sees {name}", problem or ("" if caught else report or str(status)))


def check_clients(checks, name, tree, folder, described, library):
    """Programs that a tree's headers and symbols were compiled into run on this library."""
    folder.mkdir()
    for client in CLIENTS:
        program = folder / f"{client.replace('/', '-')}"
        compiler = ["gcc", "-std=c11"] if client.endswith(".c") else ["g++", "-std=c++20"]
        problem = run([*compiler, "-I", tree / "include", tree / client, described,
                       "-Wl,--allow-shlib-undefined", "-o", program])[1]
        text, problem = ("", problem) if problem else run(
            [program], env=dict(os.environ, LD_LIBRARY_PATH=str(library.parent)))
        checks.check(f"{client} of {name} runs on this library",
                     problem or ("" if text else "it prints nothing"))


def check_tag(checks, tag, new, folder, library):
    """This tree against the tag's."""
    tree = folder / "tag"
    tree.mkdir()
    archive = subprocess.run(["git", "-C", TOP, "archive", tag], check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", tree], input=archive.stdout, check=True)
    old_library, problem = describe(tree, tree / "made")
    checks.check(f"lib/abi of {tag} compiles", problem)
    if problem:
        return
    status, report = abidiff((tree, old_library), new)
    numbers = [tuple(number(each, f"CONFAB_ABI_{part}") for part in ("MAJOR", "MINOR"))
               for each in (tree, TOP)]
    wrong = verdict(status, *numbers)
    checks.check(f"the ABI of {tag} is kept", wrong and f"{wrong}\n{report}")
    if numbers[0][0] != numbers[1][0]:
        print(f"note: another ABI major than {tag}: its clients need not run")
        return
    check_clients(checks, tag, tree, tree / "clients", old_library, library)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--library", type=pathlib.Path, required=True)
    options = parser.parse_args()
    checks = Checks()
    check_verdicts(checks)
    with tempfile.TemporaryDirectory(prefix="confab-last-tag-") as name:
        folder = pathlib.Path(name)
        library, problem = describe(TOP, folder / "now")
        checks.check("lib/abi compiles", problem)
        if problem:
            return checks.finish()
        check_clients(checks, "this tree", TOP, folder / "clients", library,
                      options.library.resolve())
        new = (TOP, library)
        status, report = abidiff(new, new)
        checks.check("abidiff of a library with itself", report if status else "")
        check_gate(checks, folder)
        tag, none = run(["git", "-C", TOP, "describe", "--tags", "--abbrev=0", "--match", "v*"])
        if none:
            print("note: there is no tag v* here: the ABI is compared with nothing yet")
        else:
            check_tag(checks, tag.strip(), new, folder, options.library.resolve())
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
