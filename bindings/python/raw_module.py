# SPDX-License-Identifier: MIT
"""What setup.py gives to cffi: a function that makes the builder of confab._raw.

A file of its own, for cffi runs it by itself.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import build_raw  # noqa: E402
import find_library  # noqa: E402


def raw():
    """The builder, for the library that is found."""
    version = next(each["value"] for each in build_raw.load_api()["macros"]
                   if each["name"] == "CONFAB_VERSION_STRING")
    return build_raw.builder(find_library.find(version))
