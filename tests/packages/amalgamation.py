#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The library as confab.h and confab.cc: written, compiled and used like the library itself.

usage: amalgamation.py

With gcc and with clang, with warnings that the sources keep; then examples/hello, which has to
print what README.md shows of it, and amalgamated.c, which uses every protocol. No folder of confab
is on the include path, and nothing of confab is linked but confab.o.
"""
import concurrent.futures
import pathlib
import re
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from checks import Checks, run  # noqa: E402

TOP = HERE.parents[1]
PRINTS = """irc: 1
ircv3: 1
ircx: 1
mic: 1
service: 1
IRCX, answered: yes
MIC, answered: yes
#lobby: there
"""
COMPILERS = (("gcc", "g++"), ("clang", "clang++"))


def shown_output():
    """What README.md says that hello prints."""
    text = (TOP / "README.md").read_text(encoding="utf-8")
    return re.search(r"^```text output of hello\n(.*?)^```", text, re.M | re.S)[1]


def build_library(made, compiler):
    """Compiles confab.cc; returns the object and what went wrong."""
    made_object = made / f"confab-{compiler}.o"
    return made_object, run([compiler, "-std=c++20", "-O1", "-Wall", "-Wextra", "-Werror",
                             "-fvisibility=hidden", "-c", made / "confab.cc", "-o", made_object])[1]


def check_client(checks, made, compilers, library, source, prints):
    """A program on that object, compiled as C beside confab.h."""
    name = f"{source.stem} on the single source, {compilers[0]}"
    folder, program = made / f"client-{compilers[0]}", made / f"{source.stem}-{compilers[0]}"
    (folder / "confab").mkdir(parents=True, exist_ok=True)
    shutil.copy(made / "confab.h", folder / "confab/confab.h")  # hello says <confab/confab.h>
    problem = run([compilers[0], "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I",
                   folder, source, library, "-lstdc++", "-lm", "-o",
                   program])[1]
    checks.check(f"{name}: builds", problem)
    if not problem:
        text, problem = run([program])
        if not problem and text != prints:
            problem = f"prints:\n{text}"
        checks.check(f"{name}: prints what it should", problem)


def check_exports(checks, compiler, library):
    """Nothing that the object defines for others can clash with the program."""
    text, problem = run(["nm", "--defined-only", "--extern-only", library])
    strangers = [words[2] for words in map(str.split, text.splitlines())
                 if len(words) == 3 and words[1] in "TDBR"
                 and not re.match(r"confab_|_Z(T[ISV])?NK?6confab", words[2])]
    checks.check(f"confab.o of {compiler} defines names of confab only",
                 problem or ", ".join(strangers[:5]))


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="confab-amalgamation-") as name:
        made = pathlib.Path(name)
        script = [sys.executable, TOP / "lib/cmake/amalgamate.py", "--output"]
        problem = run([*script, made])[1]
        checks.check("is written", problem)
        if problem:
            return checks.finish()
        run([*script, made / "again"])
        same = all((made / file).read_bytes() == (made / "again" / file).read_bytes()
                   for file in ("confab.h", "confab.cc"))
        checks.check("is the same each time", "" if same else "it differs")
        text = (made / "confab.cc").read_text(encoding="utf-8")
        local = re.findall(r'^\s*#\s*include\s*"(?!confab\.h")[^"]*"', text, re.M)
        checks.check("includes no other file of confab", ", ".join(local))
        with concurrent.futures.ThreadPoolExecutor() as pool:
            built = pool.map(lambda pair: build_library(made, pair[1]), COMPILERS)
            for compilers, (library, problem) in zip(COMPILERS, built):
                checks.check(f"confab.cc compiles with {compilers[1]}", problem)
                if not problem:
                    check_exports(checks, compilers[1], library)
                    check_client(checks, made, compilers, library,
                                 TOP / "examples/hello/hello.c", shown_output())
                    check_client(checks, made, compilers, library, HERE / "amalgamated.c", PRINTS)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
