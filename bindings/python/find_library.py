# SPDX-License-Identifier: MIT
"""Where the library is that the package is built for. Nothing is downloaded or built here.

In this order: what the environment's CONFAB_BUILD_DIR names (a build tree of confab, by its whole
path); what pkg-config finds as `confab`, if it is of the version of api.json; the build tree
build/release of the checkout that this is part of. A library outside the system's own folders is
found at run time by its path (RUNPATH), which CONFAB_RUNPATH overrides; empty, there is none.
"""
import os
import pathlib
import re
import subprocess
import sysconfig

HERE = pathlib.Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent


class Library:
    """Folders for the compiler and the linker."""

    def __init__(self, include_dirs, library_dirs):
        self.include_dirs = include_dirs
        self.library_dirs = library_dirs
        multiarch = sysconfig.get_config_var("MULTIARCH") or ""
        system = {"/usr/lib", "/lib", "/usr/local/lib", f"/usr/lib/{multiarch}",
                  f"/lib/{multiarch}", f"/usr/local/lib/{multiarch}"}
        runpath = os.environ.get("CONFAB_RUNPATH")
        if runpath is None:
            self.runtime_library_dirs = [each for each in library_dirs if each not in system]
        else:
            self.runtime_library_dirs = [each for each in runpath.split(":") if each]


def pkg_config(*arguments):
    """What pkg-config answers, or None."""
    try:
        done = subprocess.run(["pkg-config", *arguments, "confab"], capture_output=True, text=True,
                              check=False)
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def built_in(folder):
    """The library of a build tree of this checkout, or None."""
    if not (folder / "lib" / "libconfab.so").exists():
        return None
    return Library([str(CHECKOUT / "include")], [str(folder / "lib")])


def find(version):
    """The library of that version: see the top of this file."""
    named = os.environ.get("CONFAB_BUILD_DIR")
    if named:
        library = built_in(pathlib.Path(named).resolve())
        if library is None:
            raise SystemExit(f"confab: CONFAB_BUILD_DIR={named} has no lib/libconfab.so")
        return library
    installed = pkg_config("--modversion")
    if installed is not None and installed.split(".")[:2] == version.split(".")[:2]:
        flags = pkg_config("--cflags", "--libs", "--keep-system-cflags", "--keep-system-libs") or ""
        return Library(re.findall(r"(?<!\S)-I(\S+)", flags), re.findall(r"(?<!\S)-L(\S+)", flags))
    library = built_in(CHECKOUT / "build" / "release")
    if library is None:
        found = f"pkg-config knows {'confab ' + installed if installed else 'no confab'}"
        raise SystemExit(
            f"confab: no library of version {version} to build for: {found}, and there is no "
            f"{CHECKOUT}/build/release/lib/libconfab.so. Install libconfab-dev, or build it: "
            "cmake --preset release && cmake --build --preset release --target confab")
    return library
