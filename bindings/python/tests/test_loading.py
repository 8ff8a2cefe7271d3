# SPDX-License-Identifier: MIT
"""A library that is missing, older or newer is an ImportError that says so.

A stand-in with the library's symbols and another version is put before the real one.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("CONFAB_BUILD", TOP / "build" / "release"))
sys.path.insert(0, str(TOP / "tests" / "support"))
from stand_in import LAST, stand_in  # noqa: E402


def import_confab(folder, package=None):
    """What a Python says that imports the package with that folder's libraries."""
    path = [str(package)] if package else []
    return subprocess.run(
        [sys.executable, "-c", "import confab; print(confab.__version__)"], text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder,
        env={**os.environ, "LD_LIBRARY_PATH": str(folder), "PYTHONPATH": os.pathsep.join(path)})


class Loading(unittest.TestCase):
    """Each in a process of its own."""

    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name)

    def check_refused(self, done, *words):
        self.assertNotEqual(done.returncode, 0, done.stdout)
        last = done.stdout.strip().splitlines()[-1]
        self.assertTrue(last.startswith("ImportError: "), done.stdout)
        for word in words:
            self.assertIn(word, last)

    def test_the_right_one(self):
        done = import_confab(self.folder)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_one_minor_older(self):
        stand_in(BUILD, self.folder, 0, 0)
        self.check_refused(import_confab(self.folder), "older", "0.0", "0.1")

    def test_one_minor_newer(self):
        stand_in(BUILD, self.folder, 0, 2)
        self.check_refused(import_confab(self.folder), "newer", "0.2", "0.1")

    def test_older_and_without_a_function(self):
        stand_in(BUILD, self.folder, 0, 0, without=(LAST,))
        self.check_refused(import_confab(self.folder), "older", LAST)

    def test_missing(self):
        import confab
        package = self.folder / "package"
        shutil.copytree(pathlib.Path(confab.__file__).parent, package / "confab")
        raw = next((package / "confab").glob("_raw*.so"))
        data = raw.read_bytes()
        folder = str(BUILD / "lib").encode()
        self.assertIn(folder, data, "the package was built for another library")
        raw.write_bytes(data.replace(folder, b"/" * len(folder)))
        self.check_refused(import_confab(self.folder, package), "libconfab.so.0",
                           "cannot be loaded", "install libconfab0")


if __name__ == "__main__":
    unittest.main()
