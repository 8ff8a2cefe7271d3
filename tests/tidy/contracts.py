# SPDX-License-Identifier: MIT
"""The contract lines of the public headers: that each function has one, and that it is true.

What [call: ...] says is compared with the first parameter and with the guard that the function's
body in lib/abi uses; [since: ...] with lib/confab.symbols.
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import public_headers  # noqa: E402

LINE = re.compile(r"\[call: (anywhere|outside-hook|inside-hook|const)\] \[emits: (yes|no)\] "
                  r"\[allocs: (yes|no)\] \[since: (\d+\.\d+)\]")
GUARD = re.compile(r"\bguard_(drive|submit|const|hook)\b")
# These are legal on a poisoned engine, which the guards are not; they check for themselves.
UNGUARDED = {"confab_engine_destroy", "confab_engine_last_error"}
GUARD_OF_CALL = {"outside-hook": "drive", "anywhere": "submit", "inside-hook": "hook",
                 "const": "const"}


def contract_of(function):
    """The four values of a function's contract line, or None."""
    lines = function.comment.rstrip("*/ \n").splitlines()
    found = LINE.fullmatch(lines[-1].strip().lstrip("*").strip()) if lines else None
    return found.groups() if found else None


def takes(function, type_name):
    """Whether the first parameter is a pointer to this type."""
    return bool(function.parameters) and bool(
        re.match(rf"{type_name} \*\s*\w*$", function.parameters[0]))


def problem_of(function, guards, since_of):
    """What is wrong with one function's contract, or ""."""
    contract = contract_of(function)
    if contract is None:
        return "the comment before it does not end with [call: ...] [emits: ...] [allocs: ...] " \
               "[since: x.y]"
    call, emits, _, since = contract
    has_const_engine = takes(function, "const confab_engine")
    has_engine = has_const_engine or takes(function, "confab_engine")
    if has_const_engine and call != "const":
        return f"takes a const engine, but says [call: {call}]"
    if call == "const" and has_engine and not has_const_engine:
        return "says [call: const], but takes an engine that is not const"
    if call == "const" and emits == "yes":
        return "says [call: const] and [emits: yes]"
    if since != since_of.get(function.name):
        return f"says [since: {since}], but confab.symbols says {since_of.get(function.name)}"
    if function.name not in guards:
        return "has no body in lib/abi"
    used = guards[function.name]
    wanted = GUARD_OF_CALL[call]
    # A guard returns a status: what returns something else, or has no engine, can do without.
    free = (function.returns != "confab_status" and call in ("const", "inside-hook")) \
        or (not has_engine and call in ("anywhere", "const")) or function.name in UNGUARDED
    if used != {wanted} and not (free and used <= {wanted}):
        return f"says [call: {call}], so its body needs guard_{wanted} and no other, " \
               f"but has {sorted(used) or 'none'}"
    return ""


def guards_of(file):
    """{function: guards} of one file; what a helper in the file uses counts for its callers."""
    bodies = {function.name: function.body for function in file.functions()}

    def used(name, seen):
        called = set(re.findall(r"\b(\w+)\s*\(", bodies[name])) & bodies.keys() - seen
        return set(GUARD.findall(bodies[name])).union(
            *(used(other, seen | called) for other in called))

    return {name: used(name, {name}) for name in bodies}


def check(tree):
    """(path, line, problem) of every contract that is missing or untrue."""
    functions = []
    for file in tree.sources("include"):
        if file.path.endswith(".h"):
            functions.extend(public_headers.functions_of(file.path, file.text))
    guards = {}
    for file in tree.sources("lib/abi"):
        guards.update(guards_of(file))
    listed = tree.top / "lib" / "confab.symbols"
    if not listed.exists():
        yield "lib/confab.symbols", 1, "is missing"
        return
    since_of = {symbol.name: symbol.since for symbol in public_headers.symbols(listed)}
    for function in functions:
        problem = problem_of(function, guards, since_of)
        if problem:
            yield function.path, function.line, f"{function.name}: {problem}"
