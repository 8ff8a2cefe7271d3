#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the whole library as two files, confab.h and confab.cc, to be dropped into a program.

usage: amalgamate.py --output FOLDER [--fmt FOLDER-WITH-fmt/]

    c++ -std=c++20 -c confab.cc && cc program.c confab.o -lstdc++ -lm

confab.h is every public C header in the order of their includes; confab.cc is every source of lib/
with its headers, and fmt's headers, so that nothing but a compiler is needed. Sources of one
translation unit share their unnamed namespaces: a name that more than one of them has there, or
that is a header's enumerator, gets the source's number behind it. confab.h defines CONFAB_STATIC:
nothing is imported from a shared object.
"""
import argparse
import collections
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
LITERALS = re.compile(r"""//[^\n]*|/\*.*?\*/|R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"
                        | "(?:\\.|[^"\\\n])*" | (?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'""", re.S | re.X)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?P<name>["<][^">]+[">])[^\n]*$', re.M)
CONDITION = re.compile(r"^[ \t]*#[ \t]*(?P<word>if|ifdef|ifndef|endif)\b", re.M)
DECLARED = (
    re.compile(r"\b(?:struct|class|enum\s+class|enum|union|concept)\s+(\w+)\s*(?:final\s*)?"
               r"(?:[{=]|:(?!:)|$)"),
    re.compile(r"\busing\s+(\w+)\s*="),
    re.compile(r"(\w+)\s*(?:[({=\[]|$)"))
ENUMERATOR = re.compile(r"^[ \t]*(\w+)[ \t]*=(?!=)", re.M)
NOT_A_NAME = {"static_assert", "requires", "template", "noexcept", "decltype", "operator"}


def code_of(text):
    """The text with comments and literals blanked: the same length, the same lines."""
    return LITERALS.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def unnamed_bodies(code):
    """The (start, end) of what stands between the braces of each unnamed namespace."""
    for found in re.finditer(r"\bnamespace\s*\{", code):
        depth, end = 1, found.end()
        while depth and end < len(code):
            depth += (code[end] == "{") - (code[end] == "}")
            end += 1
        yield found.end(), end - 1


def own_names(text):
    """The names that a source declares in its unnamed namespaces."""
    code, names = code_of(text), set()
    for start, end in unnamed_bodies(code):
        depth, flat = 0, []
        for character in re.sub(r"^[ \t]*#[^\n]*", "", code[start:end], flags=re.M):
            if depth == 0 and character == "{":
                flat.append("{")
            depth += (character == "{") - (character == "}")
            if depth == 0:
                flat.append(";" if character == "}" else character)
        for declaration in "".join(flat).split(";"):
            found = next(filter(None, (pattern.search(declaration.strip())
                                       for pattern in DECLARED)), None)
            if found:
                names.add(found[1])
            names.update(re.findall(r",\s*(\w+)\s*=(?!=)", declaration))
    return {name for name in names - NOT_A_NAME if not name[0].isdigit()}


def rename(text, names, number):
    """The text with `name` as `name_number`, but for members of other things and literals."""
    if not names:
        return text
    code = code_of(text)
    wanted = re.compile(rf"(?<![\w.:>])(?<!->)({'|'.join(sorted(names))})\b")
    pieces, at = [], 0
    for found in wanted.finditer(code):
        pieces += [text[at:found.end()], f"_{number}"]
        at = found.end()
    return "".join(pieces) + text[at:]


class Writer:
    """Collects the text of one output file: each header once, the system's by their names."""

    def __init__(self, folders):
        self.folders = folders  # where headers may lie that are written out
        self.done = set()
        self.parts = []

    def find(self, spelling, beside):
        """The file that an #include means, or None for the system's."""
        name, quoted = spelling[1:-1], spelling[0] == '"'
        for folder in ([beside] if quoted else []) + self.folders:
            path = (folder / name).resolve()
            if path.is_file() and any(path.is_relative_to(top) for top in self.folders):
                return path
        if quoted:
            sys.exit(f"amalgamate: {spelling} is nowhere")
        return None

    def add(self, path, change=lambda text: text):
        """A file, its includes in their places."""
        self.done.add(path)
        text = path.read_text(encoding="utf-8")
        # What is included under a condition other than the guard may be needed again later.
        guard = 1 if re.match(r"\s*#\s*ifndef", code_of(text)) else 0
        at = 0
        for found in INCLUDE.finditer(text):
            conditions = [it["word"] for it in CONDITION.finditer(text, 0, found.start())]
            depth = len(conditions) - 2 * conditions.count("endif") - guard
            header = self.find(found["name"], path.parent)
            self.parts.append(change(text[at:found.start()]))
            if header is None:
                self.parts.append(found[0])
            elif header not in self.done:
                self.add(header)
                if depth > 0:
                    self.done.discard(header)
            at = found.end()
        self.parts.append(change(text[at:]).rstrip("\n") + "\n")

    def text(self):
        """What was collected; what only makes sense in a file of its own is left out."""
        whole = "".join(self.parts)
        whole = re.sub(r"^[ \t]*#[ \t]*pragma once[ \t]*\n", "", whole, flags=re.M)
        return re.sub(r"\n{3,}", "\n\n", whole)


def release():
    """The version, as version.h has it."""
    text = (TOP / "include/confab/version.h").read_text(encoding="utf-8")
    return re.search(r'^#define CONFAB_VERSION_STRING "(.*)"$', text, re.M)[1]


def header_text():
    """confab.h"""
    writer = Writer([TOP / "include"])
    writer.add(TOP / "include/confab/confab.h")
    return ("/* SPDX-License-Identifier: MIT\n *\n"
            f" * confab {release()} as one header, for confab.cc; written by amalgamate.py. */\n"
            "#ifndef CONFAB_STATIC\n#define CONFAB_STATIC\n#endif\n" + writer.text())


def definitions():
    """The macros that lib/CMakeLists.txt compiles the library with."""
    text = (TOP / "lib/CMakeLists.txt").read_text(encoding="utf-8")
    block = re.search(r"target_compile_definitions\(\s*confab_objects(.*?)\n?\s*\)\n", text, re.S)
    if not block:
        sys.exit("amalgamate: lib/CMakeLists.txt has no definitions for confab_objects")
    words = re.sub(r'"', "", re.sub(r"\b(PUBLIC|PRIVATE)\b", "", block[1])).split()
    return "".join(f"#define {name} {value or (0 if '=' in word else 1)}\n"
                   for word in words for name, _, value in [word.partition("=")])


def source_text(fmt):
    """confab.cc"""
    sources = sorted((TOP / "lib").rglob("*.cpp"))
    texts = {path: path.read_text(encoding="utf-8") for path in sources}
    owners = collections.Counter(name for text in texts.values() for name in own_names(text))
    shared = {name for name, times in owners.items() if times > 1}
    for header in (TOP / "lib").rglob("*.hpp"):  # whose enumerators are seen by all
        shared.update(ENUMERATOR.findall(code_of(header.read_text(encoding="utf-8"))))

    writer = Writer([TOP / "include", TOP / "lib", fmt])
    writer.done.update(path.resolve() for path in (TOP / "include/confab").glob("*.h"))
    for number, path in enumerate(sources, 1):
        names = own_names(texts[path]) & shared
        writer.parts.append(f"\n/* ---- {path.relative_to(TOP)} ---- */\n")
        writer.add(path, lambda text, names=names, number=number: rename(text, names, number))
    return ("/* SPDX-License-Identifier: MIT\n *\n"
            f" * confab {release()} as a single source; written by amalgamate.py. It holds the\n"
            " * headers of fmt, whose licence (MIT too) stands in fmt/format.h. */\n"
            f"{definitions()}#define FMT_HEADER_ONLY 1\n"
            '#include "confab.h"\n' + writer.text())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--fmt", type=pathlib.Path, default=pathlib.Path("/usr/include"))
    options = parser.parse_args()
    if not (options.fmt / "fmt/format.h").is_file():
        sys.exit(f"amalgamate: no fmt/format.h in {options.fmt}")
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "confab.h").write_text(header_text(), encoding="utf-8")
    (options.output / "confab.cc").write_text(source_text(options.fmt.resolve()), encoding="utf-8")


if __name__ == "__main__":
    main()
