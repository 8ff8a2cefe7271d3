#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The suite `abi`: what a program that links confab relies on, judged from outside.

usage: abi.py --library libconfab.so --archive libconfab.a --build BUILD-FOLDER
       abi.py --update      accept the layout of the headers as they are (writes layout.txt)

Headers compile alone; symbols are those listed; layouts are those agreed; the library names itself
and its needs rightly; an outside project builds against an installed and moved copy. What the
functions do is not tested here.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import layout  # noqa: E402
import outside  # noqa: E402
import public_headers  # noqa: E402
from checks import Checks, output, run  # noqa: E402

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
DIALECTS = [("gcc", "c", "c11"), ("gcc", "c", "c17"), ("clang", "c", "c11"), ("clang", "c", "c17"),
            ("g++", "c++", "c++20"), ("clang++", "c++", "c++20")]
OF_RUNTIME = re.compile(r"_Z(GV|T[ISVT])?Z?N?K?S[tabsiod]|DW\.ref")
NEEDED = re.compile(r"lib(stdc\+\+|m|gcc_s|c)\.so\.\d+|ld-linux\S*")


def compile_only(compiler, language, standard, source, extra=()):
    """"" or what the compiler says about a source text."""
    return run([compiler, "-x", language, f"-std={standard}", *WARNINGS, *extra, "-I",
                public_headers.INCLUDE.parent, "-fsyntax-only", "-"], input=source)[1]


def abi_major():
    """CONFAB_ABI_MAJOR of version.h."""
    text = (public_headers.INCLUDE / "version.h").read_text(encoding="utf-8")
    return int(re.search(r"^#define CONFAB_ABI_MAJOR (\d+)$", text, re.M)[1])


def check_headers(checks):
    """Each header, alone and twice, in every dialect."""
    work = []
    for path in sorted(public_headers.INCLUDE.rglob("*.h*")):
        name = path.relative_to(public_headers.INCLUDE.parent)
        source = f"#include <{name}>\n" * 2 + "typedef int not_empty;\n"
        work.extend((name, dialect, source) for dialect in DIALECTS
                    if path.suffix == ".h" or dialect[1] == "c++")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        problems = pool.map(lambda job: compile_only(*job[1], job[2]), work)
        for (name, (compiler, _, standard), _), problem in zip(work, problems):
            checks.check(f"{name} alone with {compiler} -std={standard}", problem)


def check_umbrellas(checks):
    """confab.h includes every other C header, and confab.hpp everything of C++."""
    include = public_headers.INCLUDE
    for umbrella, pattern, also in (("confab.h", "*.h", []),
                                    ("confab.hpp", "cpp/*.hpp", ["confab.h"])):
        text = (include / umbrella).read_text(encoding="utf-8")
        included = re.findall(r"#include <confab/([\w/]+\.hp*)>", text)
        there = {path.relative_to(include).as_posix() for path in include.glob(pattern)}
        checks.equal(f"{umbrella} includes every header", included, there - {umbrella} | set(also))


# Const functions that are no business of a plugin: they belong to making and driving engines.
NOT_FOR_PLUGINS = {"confab_api_table", "confab_conn_input_wanted", "confab_conn_options_defaults",
                   "confab_conn_output", "confab_engine_create", "confab_engine_deadline",
                   "confab_engine_last_error", "confab_engine_options_defaults",
                   "confab_host_defaults", "confab_plugin_check", "confab_plugin_settings_check",
                   "confab_user_options_defaults"}


def check_api_table(checks):
    """Plugins get every function but those that drive, in the table, by its name and its type."""
    declared = {function.name: function for function in public_headers.functions()}
    drives = {name for name, function in declared.items()
              if "[call: outside-hook]" in function.comment}
    wanted = declared.keys() - drives - NOT_FOR_PLUGINS
    text = (public_headers.INCLUDE / "api.h").read_text(encoding="utf-8")
    members = re.findall(r"\(CONFAB_CALL \*(\w+)\)", text)
    checks.equal("api.h has every function for plugins", [f"confab_{m}" for m in members], wanted)
    named = re.findall(r"^#define (confab_\w+) confab_named_api\(\)->(\w+)$",
                       (public_headers.INCLUDE / "plugin/names.h").read_text(encoding="utf-8"),
                       re.M)
    checks.equal("plugin/names.h has every function of api.h", [name for name, _ in named], wanted)
    wrong = [name for name, member in named if name != f"confab_{member}"]
    checks.check("plugin/names.h names each as it is", ", ".join(wrong))
    filled = (public_headers.INCLUDE.parents[1] / "lib/abi/api.cpp").read_text(encoding="utf-8")
    order = re.findall(r"^    confab_(\w+),$", filled, re.M)
    same = order == members
    checks.check("the table is filled in the order of api.h", "" if same else "it is not")


def defined_symbols(library):
    """The dynamic symbols that a library defines, as nm prints them."""
    return output(["nm", "-D", "--defined-only", library])


def check_shared_symbols(checks, library):
    """The dynamic symbols are those of the list, and those the headers declare."""
    listed = [symbol.name for symbol in public_headers.symbols() if symbol.removed == "-"]
    declared = [function.name for function in public_headers.functions()]
    rows = [line.split() for line in defined_symbols(library).splitlines()]
    exported = [row[2].split("@")[0] for row in rows if row[1] != "A"]
    twice = sorted({name for name in listed if listed.count(name) > 1})
    checks.check("no symbol is listed twice", ", ".join(twice))
    checks.equal("the library exports what confab.symbols lists", exported, listed)
    checks.equal("the headers declare what confab.symbols lists", declared, listed)
    return set(listed)


def check_archive_symbols(checks, archive, listed):
    """What the static library shows to a program beside the listed symbols is the C++ runtime's."""
    strangers = set()
    for line in output(["readelf", "--wide", "--syms", archive]).splitlines():
        columns = line.split()
        if len(columns) < 8 or columns[4] not in ("GLOBAL", "WEAK", "UNIQUE"):
            continue
        name, visible, defined = columns[7], columns[5] == "DEFAULT", columns[6] != "UND"
        of_runtime = columns[4] != "GLOBAL" and OF_RUNTIME.match(name)
        if visible and defined and name not in listed and not of_runtime:
            strangers.add(name)
    checks.check("the archive shows only listed symbols", ", ".join(sorted(strangers)))


def check_dynamic_section(checks, library):
    """SONAME, needed libraries and hardening."""
    major = abi_major()
    text = output(["readelf", "--wide", "--dynamic", "--program-headers", library])
    soname = re.findall(r"\(SONAME\).*\[(.*)\]", text)
    right = soname == [f"libconfab.so.{major}"]
    checks.check("SONAME is the ABI major", "" if right else str(soname))
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", text)
    strangers = [name for name in needed if not NEEDED.fullmatch(name)]
    checks.check("needs the C and C++ runtimes only", ", ".join(strangers))
    checks.check("is bound at load time", "" if "BIND_NOW" in text else text)
    checks.check("has read-only relocations", "" if "GNU_RELRO" in text else text)
    checks.check("has no executable stack", "" if re.search(r"GNU_STACK.* RW ", text) else text)
    checks.check("can be opened by dlopen", text if "NOOPEN" in text else "")
    names = {word.split("@@")[1] for word in defined_symbols(library).split() if "@@" in word}
    checks.check("symbol version", "" if names == {f"CONFAB_{major}"} else str(names))


def check_layout(checks):
    """Structs and constants are what was agreed; nothing public is missing from the agreement."""
    structs, values = layout.read(layout.EXPECTED.read_text(encoding="utf-8"))
    now_structs, now_values = layout.measure(public_headers.INCLUDE)
    checks.check("structs and constants are found", "" if now_structs and now_values else "none")
    update = "; if the change is meant, run tests/abi/abi.py --update"
    for name in sorted(structs.keys() | now_structs.keys()):
        agreed, found = structs.get(name), now_structs.get(name)
        checks.check(f"layout of {name}",
                     "" if agreed == found else f"agreed {agreed}, found {found}{update}")
    for name in sorted(values.keys() | now_values.keys()):
        agreed, found = values.get(name), now_values.get(name)
        checks.check(f"value of {name}",
                     "" if agreed == found else f"agreed {agreed}, found {found}{update}")
    source = layout.c_source(public_headers.INCLUDE, structs, values)
    for compiler, language, standard in DIALECTS:
        checks.check(f"layout asserts with {compiler} -std={standard}",
                     compile_only(compiler, language, standard, source))


def check_first_members(checks):
    """A struct is one of the frozen ones, or begins with its size so that it can grow."""
    frozen = {"confab_str", "confab_slice", "confab_allocator", "confab_setting",
              "confab_setting_value", "confab_problem"}
    structs, _ = layout.measure(public_headers.INCLUDE)
    for name, (_, members) in sorted(structs.items()):
        first = members[0][0] if members else "nothing"
        grows = first == "struct_size" or (name.startswith("confab_event_") and first == "head")
        checks.check(f"{name} can grow or is frozen",
                     "" if grows or name in frozen else f"begins with {first}")


def update():
    """Agrees to the layout as it is; once the ABI is frozen, only to growth."""
    found = layout.measure(public_headers.INCLUDE)
    if layout.EXPECTED.exists():
        broken = layout.breaks(layout.read(layout.EXPECTED.read_text(encoding="utf-8")), found)
        for name in broken:
            print(f"breaks the ABI: {name}")
        if broken and abi_major() > 0:
            print("refused: the ABI is frozen; a break needs a new CONFAB_ABI_MAJOR and layout.txt")
            return 1
    layout.EXPECTED.write_text(layout.write(*found), encoding="utf-8")
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--library", type=pathlib.Path)
    parser.add_argument("--archive", type=pathlib.Path)
    parser.add_argument("--build", type=pathlib.Path)
    options = parser.parse_args()
    if options.update:
        return update()
    if not (options.library and options.archive and options.build):
        parser.error("--library, --archive and --build are needed")
    checks = Checks()
    check_headers(checks)
    check_umbrellas(checks)
    listed = check_shared_symbols(checks, options.library)
    check_archive_symbols(checks, options.archive, listed)
    check_dynamic_section(checks, options.library)
    check_api_table(checks)
    check_layout(checks)
    check_first_members(checks)
    with tempfile.TemporaryDirectory(prefix="confab-abi-") as folder:
        outside.check(checks, options.build, pathlib.Path(folder))
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
