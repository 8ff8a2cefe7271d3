#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes bindings/api.json: all that a binding needs to know of the public headers, as data.

usage: make_api.py [--check]

With --check nothing is written: it fails when the file is not what the headers say now. Types,
sizes, offsets and values are what libclang (Debian: python3-clang-14) makes of the headers on a
64-bit machine; the texts are the headers' comments. README.md beside this describes the file.
"""
import argparse
import json
import os
import pathlib
import re
import sys

import clang.cindex
from clang.cindex import CursorKind, TokenKind, TypeKind

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parent / "include"
API = HERE / "api.json"

CONTRACT = re.compile(r"\s*\[call: ([a-z-]+)\]\s*\[emits: (yes|no)\]\s*\[allocs: (yes|no)\]"
                      r"\s*\[since: ([0-9.]+)\]\s*$")
NUMBER = re.compile(r"\(?(-?(?:0x[0-9a-fA-F]+|\d+))[uUlL]*\)?")


class HeaderError(Exception):
    """The headers say something that the file cannot hold."""


def plain(comment):
    """The words of a comment: without its marks, lines joined, paragraphs and lists kept."""
    lines = [re.sub(r"^\s*\*? ?", "", line).rstrip()
             for line in comment.strip()[2:-2].split("\n")]
    text = ""
    for line in lines:
        keep = not line.strip() or re.match(r"\s|- ", line)
        if not text or not line.strip():
            text += line.strip() if not text else "\n"
        else:
            text += ("\n" if keep or text.endswith("\n") else " ") + line
    return re.sub(r"\n{3,}", "\n\n", text).strip()


class Comments:
    """The comments of one header, by the lines that they begin and end on."""

    def __init__(self, unit, path):
        lines = path.read_text(encoding="utf-8").split("\n")
        self.ends_before = {}  # {line behind an own-line comment: text}
        self.begins = {}       # {line: [(column, text)]} of those behind code
        self.first = ""
        whole = unit.get_extent(str(path), ((1, 1), (len(lines) + 1, 1)))
        for token in unit.get_tokens(extent=whole):
            if token.kind != TokenKind.COMMENT:
                continue
            start, end = token.extent.start, token.extent.end
            text = plain(token.spelling)
            self.first = self.first or text
            if not lines[start.line - 1][:start.column - 1].strip():
                self.ends_before[end.line + 1] = text
            else:
                self.begins.setdefault(start.line, []).append((start.column, text))

    def of(self, cursor):
        """What is said of a declaration: above it, and behind it on its last line."""
        end = cursor.extent.end
        parts = [self.ends_before.get(cursor.extent.start.line, "")]
        parts += [text for column, text in self.begins.get(end.line, ())
                  if column >= end.column][:1]
        return "\n".join(part for part in parts if part)


def spelled(clang_type):
    """A type as a binding writes it: `const confab_str *`, `uint64_t[20]`."""
    return re.sub(r"\b(struct|union|enum) ", "", clang_type.spelling).replace(" [", "[")


def callback(cursor, clang_type):
    """The signature of a pointer to a function, or None."""
    canonical = clang_type.get_canonical()
    if canonical.kind != TypeKind.POINTER or \
            canonical.get_pointee().kind != TypeKind.FUNCTIONPROTO:
        return None
    function = clang_type.get_pointee()
    names = [child.spelling for child in cursor.get_children()
             if child.kind == CursorKind.PARM_DECL]
    types = [spelled(argument) for argument in function.argument_types()]
    return {"returns": spelled(function.get_result()),
            "parameters": [{"name": name, "type": kind} for name, kind in zip(names, types)]}


def function_of(cursor, doc):
    """A function that is declared, or is inline."""
    contract = CONTRACT.search(doc)
    made = {"name": cursor.spelling, "returns": spelled(cursor.result_type),
            "parameters": [{"name": child.spelling, "type": spelled(child.type)}
                           for child in cursor.get_arguments()]}
    if contract:
        made.update(zip(("call", "emits", "allocs", "since"), contract.groups()))
        made["emits"], made["allocs"] = made["emits"] == "yes", made["allocs"] == "yes"
        doc = doc[:contract.start()]
        made["errors"] = sorted({f"CONFAB_{word}" for word in re.findall(r"\bERR_[A-Z_]+\b", doc)})
    made["doc"] = doc.strip()
    return made


def struct_of(cursor, comments, fields):
    """A struct with its members; one that is only named is opaque."""
    made = {"name": cursor.spelling, "doc": comments.of(cursor)}
    definition = cursor.get_definition()
    if definition is None:
        return {**made, "opaque": True}
    made.update(size=definition.type.get_size(), align=definition.type.get_align(), members=[])
    for member in definition.get_children():
        if member.kind != CursorKind.FIELD_DECL:
            continue
        doc = comments.of(member)
        entry = {"name": member.spelling, "type": spelled(member.type),
                 "offset": definition.type.get_offset(member.spelling) // 8,
                 "size": member.type.get_size()}
        signature = callback(member, member.type)
        if signature:
            entry.update(type="callback", callback=signature)
        if "[set]" in doc:
            name = f"CONFAB_FIELD_{member.spelling.upper()}"
            if name not in fields:
                raise HeaderError(f"{made['name']}.{member.spelling}: [set], but no {name}")
            entry["set"] = name
            doc = doc.replace("[set]", "").strip()
        constants = re.search(r"\bCONFAB_[A-Z]+(?:_[A-Z]+)*_\*", doc)
        if constants:
            entry["constants"] = constants.group()
        made["members"].append({**entry, "doc": doc})
    made["growable"] = bool(made["members"]) and (
        made["members"][0]["name"] == "struct_size" or made["members"][0]["type"] == "confab_event")
    return made


def event_structs(api):
    """Which struct an event of each core type is: by its name, or by the words beside its head."""
    structs = {struct["name"]: struct for struct in api["structs"]}
    heads = {word: name for name, struct in structs.items() for member in struct.get("members", [])
             if member["name"] == "head" for word in re.findall(r"\b[A-Z_]{4,}\b", member["doc"])}
    types = next(enum for enum in api["enums"]
                 if any(value["name"] == "CONFAB_EVENT_NONE" for value in enum["constants"]))
    for constant in types["constants"]:
        word = constant["name"].removeprefix("CONFAB_EVENT_")
        if word in ("NONE", "TYPE_END"):
            continue
        name = heads.get(word, f"confab_event_{word.lower()}")
        if name not in structs:
            raise HeaderError(f"{constant['name']}: there is no struct {name}")
        yield {"name": word.lower(), "type": constant["name"], "value": constant["value"],
               "struct": name, "doc": constant["doc"]}


class Reader:
    """Walks what the headers declare, in the order of the headers and of their lines."""

    def __init__(self):
        self.headers = sorted((INCLUDE / "confab").glob("*.h"))
        source = "".join(f"#include <confab/{path.name}>\n" for path in self.headers)
        self.unit = clang.cindex.Index.create().parse(
            "all.c", args=["-x", "c", "-std=c11", "-target", "x86_64-linux-gnu", f"-I{INCLUDE}"],
            unsaved_files=[("all.c", source)],
            options=clang.cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
        problems = [str(problem) for problem in self.unit.diagnostics]
        if problems:
            raise HeaderError("\n".join(problems))
        self.api = {"format": 1, "headers": [], "macros": [], "typedefs": [], "enums": [],
                    "structs": [], "functions": [], "inlines": []}

    def read(self):
        """The whole file as an object."""
        cursors = {path.name: [] for path in self.headers}
        for cursor in self.unit.cursor.get_children():
            file = cursor.location.file
            if file and pathlib.Path(file.name).parent == INCLUDE / "confab":
                cursors[pathlib.Path(file.name).name].append(cursor)
        self.fields = {child.spelling for found in cursors.values() for cursor in found
                       if cursor.kind == CursorKind.ENUM_DECL for child in cursor.get_children()}
        self.defined = {cursor.spelling for found in cursors.values() for cursor in found
                        if cursor.kind == CursorKind.STRUCT_DECL and cursor.is_definition()}
        for path in self.headers:
            comments = Comments(self.unit, path)
            self.api["headers"].append({"name": f"confab/{path.name}", "doc": re.sub(
                r"^SPDX-License-Identifier: \S+\s*", "", comments.first)})
            for cursor in sorted(cursors[path.name], key=lambda found: found.extent.start.offset):
                self.take(cursor, comments, f"confab/{path.name}")
        self.api["events"] = list(event_structs(self.api))
        return self.api

    def take(self, cursor, comments, header):
        """Puts one declaration where it belongs."""
        kind, doc = cursor.kind, comments.of(cursor)
        if kind == CursorKind.MACRO_DEFINITION:
            self.take_macro(cursor, doc, header)
        elif kind == CursorKind.ENUM_DECL:
            values = [{"name": value.spelling, "value": value.enum_value,
                       "doc": comments.of(value)} for value in cursor.get_children()]
            names = [value["name"] for value in values]
            prefix = os.path.commonprefix(names if len(names) > 1 else [names[0], "CONFAB_"])
            self.api["enums"].append({"header": header, "doc": doc, "constants": values,
                                      "prefix": prefix[:prefix.rindex("_") + 1]})
        elif kind == CursorKind.STRUCT_DECL:
            if cursor.is_definition() or cursor.spelling not in self.defined | {
                    struct["name"] for struct in self.api["structs"]}:
                made = struct_of(cursor, comments, self.fields)
                self.api["structs"].append({**made, "header": header})
        elif kind == CursorKind.TYPEDEF_DECL:
            aliased = spelled(cursor.underlying_typedef_type)
            if aliased != cursor.spelling:
                self.api["typedefs"].append({"name": cursor.spelling, "type": aliased,
                                             "header": header, "doc": doc})
        elif kind == CursorKind.FUNCTION_DECL:
            inline = cursor.is_definition()
            self.api["inlines" if inline else "functions"].append(
                {**function_of(cursor, doc), "header": header})

    def take_macro(self, cursor, doc, header):
        """Macros that are numbers or texts; the others are the C compiler's business."""
        tokens = [token.spelling for token in cursor.get_tokens()][1:]
        text = "".join(token for token in tokens if not token.startswith("/*"))
        number = NUMBER.fullmatch(text)
        if number or text.startswith('"'):
            value = int(number[1], 0) if number else json.loads(text)
        elif text == "UINT64_MAX":
            value = 2**64 - 1
        else:
            return
        self.api["macros"].append({"name": cursor.spelling, "value": value, "header": header,
                                   "doc": doc})


def current_text():
    """What the file has to be."""
    return json.dumps(Reader().read(), indent=1, ensure_ascii=False) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true", help="fail if api.json is not current")
    arguments = parser.parse_args()
    text = current_text()
    if not arguments.check:
        API.write_text(text, encoding="utf-8")
        return 0
    current = API.exists() and API.read_text(encoding="utf-8") == text
    print("api.json is current" if current else
          "api.json is not what the headers say: run bindings/make_api.py")
    return 0 if current else 1


if __name__ == "__main__":
    sys.exit(main())
