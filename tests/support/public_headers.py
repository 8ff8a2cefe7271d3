# SPDX-License-Identifier: MIT
"""Reads what the public headers declare: functions with their comments, and the list of symbols.

The headers are written in one plain style, so a few patterns do; the abi suite compares what is
found here with the built library, so that a declaration which is not understood cannot pass unseen.
"""
import dataclasses
import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = TOP / "include" / "confab"
SYMBOLS = TOP / "lib" / "confab.symbols"

DECLARATION = re.compile(r"^(?:CONFAB_DEPRECATED\(.*?\)\s+)?CONFAB_API(?:_VOID)?\b[^;{]*;",
                         re.M | re.S)
COMMENT = re.compile(r"/\*.*?\*/", re.S)


@dataclasses.dataclass
class Function:
    """One exported function as it is declared."""
    name: str
    path: pathlib.Path
    line: int
    returns: str
    parameters: list
    comment: str  # the one that stands directly before it, or ""


@dataclasses.dataclass
class Symbol:
    """One line of lib/confab.symbols."""
    name: str
    since: str
    deprecated: str
    removed: str


def blank_comments(text):
    """The text with its comments replaced by spaces; lines and columns stay."""
    return COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def split_parameters(text):
    """Splits "a, b (*)(c, d)" at its top-level commas."""
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    parts = [" ".join(part.split()) for part in parts]
    return [] if parts in ([""], ["void"]) else parts


def functions_of(path, text):
    """The functions that one header declares."""
    found = []
    for declaration in DECLARATION.finditer(blank_comments(text)):
        match = re.search(r"CONFAB_API(?:_VOID)?\b(.*?)\b(confab_\w+)\s*\((.*)\)\s*;",
                          declaration.group(), re.S)
        if not match:
            raise ValueError(f"{path}: not understood: {declaration.group()}")
        before = text[:declaration.start()].rstrip()
        comment = before[before.rfind("/*"):] if before.endswith("*/") else ""
        found.append(Function(match[2], path, text.count("\n", 0, declaration.start()) + 1,
                              " ".join(match[1].replace("CONFAB_CALL", "").split()),
                              split_parameters(match[3]), comment))
    return found


def functions(include=INCLUDE):
    """All exported functions, in the order of the headers."""
    return [function for path in sorted(include.glob("*.h"))
            for function in functions_of(path, path.read_text(encoding="utf-8"))]


def symbols(path=SYMBOLS):
    """The lines of the symbol list."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        columns = line.split("#")[0].split()
        if columns:
            if len(columns) != 4:
                raise ValueError(f"{path}: not 'symbol since deprecated removed': {line}")
            found.append(Symbol(*columns))
    return found
