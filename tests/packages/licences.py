#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every file says who wrote it and under which licence, as REUSE wants it.

usage: licences.py
"""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from checks import Checks, run  # noqa: E402

TOP = HERE.parents[1]


def main():
    checks = Checks()
    text, problem = run(["reuse", "--root", TOP, "lint"])
    checks.check("reuse lint", problem)
    checks.check("reuse understands every line", text if "ERROR" in text else "")
    same = (TOP / "LICENSE").read_bytes() == (TOP / "LICENSES/MIT.txt").read_bytes()
    checks.check("LICENSE is LICENSES/MIT.txt", "" if same else "it is not")
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
