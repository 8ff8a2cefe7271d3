#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The suite `tidy`: the style guide as a test. Needs no build.

usage: tidy.py [FOLDER]

The rules are in rules.py and contracts.py; self_test.py shows that each can fail.
"""
import pathlib
import statistics
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import contracts  # noqa: E402
import rules  # noqa: E402
from checks import Checks  # noqa: E402
from tree import Tree  # noqa: E402

RULES = [rules.file_sizes, rules.function_sizes, rules.line_widths, rules.licences,
         rules.opening_comments, rules.banned_functions, rules.include_direction,
         rules.protocol_words, rules.unfinished, rules.foreign_files, rules.top_level,
         rules.formatting, contracts.check]


def report(tree):
    """Figures that are aimed at, not enforced."""
    files = tree.sources("lib")
    lines = [line for file in files for line in file.lines if line.strip()]
    if not lines:
        return
    share = 100 * sum(file.comment_lines() for file in files) / len(lines)
    functions = [function.lines for file in files for function in file.functions()]
    file_median = statistics.median(len(file.lines) for file in files)
    long = sum(length > rules.FUNCTION_LINES_MAX for length in functions)
    print(f"lib: {len(files)} files of {file_median:.0f} lines at the median, {share:.0f} % "
          f"comments (15 to 25 is the aim); {len(functions)} functions of "
          f"{statistics.median(functions):.0f} lines at the median, {long} over "
          f"{rules.FUNCTION_LINES_MAX}")


def main():
    tree = Tree(sys.argv[1] if len(sys.argv) > 1 else HERE.parents[1])
    checks = Checks()
    for rule in RULES:
        found = [f"\n  {path}:{line}: {problem}" for path, line, problem in rule(tree)]
        checks.check(f"{rule.__module__}.{rule.__name__}", "".join(found))
    report(tree)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
