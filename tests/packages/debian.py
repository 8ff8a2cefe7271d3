#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The Debian packages: made by cpack, judged by their contents, and used in a fresh system.

usage: debian.py BUILD-FOLDER

As root, with debootstrap, the packages are installed into a minimal system of their own, which is
booted where that can be: the service answers a client, and after removing and purging nothing is
left. Without root the note says so and only the packages themselves are judged.
"""
import os
import pathlib
import re
import shlex
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE)]

import fresh_system  # noqa: E402
from checks import Checks, output, run  # noqa: E402

TOP = HERE.parents[1]
SYSTEM_BYTES = 1_500_000_000
WANTED = {
    "libconfab0": ["usr/lib/*/libconfab.so.0", "usr/lib/*/libconfab.so.0.*"],
    "libconfab-dev": ["usr/include/confab/confab.h", "usr/include/confab/confab.hpp",
                      "usr/lib/*/libconfab.s[o]", "usr/lib/*/libconfab.a",
                      "usr/lib/*/pkgconfig/confab.pc", "usr/lib/*/cmake/confab/confabConfig.cmake"],
    "confabd": ["usr/bin/confabd", "usr/bin/confab-check-plugin", "etc/confabd/confabd.toml",
                "lib/systemd/system/confabd.service", "usr/lib/sysusers.d/confabd.conf",
                "usr/share/man/man8/confabd.8.gz", "usr/share/man/man5/confabd.toml.5.gz",
                "usr/share/man/man1/confab-check-plugin.1.gz",
                "usr/lib/*/confab/plugins/profanity.so"],
    "python3-confab": ["usr/lib/python3/dist-packages/confab/__init__.py",
                       "usr/lib/python3/dist-packages/confab/py.typed",
                       "usr/lib/python3/dist-packages/confab/_raw*.so"],
}


def make(checks, build):
    """{name: file} of the packages that cpack makes."""
    made = build / "packages"
    shutil.rmtree(made, ignore_errors=True)
    text, problem = run(["cpack", "--config", build / "CPackConfig.cmake"], cwd=build)
    checks.check("cpack makes the packages", problem)
    checks.check("cpack warns of nothing", text if "CMake Warning" in text else "")
    found = {output(["dpkg-deb", "-f", path, "Package"]).strip(): path
             for path in sorted(made.glob("*.deb"))}
    wanted = set(WANTED)
    if not (TOP / "bindings/python/pyproject.toml").is_file():
        print("note: there is no bindings/python: no python3-confab")
        wanted.remove("python3-confab")
    checks.equal("the packages", found, wanted)
    sheet = list(made.glob("confab-*.spdx"))
    text = sheet[0].read_text(encoding="utf-8") if sheet else ""
    checks.check("the SPDX list names the licence of a header",
                 "" if re.search(r"FileName: \./include/confab/confab\.h\n.*?"
                                 r"LicenseInfoInFile: MIT", text, re.S) else f"{text[:500]!r}")
    return found


def check_contents(checks, name, package, folder):
    """Files, owners and Debian's own conditions of one package."""
    where = folder / name
    checks.check(f"{name} unpacks", run(["dpkg-deb", "-R", package, where])[1])
    doc = f"usr/share/doc/{name}"
    for pattern in [*WANTED[name], f"{doc}/copyright", f"{doc}/changelog.Debian.gz"]:
        checks.check(f"{name} holds {pattern}", "" if list(where.glob(pattern)) else "it does not")
    listed = output(["dpkg-deb", "-c", package]).splitlines()
    odd = [line for line in listed if line.split()[1] != "root/root" or
           (line[0] != "l" and (line[5] == "w" or line[8] == "w"))]
    checks.check(f"{name}: everything is root's, and nobody else's to write", "\n".join(odd))
    traces = [str(path.relative_to(where)) for path in where.rglob("*")
              if path.is_file() and not path.is_symlink() and path.suffix != ".gz"
              and str(TOP).encode() in path.read_bytes()]
    checks.check(f"{name} names no folder of the machine that built it", ", ".join(traces))
    return where


def check_pages(checks, where):
    """The pages of the manual have no mistake, and confabd.8 has the options that there are."""
    for page in sorted(where.rglob("man/*/*.gz")):
        environment = dict(os.environ, MANROFFSEQ="", MANWIDTH="80", LC_ALL="C.UTF-8")
        text, problem = run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page],
                            env=environment)
        warned = [line for line in text.splitlines()
                  if re.match(r"\S*(troff|groff|mdoc|man)\S*:", line)]
        checks.check(f"man --warnings {page.name}", problem or "\n".join(warned))
        checks.check(f"mandoc -T lint {page.name}",
                     run(["mandoc", "-T", "lint", "-W", "warning", page])[1])
    shown = output(["mandoc", "-T", "ascii", "-O", "width=500", where /
                    "usr/share/man/man8/confabd.8.gz"])
    shown = re.sub(r".\x08", "", shown)
    offered = re.findall(r"^\s+(?:-h,)?(--[\w-]+)", output([where / "usr/bin/confabd", "--help"]),
                         re.M)
    missing = [option for option in offered if option not in shown]
    checks.check("confabd(8) has every option", ", ".join(missing))
    example = (TOP / "examples/confabd/confabd.toml").read_text(encoding="utf-8")
    keys = re.findall(r"^(?:# )?(\w+) = ", example, re.M)
    page = re.sub(r".\x08", "", output(["mandoc", "-T", "ascii", where /
                                        "usr/share/man/man5/confabd.toml.5.gz"]))
    missing = [key for key in keys if not re.search(rf"^\s+{key} = ", page, re.M)]
    checks.check("confabd.toml(5) has every key", ", ".join(missing))


def check_lintian(checks, found):
    """Debian's own checker finds no error."""
    if not shutil.which("lintian"):
        print("note: no lintian here")
        return
    # Who maintains a package is said by whoever builds it for others (CONFAB_PACKAGE_MAINTAINER).
    text, problem = run(["lintian", "--fail-on", "error", "--allow-root", "--suppress-tags",
                         "bogus-mail-host,bogus-mail-host-in-debian-changelog",
                         *found.values()])
    checks.check("lintian finds no error", problem and text)


def check_units(checks, where):
    """The service is what systemd understands, hardened, and runs what is packaged."""
    unit = (where / "lib/systemd/system/confabd.service").read_text(encoding="utf-8")
    command = shlex.split(re.search(r"^ExecStart=(.*)$", unit, re.M)[1])
    checks.check("the unit starts the packaged program",
                 "" if (where / command[0].lstrip("/")).is_file() else str(command))
    conffiles = (where / "DEBIAN/conffiles").read_text(encoding="utf-8").split()
    checks.equal("conffiles are what lies in etc", conffiles,
                 [f"/{path.relative_to(where)}" for path in (where / "etc").rglob("*")
                  if path.is_file()])
    for script in ("postinst", "prerm", "postrm"):
        checks.check(f"{script} is a script of sh", run(["sh", "-n", where / "DEBIAN" / script])[1])
    return command


def roomy_folder():
    """Where the fresh system goes: into memory, if there is room, since dpkg waits for disks."""
    memory = pathlib.Path("/dev/shm")
    if not memory.is_dir():
        return None
    about = os.statvfs(memory)
    free = about.f_bavail * about.f_frsize
    return memory if free > SYSTEM_BYTES and not about.f_flag & os.ST_NOEXEC else None


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    checks = Checks()
    found = make(checks, build)
    with tempfile.TemporaryDirectory(prefix="confab-debian-", dir=roomy_folder()) as name:
        folder = pathlib.Path(name)
        command = None
        for package, path in found.items():
            where = check_contents(checks, package, path, folder)
            if package == "confabd":
                check_pages(checks, where)
                command = check_units(checks, where)
        check_lintian(checks, found)
        if command and os.geteuid() == 0 and shutil.which("debootstrap"):
            fresh_system.check(checks, found, folder / "system", build / "debootstrap-cache",
                               command)
        else:
            print("note: not root, or no debootstrap: the packages were not installed anywhere")
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
