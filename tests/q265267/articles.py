#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts the articles that have a test, and fails where the list is wrong.

An article has a test where the name of a TEST_CASE or of a Python test, or a comment of a
transcript, begins with it. One that has none must say in articles.txt what has to be there first;
one that has one must not.
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
ARTICLES = r"((?:Q\d{6}(?:, )?)+):"
NAMES = {
    ".cpp": re.compile(r'TEST_CASE\(\s*"' + ARTICLES, re.MULTILINE),
    ".txt": re.compile(r"^# " + ARTICLES, re.MULTILINE),
    ".py": re.compile(r'def test_\w+\([^)]*\):\s*"""' + ARTICLES, re.MULTILINE),
}


def read_list():
    """{article: what has to be there first, or None}, and what is wrong with the list."""
    out, problems = {}, []
    for line in (HERE / "articles.txt").read_text().splitlines():
        if line.startswith("#"):
            continue
        match = re.fullmatch(r"(Q\d{6}) ([^|]+?)(?: \| (\S[^|]*))?", line)
        if not match:
            problems.append(f"not a row of articles.txt: {line}")
        elif match[1] in out:
            problems.append(f"{match[1]} is listed twice")
        else:
            out[match[1]] = match[3]
    return out, problems


def read_tests():
    """{article: the files that test it}."""
    out = {}
    for path in sorted(TESTS.rglob("*")):
        pattern = NAMES.get(path.suffix)
        if not pattern or not path.is_file() or path.name == "articles.txt":
            continue
        for names in pattern.findall(path.read_text(encoding="utf-8", errors="replace")):
            for article in re.findall(r"Q\d{6}", names):
                out.setdefault(article, set()).add(str(path.relative_to(TESTS)))
    return out


def main():
    listed, problems = read_list()
    tested = read_tests()
    for article, waits_for in listed.items():
        if article in tested and waits_for:
            problems.append(f"{article} has a test and says that it waits for {waits_for}")
        if article not in tested and not waits_for:
            problems.append(f"{article} has no test, and nothing says why")
    for article, paths in tested.items():
        if article not in listed:
            problems.append(f"{article} is not in articles.txt: {', '.join(sorted(paths))}")
    for problem in problems:
        print(problem)
    waiting = sum(1 for article in listed if article not in tested)
    print(f"note: {len(listed) - waiting} of {len(listed)} articles have a test, "
          f"{waiting} wait for what they are about")
    print(f"{len(listed) - len(problems)} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
