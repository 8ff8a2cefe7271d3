# SPDX-License-Identifier: MIT
"""Builds the package: the raw layer and the data modules from ../api.json, the rest is as it lies.

Run it by pip: `pip install --no-build-isolation ./bindings/python`, from a checkout of confab.
"""
import pathlib
import sys

from setuptools import setup
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import build_raw  # noqa: E402 (this folder is not on the path of pip's builds)
import make_data  # noqa: E402

API = build_raw.load_api()
VERSION = next(each["value"] for each in API["macros"]
               if each["name"] == "CONFAB_VERSION_STRING")


class BuildPy(build_py):
    """Adds what is made from api.json."""

    def run(self):
        super().run()
        folder = pathlib.Path(self.build_lib) / "confab"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in {"_data.py": make_data.data_module(API),
                           **make_data.stubs(API)}.items():
            (folder / name).write_text(text, encoding="utf-8")


class BuildExt(build_ext):
    """Always compiles: the library may be another one than last time."""

    def finalize_options(self):
        super().finalize_options()
        self.force = True


setup(version=VERSION, cmdclass={"build_py": BuildPy, "build_ext": BuildExt},
      cffi_modules=["raw_module.py:raw"])
