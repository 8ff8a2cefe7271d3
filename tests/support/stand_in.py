# SPDX-License-Identifier: MIT
"""A library that claims to be another version of libconfab, for tests of who loads it.

Nothing here knows a binding.
"""
import subprocess

from public_headers import symbols

LAST = "confab_visible"  # a function that an older library may lack


def stand_in(build, folder, major, minor, without=()):
    """A libconfab.so.0 that has all functions, does nothing, and says that it is this version."""
    source = folder / "stand_in.c"
    values = {"confab_abi_major": major, "confab_abi_minor": minor}
    names = [symbol.name for symbol in symbols() if symbol.name not in without]
    source.write_text("".join(f"int {name}(void) {{ return {values.get(name, 0)}; }}\n"
                              for name in names))
    script = (build / "lib" / "confab.map").read_text(encoding="utf-8")
    (folder / "stand_in.map").write_text("".join(
        line for line in script.splitlines(keepends=True) if line.strip(" ;\n") not in without))
    subprocess.run(["gcc", "-shared", "-fPIC", "-w", "-Wl,-soname,libconfab.so.0",
                    f"-Wl,--version-script={folder / 'stand_in.map'}", "-o",
                    folder / "libconfab.so.0", source], check=True)
