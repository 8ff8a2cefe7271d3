# SPDX-License-Identifier: MIT
"""Builds the plugins of tests/e2e/plugins, in the variants that a test asks for.

They are C and link nothing, so that the compiler and the headers are enough.
"""
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
INCLUDE = os.path.join(HERE, "..", "..", "include")
SHIPPED = os.path.join(os.path.dirname(os.environ.get("CONFABD", "build/release/bin/confabd")),
                       "..", "plugins")


def build(folder, name, source, *defines):
    """Compiles SOURCE.c into FOLDER/NAME.so, in place of what is there; returns its path."""
    target = os.path.join(folder, f"{name}.so")
    command = ["cc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O1", "-shared", "-fPIC",
               "-fvisibility=hidden", "-Wall", "-Wextra", "-Werror", f"-I{INCLUDE}",
               os.path.join(HERE, "plugins", f"{source}.c"), "-o", f"{target}.new"]
    subprocess.run(command + [f"-D{define}" for define in defines], check=True)
    os.replace(f"{target}.new", target)
    return target


def shipped():
    """The plugins that were built with the examples, by path."""
    folder = os.path.normpath(SHIPPED)
    if not os.path.isdir(folder):
        return []
    return sorted(os.path.join(folder, name) for name in os.listdir(folder)
                  if name.endswith(".so"))
