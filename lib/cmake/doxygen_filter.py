#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows doxygen a public header as it wants headers to look; doxygen runs it as its INPUT_FILTER.

usage: doxygen_filter.py HEADER

The headers' comments are plain. Here a comment that begins a line documents what follows it, one
behind code documents what is before it, and the one at the top documents the file; text that
doxygen would take for a command or for HTML is escaped. Lines keep their numbers.
"""
import pathlib
import re
import sys

COMMENT = re.compile(r"/\*(.*?)\*/", re.S)
CONTRACT = re.compile(r"\[call: .*?\] \[emits: .*?\] \[allocs: .*?\] \[since: .*?\]", re.S)


def escape(text):
    """Text without anything that doxygen understands; the contract line gets a heading."""
    text = re.sub(r"([\\@<>&$#%\"|])", r"\\\1", text)
    text = text.replace("::", "\\::")
    return CONTRACT.sub(lambda found: "@par Contract: " + found[0], text)


def document(text, name):
    """The header with comments of doxygen's kind."""
    def change(found):
        start = text.rfind("\n", 0, found.start()) + 1
        before = text[start:found.start()].strip()
        body = escape(found[1])
        if found.start() == 0:
            body = re.sub(r"SPDX\S+: MIT", f"@file {name}", body, count=1)
            return f"/**{body}*/"
        if before.endswith(("{", "(")) or before.startswith("#"):
            return found[0]  # documents nothing that has a name
        return f"/**<{body}*/" if before else f"/**{body}*/"
    return COMMENT.sub(change, text)


def main():
    path = pathlib.Path(sys.argv[1])
    sys.stdout.write(document(path.read_text(encoding="utf-8"), path.name))


if __name__ == "__main__":
    main()
