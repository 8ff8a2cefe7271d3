# SPDX-License-Identifier: MIT
"""The behaviours that all bindings share, each a test of its own."""
import asyncio
import json
import pathlib
import re
import unittest
import warnings

from behaviour_runner import Behaviour

FILE = pathlib.Path(__file__).resolve().parents[2] / "behaviours.json"


class Behaviours(unittest.TestCase):
    """Filled below: one method for each behaviour of the file."""


def method(data, options):
    def test(_self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # `drop` is on purpose
            asyncio.run(Behaviour(data, options).play())
    test.__doc__ = data["name"]
    return test


SHARED = json.loads(FILE.read_text(encoding="utf-8"))
assert SHARED["format"] == 1
for number, each in enumerate(SHARED["behaviours"], 1):
    name = re.sub(r"\W+", "_", each["name"])
    setattr(Behaviours, f"test_{number:02}_{name}", method(each, SHARED["options"]))

if __name__ == "__main__":
    unittest.main()
