#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Checks the data that bindings are made from: api.json is what the headers say and misses nothing,
and behaviours.json uses only the words that BEHAVIOURS.md explains.

Run by Debian's Python, for libclang (python3-clang-14) is there.
"""
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
BINDINGS = TOP / "bindings"
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "abi"), str(BINDINGS)]

import layout  # noqa: E402
import make_api  # noqa: E402
import public_headers  # noqa: E402
from checks import Checks  # noqa: E402


def check_api(checks, api):
    """Against the list of symbols, and what another compiler makes of the headers."""
    functions = {each["name"]: each for each in api["functions"]}
    checks.equal("functions", functions, [symbol.name for symbol in public_headers.symbols()])
    for name, function in functions.items():
        lacking = [word for word in ("call", "emits", "allocs", "since", "doc")
                   if function.get(word) is None]
        checks.check(f"{name}: contract", ", ".join(lacking))
    structs, values = layout.measure(make_api.INCLUDE / "confab")
    known = {each["name"]: each for each in api["structs"]}
    for name, (size, members) in structs.items():
        found = known.get(name, {})
        same = found.get("size") == size and members == [
            (each["name"], each["offset"], each["size"]) for each in found.get("members", [])]
        checks.check(f"{name}: layout", "" if same else "another compiler has another one")
    constants = {each["name"]: each["value"] for enum in api["enums"]
                 for each in enum["constants"]}
    checks.check("constants", "" if constants == values else
                 f"differ: {sorted(set(constants.items()) ^ set(values.items()))}")
    types = {each["name"] for each in api["structs"] + api["typedefs"]}
    types |= {"int32_t", "uint32_t", "int64_t", "uint64_t", "uint16_t", "int16_t", "uint8_t",
              "size_t", "char", "void", "double", "callback"}
    used = {member["type"] for struct in api["structs"] for member in struct.get("members", [])}
    used |= {each["type"] for function in api["functions"] for each in function["parameters"]}
    plain = {re.sub(r"\bconst\b|[*]|\[\d+\]", "", kind).strip() for kind in used}
    checks.equal("types", plain | types, types)


def words(text, heading):
    """The words in the first column of the tables under a heading of BEHAVIOURS.md."""
    part = text[text.index(f"\n## {heading}"):]
    part = part[:part.find("\n## ", 4)] if "\n## " in part[4:] else part
    found = re.findall(r'^\| `\{"(\w+)"', part, re.M) + re.findall(r"^\| `(\w+)` \|", part, re.M)
    return set(found) - {"do"}


def actions(behaviour):
    """All actions of a behaviour, those that resolve included."""
    for hook in behaviour.get("hooks", []) + behaviour.get("commands", []):
        yield from hook["does"]
    for step in behaviour["steps"]:
        if step["do"] == "hook":
            yield from step["hook"]["does"]
        elif step["do"] == "resolve":
            yield step["answer"]


def check_behaviours(checks, shared, manual):
    """Words that no runner could know."""
    names = [each["name"] for each in shared["behaviours"]]
    checks.check("format", "" if shared["format"] == 1 else "unknown")
    checks.check("names", "" if len(set(names)) == len(names) else "one is there twice")
    steps, known = words(manual, "Steps"), words(manual, "Hooks")
    for behaviour in shared["behaviours"]:
        strange = {step["do"] for step in behaviour["steps"]} - steps
        strange |= {next(iter(action)) for action in actions(behaviour)} - known
        checks.check(behaviour["name"], ", ".join(sorted(strange)))


def main():
    checks = Checks()
    text = make_api.API.read_text(encoding="utf-8")
    checks.check("api.json is current", "" if make_api.current_text() == text else
                 "it is not what the headers say: run bindings/make_api.py")
    check_api(checks, json.loads(text))
    check_behaviours(checks,
                     json.loads((BINDINGS / "behaviours.json").read_text(encoding="utf-8")),
                     (BINDINGS / "BEHAVIOURS.md").read_text(encoding="utf-8"))
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
