#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the page confabd.toml(5): its frame, with a reference of each key from confabd.toml.

usage: toml_page.py CONFABD.TOML FRAME OUTPUT

confabd.toml has a comment before every key and every section; `@KEYS@` in the frame is replaced by
them, in mdoc.
"""
import pathlib
import re
import sys


def escape(text):
    """Text as roff takes it: nothing of it is a request or an escape; a line per sentence."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = re.sub(r"([.!?][)\"]?) +", r"\1\n", text)
    return re.sub(r"^(?=[.'])", r"\\&", text, flags=re.M)


def entries(lines):
    """Yields (kind, name, comment): "section" and its heading, "key" and `name = value`."""
    comment, in_text = [], False
    for line in lines:
        if in_text:
            in_text = '"""' not in line
            continue
        commented = re.fullmatch(r"# (\[\[?[\w.]+\]\]?|\w+ = .*)", line)
        code = commented[1] if commented else line
        if re.fullmatch(r"\[\[?[\w.]+\]\]?", code):
            yield "section", code, " ".join(comment)
            comment = []
        elif re.match(r"\w+ = ", code):
            in_text = code.endswith('"""')
            yield "key", code.replace('"""', '"..."'), " ".join(comment)
            comment = []
        elif line.startswith("# "):
            comment.append(line[2:])
        elif not line:
            comment = []


def reference(text):
    """The keys in mdoc."""
    out, listing = [], False
    for kind, name, comment in entries(text.splitlines()):
        if kind == "section":
            out += [".El"] if listing else []
            out += [f".Ss {escape(name)}"] + ([escape(comment)] if comment else [])
            listing = False
        else:
            out += [] if listing else [".Bl -tag -width Ds"]
            listing = True
            key, _, value = name.partition(" = ")
            out += [f".It Ic {escape(key)} No = Li {escape(value)}".replace('"', "\\(dq")]
            out += [escape(comment)] if comment else []
    return "\n".join(out + ([".El"] if listing else []))


def main():
    source, frame, output = map(pathlib.Path, sys.argv[1:])
    page = frame.read_text(encoding="utf-8").replace(
        "@KEYS@", reference(source.read_text(encoding="utf-8")))
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
