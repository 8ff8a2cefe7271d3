# SPDX-License-Identifier: MIT
"""Installs the packages into a minimal Debian of its own, uses them, and takes them away again.

Nothing outside the folder is touched, but that programs in there share the network. Then it is
booted (booted.py); where that cannot be, what systemd would start is started by hand, as the user
that the unit names, and listens where the system chooses.
"""
import json
import os
import pathlib
import re
import shlex
import signal
import socket
import subprocess
import time

import booted
from checks import run

TOP = pathlib.Path(__file__).resolve().parents[2]
PATIENCE_S = 20
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive",
               "LC_ALL": "C.UTF-8", "HOME": "/root"}
ENVIRONMENT.update({name: value for name, value in os.environ.items()
                    if name.lower() in ("http_proxy", "https_proxy", "no_proxy")})


class System:
    """The folder, seen as a system of its own."""

    def __init__(self, root):
        self.root = root

    def run(self, *command, user=None):
        """Runs a command in it; returns (output, problem)."""
        return run(self.enter(user) + list(command), env=ENVIRONMENT)

    def enter(self, user=None):
        """The words that begin a command in it: with /proc, which nobody else sees mounted."""
        spec = f"--userspec={user}" if user else ""
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c",
                f'mount -t proc proc "$0/proc" && exec chroot {spec} "$0" "$@"', str(self.root)]

    def path(self, name):
        """A file of it, as it is seen from outside."""
        return self.root / name.lstrip("/")

    def traces(self):
        """What in it is confab's."""
        text, _ = self.run("find", "/etc", "/lib", "/usr", "/var", "-xdev", "-iname", "*confab*",
                           "-not", "-path", "/var/cache/*", "-not", "-path", "/var/log/*",
                           "-not", "-path", "/var/lib/dpkg/info/*")
        users = [line for line in self.path("/etc/passwd").read_text().splitlines()
                 if "confab" in line]
        return sorted(text.split()) + users


def bootstrap(checks, root, cache):
    """A minimal system, or None where it cannot be made."""
    cache.mkdir(parents=True, exist_ok=True)
    release = "bookworm"
    text, problem = run(["debootstrap", "--variant=minbase", f"--cache-dir={cache}",
                         "--include=init-system-helpers,systemd", release, root])
    checks.check("debootstrap makes a fresh system", problem and text[-2000:])
    if problem:
        return None
    (root / "etc/dpkg/dpkg.cfg.d/unsafe").write_text("force-unsafe-io\n")
    for name in ("resolv.conf", "hosts"):
        source = pathlib.Path("/etc") / name
        if source.exists():
            (root / "etc" / name).write_text(source.read_text())
    return System(root)


def install(checks, system, found):
    """apt installs the packages with what they depend on."""
    for path in found.values():
        system.path(f"/{path.name}").write_bytes(path.read_bytes())
    text, problem = system.run("apt-get", "-q", "-y", "--no-install-recommends", "install",
                               *(f"/{path.name}" for path in found.values()))
    checks.check("apt installs the packages", problem and text[-3000:])
    for name in found:
        state = system.run("dpkg-query", "-W", "-f", "${db:Status-Status}", name)[0]
        checks.check(f"{name} is installed", "" if state == "installed" else state)
    checks.check("dpkg finds each file as it was packed", system.run("dpkg", "--verify",
                                                                     *found)[0])


def check_library(checks, system):
    """A program compiled against the packaged files runs on the packaged library."""
    where = next(system.path("/usr/lib").glob("*/pkgconfig/confab.pc")).parent
    environment = dict(os.environ, PKG_CONFIG_LIBDIR=str(where), PKG_CONFIG_PATH="")
    flags, problem = run(["pkg-config", "--cflags", "--libs", "confab"], env=environment)
    checks.check("pkg-config knows the package", problem)
    program = system.path("/hello")
    problem = run(["cc", TOP / "examples/hello/hello.c", *flags.split(), "-o", program])[1]
    checks.check("hello builds against the package", problem)
    text, problem = system.run("/hello")
    checks.check("hello runs on the package",
                 problem or ("" if "no spam here" in text else text))


def shown(readme, kind):
    """The snippets of a kind in a file."""
    text = (TOP / readme).read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.M | re.S)


def check_python(checks, system):
    """What the binding's README shows runs on the package."""
    programs = shown("bindings/python/README.md", "python")
    checks.check("the README of the binding shows programs", "" if programs else "none")
    for number, program in enumerate(programs, 1):
        checks.check(f"program {number} of the binding's README runs on python3-confab",
                     system.run("python3", "-c", program)[1])


def check_commands(checks, system):
    """apt knows all packages that a README tells to install."""
    for command in [text for language in ("cpp", "node", "python")
                    for text in shown(f"bindings/{language}/README.md", "sh packages")]:
        words = shlex.split(command.replace("\\\n", " "))
        checks.check(f"apt could do {' '.join(words)}",
                     system.run(words[0], "--simulate", *words[1:])[1])


def check_guides(checks, system):
    """The service's user could run what the guides show, with the packaged plugins."""
    run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout",
         system.path("/etc/confabd/key.pem"), "-out", system.path("/etc/confabd/fullchain.pem"),
         "-subj", "/CN=irc.example.org"])
    names = ["etc/confabd/key.pem", "etc/confabd/blocked-channels", "etc/confabd/words"]
    for name in names[1:]:
        system.path(name).write_text("", encoding="utf-8")
    # As the guide has it.
    system.run("chgrp", "confabd", *(f"/{name}" for name in names))
    system.run("chmod", "640", *(f"/{name}" for name in names))
    for guide in ["examples/confabd/README.md",
                  *sorted(TOP.glob("examples/plugins/*/README.md"))]:
        for text in shown(guide, "toml confabd"):
            system.path("/tmp/guide.toml").write_text(text, encoding="utf-8")
            checks.check(f"confabd accepts {text!r}", system.run(
                "confabd", "--check-config", "--config", "/tmp/guide.toml",
                user="confabd:confabd")[1])


def check_files(checks, system):
    """The configuration is for the service's eyes only, and right."""
    text, problem = system.run("stat", "-c", "%U:%G %a", "/etc/confabd/confabd.toml",
                               "/var/lib/confabd")
    checks.check("who may read the configuration and the store", problem or (
        "" if text == "root:confabd 640\nconfabd:confabd 750\n" else text))
    text, problem = system.run("confabd", "--check-config", "--config",
                               "/etc/confabd/confabd.toml", user="confabd:confabd")
    checks.check("confabd accepts the packaged configuration", problem)
    plugin = next(system.path("/usr/lib").glob("*/confab/plugins/slowmode.so"))
    text, problem = system.run("confab-check-plugin", f"/{plugin.relative_to(system.root)}")
    checks.check("confab-check-plugin accepts a packaged plugin", problem)
    text, problem = system.run("systemd-analyze", "verify", "--man=no",
                               "/lib/systemd/system/confabd.service")
    told = [line for line in text.splitlines() if "confabd" in line]
    checks.check("systemd understands the unit", "\n".join(told))
    text, problem = system.run("systemd-analyze", "security", "--offline=yes", "--threshold=30",
                               "confabd.service")
    checks.check("systemd calls the unit's exposure low (3.0 at most)", problem and text[-1500:])
    link = system.path("/etc/systemd/system/multi-user.target.wants/confabd.service")
    checks.check("the service is enabled", "" if link.is_symlink() else "it is not")


def wait_for(log, event):
    """The first line of the log about that event."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        for line in log.read_text(encoding="utf-8").split("\n")[:-1]:
            if line.startswith("{") and json.loads(line)["event"] == event:
                return json.loads(line)
        time.sleep(0.02)
    return None


def check_service(checks, system, command):
    """The unit's command, as its user, answers a client, stores, and stops when it is told to."""
    log = system.path("/log")
    with open(system.path("/etc/confabd/confabd.toml"), "a", encoding="utf-8") as config:
        config.write('[[service.channels]]\nname = "#lobby"\nautostart = true\n')
    with open(log, "wb") as file:
        server = subprocess.Popen(
            [*system.enter("confabd:confabd"), *command, "--listen", "127.0.0.1:0",
             "--log-format", "json"], env=ENVIRONMENT, stderr=file)
    try:
        opened = wait_for(log, "listener.opened")
        checks.check("confabd starts as its user", "" if opened else log.read_text())
        if opened:
            port = int(opened["address"].rsplit(":", 1)[1])
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as client:
                client.sendall(b"NICK ann\r\nUSER ann 0 * :Ann\r\n")
                greeting = client.makefile("rb").readline()
            checks.check("confabd greets a client",
                         "" if b" 001 ann " in greeting else repr(greeting))
            server.send_signal(signal.SIGTERM)
            status = server.wait(timeout=PATIENCE_S)
            checks.check("confabd stops at SIGTERM", "" if status == 0 else str(status))
            text, problem = system.run("stat", "-c", "%U:%G %a", "/var/lib/confabd/confabd.db")
            checks.check("a registered channel is kept in the service's folder", problem or (
                "" if text.startswith("confabd:confabd 6") else text))
    finally:
        if server.poll() is None:
            server.kill()
        server.wait()


def check_removal(checks, system, found, before, command):
    """Removing keeps the configuration, purging keeps nothing; `command` runs one in it."""
    config = system.path("/etc/confabd/confabd.toml")
    with open(config, "a", encoding="utf-8") as file:
        file.write("# a line of the administrator's\n")
    system.path("/var/lib/confabd/kept").write_text("history\n")
    text, problem = command("apt-get", "-q", "-y", "remove", *found)
    checks.check("apt removes the packages", problem and text[-3000:])
    kept = all(path.exists() for path in (config, system.path("/var/lib/confabd/kept")))
    checks.check("removing keeps configuration and store", "" if kept else "it does not")
    checks.check("removing takes the program",
                 "it is there" if system.path("/usr/bin/confabd").exists() else "")
    text, problem = command("dpkg", "--purge", *found)
    checks.check("dpkg purges the packages", problem and text[-3000:])
    checks.equal("what is left after the purge", system.traces(), before)


def check_life(checks, system, found, before, command):
    """The service under systemd, if it can be booted, and by hand if not; then its end."""
    with booted.Booted(system.root) as running:
        if running.up:
            booted.check_service(checks, running, system.path("/etc/confabd/confabd.toml"))
            check_removal(checks, system, found, before, running.run)
            booted.is_active(checks, running, "removing stops the service", "inactive")
            booted.check_again(checks, running, [f"/{path.name}" for path in found.values()])
            checks.equal("what is left after the second purge", system.traces(), before)
            return
    print("note: systemd cannot be booted here: the service was started by hand")
    check_service(checks, system, command)
    check_removal(checks, system, found, before, system.run)


def check(checks, found, root, cache, command):
    """All of the above."""
    system = bootstrap(checks, root, cache)
    if system is None:
        return
    before = system.traces()
    install(checks, system, found)
    check_library(checks, system)
    if "python3-confab" in found:
        check_python(checks, system)
    check_commands(checks, system)
    check_files(checks, system)
    check_guides(checks, system)
    check_life(checks, system, found, before, command)
