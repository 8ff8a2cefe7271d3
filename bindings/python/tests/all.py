# SPDX-License-Identifier: MIT
"""Runs every test_*.py beside it in the Python that it is run with; the last line is the count.

usage: all.py BUILD [MODULE...]    (BUILD: the build tree, for tests that make a library)
"""
import os
import pathlib
import sys
import unittest


def main(build, names):
    os.environ["CONFAB_BUILD"] = build
    here = pathlib.Path(__file__).resolve().parent
    names = names or sorted(path.stem for path in here.glob("test_*.py"))
    suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromName(name)
                               for name in names)
    result = unittest.TextTestRunner(verbosity=1).run(suite)
    sys.stderr.flush()
    failed = len({str(test) for test, _ in result.failures + result.errors})
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return 0 if result.testsRun and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
