# SPDX-License-Identifier: MIT
"""What editors and mypy make of the package: it and the example are clean under --strict, and a
mistake is found.
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import confab

TOP = pathlib.Path(__file__).resolve().parents[3]
EXAMPLE = TOP / "examples" / "python" / "chat_server.py"
MISTAKES = """\
import confab
from confab import events
engine = confab.Engine()

@engine.on(events.Message, stage="policy")
def wrong(call: confab.Call, event: events.Topic) -> object:
    return event.no_such_member

engine.submit(events.Topic(text=5))
confab.deny(visibility=None)
"""


def mypy(*what, cwd):
    """Its words; it is Debian's, and looks at what this Python has."""
    with tempfile.TemporaryDirectory() as cache:
        return subprocess.run(["/usr/bin/mypy", "--strict", "--cache-dir", cache,
                               "--python-executable", sys.executable, *what], text=True, cwd=cwd,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


class Types(unittest.TestCase):
    """By mypy."""

    def test_package(self):
        done = mypy("-p", "confab", cwd=pathlib.Path(confab.__file__).parents[1])
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_example(self):
        done = mypy(str(EXAMPLE), cwd=TOP)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_mistakes(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "mistakes.py"
            path.write_text(MISTAKES, encoding="utf-8")
            done = mypy(str(path), cwd=folder)
        for line, words in ((5, "arg-type"), (7, "no_such_member"), (9, "arg-type"),
                            (10, "arg-type")):
            self.assertTrue(any(found.startswith(f"mistakes.py:{line}:") and words in found
                                for found in done.stdout.splitlines()), done.stdout)


if __name__ == "__main__":
    unittest.main()
