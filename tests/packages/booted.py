# SPDX-License-Identifier: MIT
"""Boots the fresh system with its own systemd, in namespaces of its own, to see the service live.

The unit runs there as it would anywhere: confined as it says, started by the packages' scripts and
stopped by them. Where a machine does not let systemd start like that, the caller does without.
"""
import pathlib
import subprocess
import time

from checks import run

PATIENCE_S = 30
# The folder becomes the root of a mount namespace, with what systemd wants to find there.
BOOT = r"""
set -e
cd "$0"
mount --bind . . && cd "$0"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup sys/fs/cgroup
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mount -t tmpfs tmpfs dev
for name in null zero full random urandom tty; do
  touch "dev/$name" && mount --bind "/dev/$name" "dev/$name"
done
mkdir -p dev/pts dev/shm before
mount -t devpts devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
pivot_root . before
exec chroot . sh -c 'umount -l /before && rmdir /before &&
  exec env container=other /lib/systemd/systemd --log-target=null'
"""
CLIENT = r"""
import socket
with socket.create_connection(("127.0.0.1", 6667), timeout=10) as client:
    client.sendall(b"NICK ann\r\nUSER ann 0 * :Ann\r\n")
    assert b" 001 ann " in client.makefile("rb").readline()
"""


class Booted:
    """The system while it runs; a context manager. `up` says whether it does."""

    def __init__(self, root):
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child",
             "--uts", "--ipc", "--net", "--cgroup", "sh", "-c", BOOT, str(root)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.up = self.wait_until_up()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()  # and with it, all of the system
        self.process.wait()

    def wait_until_up(self):
        end = time.monotonic() + PATIENCE_S
        while self.process.poll() is None and time.monotonic() < end:
            if self.run("systemctl", "is-system-running")[0].strip() in ("running", "degraded"):
                return True
            time.sleep(0.1)
        return False

    def run(self, *command, only_network=False):
        """Runs a command in it, or in its network only; returns (output, problem)."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        first = children.read_text(encoding="ascii").split() if children.exists() else []
        if not first:
            return "", "it does not run"
        spaces = ["--net"] if only_network else ["--mount", "--pid", "--uts", "--ipc", "--net",
                                                 "--root", "--wd"]
        return run(["nsenter", f"--target={first[0]}", *spaces, *command])


def is_active(checks, system, name, wanted="active"):
    """The service's state as systemd knows it."""
    state = system.run("systemctl", "is-active", "confabd")[0].strip()
    checks.check(name, "" if state == wanted else
                 f"{state}\n{system.run('systemctl', '--no-pager', 'status', 'confabd')[0]}")


def check_service(checks, system, config):
    """It was started, answers, takes a new configuration, stores, and refuses a wrong one."""
    is_active(checks, system, "the service was started with the system")
    checks.check("the service answers a client", system.run(
        "/usr/bin/python3", "-c", CLIENT, only_network=True)[1])
    right = config.read_text(encoding="utf-8")
    config.write_text(right + '[[service.channels]]\nname = "#lobby"\nautostart = true\n'
                      '[[plugins]]\npath = "slowmode"\n', encoding="utf-8")
    checks.check("systemctl reload", system.run("systemctl", "reload", "confabd")[1])
    checks.check("systemctl restart", system.run("systemctl", "restart", "confabd")[1])
    is_active(checks, system, "the service runs with a channel and a plugin")
    text, problem = system.run("stat", "-c", "%U:%G %a", "/var/lib/confabd/confabd.db")
    checks.check("a registered channel is kept in the service's folder",
                 problem or ("" if text == "confabd:confabd 640\n" else text))
    config.write_text(right + "[nonsense]\n", encoding="utf-8")
    problem = system.run("systemctl", "restart", "confabd")[1]
    said = system.run("systemctl", "--no-pager", "status", "confabd")[0] + system.run(
        "journalctl", "--no-pager", "-u", "confabd")[0]
    checks.check("a wrong configuration keeps it from starting, and is named",
                 "" if problem and "nonsense" in said else said)
    config.write_text(right, encoding="utf-8")
    checks.check("systemctl start", system.run("systemctl", "start", "confabd")[1])
    is_active(checks, system, "the service runs again")


def check_again(checks, system, files):
    """Installed into a running system, the service is started at once; purged, it is stopped."""
    checks.check("dpkg installs the packages again", system.run(
        "dpkg", "--install", *files)[1])
    is_active(checks, system, "installing starts the service")
    checks.check("dpkg purges the packages again", system.run(
        "dpkg", "--purge", "confabd", "python3-confab", "libconfab-dev", "libconfab0")[1])
    is_active(checks, system, "purging stops the service", "inactive")
