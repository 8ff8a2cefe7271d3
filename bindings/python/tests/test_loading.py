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
SYMBOLS = [line.split()[0] for line in
           (TOP / "lib" / "confab.symbols").read_text(encoding="utf-8").splitlines()
           if line.split("#")[0].split()]
LAST = "confab_visible"


def stand_in(folder, major, minor, without=()):
    """A libconfab.so.0 that has all functions, does nothing, and says that it is this version."""
    source = folder / "stand_in.c"
    values = {"confab_abi_major": major, "confab_abi_minor": minor}
    source.write_text("".join(f"int {name}(void) {{ return {values.get(name, 0)}; }}\n"
                              for name in SYMBOLS if name not in without))
    script = (BUILD / "lib" / "confab.map").read_text(encoding="utf-8")
    (folder / "stand_in.map").write_text("".join(
        line for line in script.splitlines(keepends=True) if line.strip(" ;\n") not in without))
    subprocess.run(["gcc", "-shared", "-fPIC", "-w", "-Wl,-soname,libconfab.so.0",
                    f"-Wl,--version-script={folder / 'stand_in.map'}", "-o",
                    folder / "libconfab.so.0", source], check=True)


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
        stand_in(self.folder, 0, 0)
        self.check_refused(import_confab(self.folder), "older", "0.0", "0.1")

    def test_one_minor_newer(self):
        stand_in(self.folder, 0, 2)
        self.check_refused(import_confab(self.folder), "newer", "0.2", "0.1")

    def test_older_and_without_a_function(self):
        stand_in(self.folder, 0, 0, without=(LAST,))
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
