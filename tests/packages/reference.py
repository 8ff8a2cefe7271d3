#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The reference made by doxygen: without a warning, and with something said about each function.

usage: reference.py
"""
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import public_headers  # noqa: E402
from checks import Checks  # noqa: E402

TOP = HERE.parents[1]


def doxygen(folder, *more):
    """Runs doxygen with its output in a folder; returns (status, output)."""
    settings = (TOP / "lib/cmake/Doxyfile").read_text(encoding="utf-8")
    settings += "\n".join([f"OUTPUT_DIRECTORY = {folder}", *more]) + "\n"
    done = subprocess.run(["doxygen", "-"], input=settings, cwd=TOP, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="confab-reference-") as name:
        folder = pathlib.Path(name)
        status, text = doxygen(folder)
        checks.check("doxygen warns of nothing", text if status or text else "")
        described = set()
        for path in (folder / "xml").glob("*_8h.xml"):
            for member in ElementTree.parse(path).iter("memberdef"):
                words = "".join("".join(part.itertext()) for part in member
                                if part.tag in ("briefdescription", "detaileddescription"))
                if "[call:" in words:
                    described.add(member.findtext("name"))
        checks.equal("functions with their contract in the reference", described,
                     {function.name for function in public_headers.functions()})
        bad = folder / "bad.h"
        bad.write_text("/* About. */\n/** \\param nothing x */\nint some(int x);\n")
        status, _ = doxygen(folder / "bad", f"INPUT = {bad}", "INPUT_FILTER =")
        checks.check("a mistake would have been an error", "" if status else "it was none")
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
