#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The suite `purity`: the library does no I/O and holds no state of its own.

usage: purity.py libconfab.so libconfab.a

No symbol is needed from outside but those in allowed.txt; no object has writable data, thread-local
data or code that runs at load time. That the allowed functions are used well is not judged here.
"""
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from checks import Checks, output  # noqa: E402

# Sections that may hold bytes: everything else that is writable or runs by itself is state.
STATE = re.compile(r"\.(bss|data|tbss|tdata|init_array|fini_array|ctors|dtors)(\..*)?")
READ_ONLY_AFTER_LOADING = re.compile(r"\.data\.rel\.(ro|local\.DW\.ref)(\..*)?")
HINT = ". (gcc 12 makes `constexpr std::array x{...}` writable where the type is deduced; name it.)"
# What must never be allowed, whatever allowed.txt comes to say.
NEVER = ["socket", "open", "fopen", "read", "write", "printf", "snprintf", "fwrite", "stdout",
         "time",
         "clock_gettime", "pthread_create", "pthread_mutex_lock", "getenv", "rand", "getrandom",
         "getaddrinfo", "setlocale", "dlopen", "abort", "exit", "std::cout",
         "std::locale::locale()",
         "std::random_device::_M_getval()", "std::chrono::_V2::steady_clock::now()",
         "std::thread::_M_start_thread(std::unique_ptr<std::thread::_State, "
         "std::default_delete<std::thread::_State> >, void (*)())"]


def read_allowed(path):
    """(pattern, regular expression) of each line; a group without a reason is an error."""
    allowed = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            if not re.fullmatch(r"\[[^\]]+\] \S.*", line):
                sys.exit(f"{path}: a group without a reason: {line}")
        elif line.strip() and not line.startswith("#"):
            parts = re.split(r"(\\\*|\*)", line.strip())
            pattern = "".join(".*" if part == "*" else re.escape("*" if part == r"\*" else part)
                              for part in parts)
            allowed.append((line.strip(), re.compile(pattern)))
    return allowed


def demangle(names):
    """The names as people write them, without symbol versions."""
    text = "\n".join(name.split("@")[0] for name in names)
    done = subprocess.run(["c++filt"], input=text, stdout=subprocess.PIPE, text=True, check=True)
    return set(done.stdout.splitlines())


def symbols(command):
    """The last words of nm's lines."""
    return {line.split()[-1] for line in output(command).splitlines()
            if line.split() and not line.endswith(":")}


def needed(library):
    """The names that a library needs and does not define itself."""
    dynamic = ["-D"] if library.suffix != ".a" else []
    undefined = symbols(["nm", *dynamic, "--undefined-only", library])
    return demangle(undefined - symbols(["nm", *dynamic, "--defined-only", library]))


def state(archive):
    """"OBJECT: SECTION" of every section that is state."""
    found, member = [], ""
    for line in output(["readelf", "--wide", "--sections", archive]).splitlines():
        if line.startswith("File: "):
            member = line.split("(")[-1].rstrip(")")
        columns = re.match(r"\s*\[\s*\d+\] (\.\S+)\s+\S+\s+[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+)", line)
        if columns and int(columns[2], 16) > 0 and STATE.fullmatch(columns[1]) \
                and not READ_ONLY_AFTER_LOADING.fullmatch(columns[1]):
            found.append(f"{member}: {columns[1]}")
    return found


def main():
    checks = Checks()
    allowed = read_allowed(HERE / "allowed.txt")
    for name in NEVER:
        by = [pattern for pattern, expression in allowed if expression.fullmatch(name)]
        checks.check(f"{name} is not allowed", f"by {', '.join(by)}" if by else "")
    for library in (pathlib.Path(argument) for argument in sys.argv[1:]):
        found = needed(library)
        checks.check(f"{library.name} has a list of symbols", "" if found else "none")
        for name in sorted(found):
            is_allowed = any(expression.fullmatch(name) for _, expression in allowed)
            checks.check(f"{library.name}: {name}", "" if is_allowed else
                         "is not in tests/purity/allowed.txt")
        if library.suffix == ".a":
            members = state(library)
            checks.check(f"{library.name} holds no state", f"{', '.join(members)}{HINT}"
                         if members else "")
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
