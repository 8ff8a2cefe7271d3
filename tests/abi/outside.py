# SPDX-License-Identifier: MIT
"""Builds and runs an outside project against an installed copy of confab that was moved afterwards.

In C and in C++, against the shared and the static library, found by find_package and by pkg-config.
"""
import os
import pathlib
import re
import shutil

from checks import run

PROJECT = pathlib.Path(__file__).with_name("outside")
ENVIRONMENT_LEAVES = ("CMAKE_PREFIX_PATH", "PKG_CONFIG_PATH", "LD_LIBRARY_PATH", "CONFAB_DIR")


def install(checks, build, folder):
    """Installs both components, moves the prefix, and returns where it is then."""
    first, moved = folder / "first", folder / "moved" / "prefix"
    for component in ("runtime", "development"):
        checks.check(f"install of {component}", run(["cmake", "--install", build, "--prefix", first,
                                                     "--component", component])[1])
    moved.parent.mkdir()
    first.rename(moved)
    files = [path for pattern in ("*.cmake", "*.pc") for path in moved.rglob(pattern)]
    traces = [path.name for path in files
              if str(first) in path.read_text() or str(build) in path.read_text()]
    checks.check("what is installed names no absolute folder", ", ".join(traces))
    return moved


def environment(prefix):
    """The caller's environment without what could find another confab."""
    values = {name: value for name, value in os.environ.items() if name not in ENVIRONMENT_LEAVES}
    values["PKG_CONFIG_PATH"] = str(next(prefix.rglob("confab.pc")).parent)
    values["CMAKE_PREFIX_PATH"] = str(prefix)
    return values


def check_program(checks, name, program, prefix, variables):
    """Runs the program that was built: it prints the version and ends with 0."""
    variables = dict(variables, LD_LIBRARY_PATH=str(next(prefix.rglob("libconfab.a")).parent))
    text, problem = run([program], env=variables)
    if not problem and not re.fullmatch(r"confab \d+\.\d+\.\d+\n", text):
        problem = f"printed {text!r}"
    checks.check(f"{name}: runs", problem)


def configure(made, variables, **options):
    """Configures the outside project; returns (output, problem)."""
    return run(["cmake", "-S", PROJECT, "-B", made, "-G", "Ninja",
                *(f"-DOUTSIDE_{name}={value}" for name, value in options.items())], env=variables)


def check_cmake(checks, folder, prefix):
    """find_package, in a project that has one language only."""
    variables = environment(prefix)
    for language in ("C", "CXX"):
        for kind, target in (("shared", "confab::confab"), ("static", "confab::static")):
            name = f"find_package, {language}, {kind}"
            made = folder / f"cmake-{language}-{kind}"
            problem = configure(made, variables, LANGUAGE=language, TARGET=target,
                                COMPONENT=kind)[1]
            problem = problem or run(["cmake", "--build", made], env=variables)[1]
            checks.check(f"{name}: builds", problem)
            if not problem:
                check_program(checks, name, made / "outside", prefix, variables)


def check_cmake_refusals(checks, folder, prefix):
    """A wrong major version and an unknown component are not found."""
    variables = environment(prefix)
    for name, option in (("another major version", {"VERSION": "9.0"}),
                         ("an unknown component", {"COMPONENT": "teapot"})):
        made = folder / f"refused-{name.split()[-1]}"
        text, problem = configure(made, variables, **option)
        refused = problem and "confab" in text
        checks.check(f"find_package refuses {name}", "" if refused else text)


def check_pkg_config(checks, folder, prefix):
    """pkg-config, with the static library alone in its prefix, as a distribution of it would be."""
    static = folder / "static-only"
    shutil.copytree(prefix, static, symlinks=True)
    for path in static.rglob("libconfab.so*"):
        path.unlink()
    for compiler, standard, source in (("cc", "-std=c11", "main.c"),
                                       ("c++", "-std=c++20", "main.cpp")):
        for kind, where, flags in (("shared", prefix, []), ("static", static, ["--static"])):
            name = f"pkg-config, {compiler}, {kind}"
            variables = environment(where)
            text, problem = run(["pkg-config", *flags, "--cflags", "--libs", "confab"],
                                env=variables)
            program = folder / f"pc-{compiler}-{kind}"
            build = [compiler, standard, PROJECT / source, *text.split(), "-o", program]
            problem = problem or run(build, env=variables)[1]
            checks.check(f"{name}: builds", problem)
            if not problem:
                check_program(checks, name, program, where, variables)


def check(checks, build, folder):
    """All of the above, in a folder that may be thrown away."""
    prefix = install(checks, build, folder)
    check_cmake(checks, folder, prefix)
    check_cmake_refusals(checks, folder, prefix)
    check_pkg_config(checks, folder, prefix)
