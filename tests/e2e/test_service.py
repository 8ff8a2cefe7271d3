#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""confabd's service: registered channels that outlast it, bans with hours, classes with delays.

The environment variable CONFABD names the binary. Each function test_* is one test.
"""
import os
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
from checks import Checks
from confabd_process import Server, run_confabd

LOBBY = """
[[service.channels]]
name = "#lobby"
autostart = true
modes = ["topic_locked"]
topic = "Welcome"
properties = { OWNERKEY = "boss" }
"""


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def expect_in(part, whole):
    expect(part in whole, f"{part!r} is not in {whole!r}")


def rows(file):
    """The names that the store has, each with its definition."""
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return database.execute("SELECT name, definition FROM registered_channel").fetchall()
    finally:
        database.close()


def wait_for_row(file, part):
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if os.path.exists(file) and any(part in definition for _, definition in rows(file)):
            return
        time.sleep(0.05)
    raise AssertionError(f"{part!r} did not get into the store")


def settings(folder_file, more=""):
    return f'[store]\nfile = "{folder_file}"\n[log]\nlevel = "debug"\n' + LOBBY + more


def test_a_registered_channel_survives_a_restart_with_what_its_members_changed():
    with Server(LOBBY) as server:
        with server.user("alice") as alice:
            alice.send("LIST")
            expect_in("#lobby 0 :Welcome", alice.until("322"))
            alice.send("JOIN #lobby boss")
            expect_in("#lobby", alice.until("366"))
            alice.send("TOPIC #lobby :Changed here", "MODE #lobby +b bad!*@*", "MODE #lobby +l 7")
            alice.sync()
        store = server.path("confabd.db")
        server.signal(signal.SIGTERM)
        expect(server.wait_exit() == 0, "an orderly end")
        expect([name for name, _ in rows(store)] == ["#lobby"], rows(store))
        kept = settings(store)
        with Server(kept) as again, again.user("bob") as bob:
            bob.send("JOIN #lobby")
            expect_in("Changed here", bob.until("332"))
            expect_in("bob", bob.until("353"))
            bob.send("MODE #lobby")
            expect_in("7", bob.until("324"))
            bob.send("MODE #lobby b")
            expect_in("bad!*@*", bob.until("367"))


def test_a_change_is_saved_while_the_server_runs():
    with Server(LOBBY) as server, server.user("alice") as alice:
        alice.send("JOIN #lobby boss", "TOPIC #lobby :Soon on the disk")
        alice.sync()
        wait_for_row(server.path("confabd.db"), "Soon on the disk")
        server.process.kill()  # no orderly end
        server.process.wait()
        with Server(settings(server.path("confabd.db"))) as again, again.user("bob") as bob:
            bob.send("JOIN #lobby")
            expect_in("Soon on the disk", bob.until("332"))


def test_without_registered_channels_there_is_no_file():
    with Server() as server, server.user("alice") as alice:
        alice.send("JOIN #x", "TOPIC #x :gone with it")
        alice.sync()
        expect(not os.path.exists(server.path("confabd.db")), "a store without anything in it")


def test_a_ban_holds_in_its_hours():
    def at(hours):
        return f'[[service.bans]]\nnick = "bad*"\nhours = "{hours}"\nreason = "Not now"\n'
    now = time.gmtime()
    this_hour, next_hour, last = now.tm_hour, (now.tm_hour + 2) % 24, (now.tm_hour - 2) % 24
    with Server(at(f"{this_hour:02}:00-{next_hour:02}:00")) as server:
        with server.client() as bad:
            bad.send("NICK badguy", "USER x 0 * :X")
            lines = bad.rest()
            expect(any(" 465 " in line and "Not now" in line for line in lines), lines)
        server.write_config(at(f"{last:02}:00-{(last + 1) % 24:02}:00"))
        server.rehash()
        with server.user("badguy") as bad:
            expect(bad.sync() is not None, "outside of the hours there is no ban")


def test_a_class_slows_its_users_down():
    slow = '[service]\n[[service.classes]]\nname = "all"\nmessage_delay_s = 1\n'
    with Server(slow) as server, server.user("alice") as alice:
        begun = time.monotonic()
        alice.send("PRIVMSG alice :one", "PRIVMSG alice :two", "PING end")
        alice.until("PONG")
        took = time.monotonic() - begun
        expect(1.9 < took < 6, f"two messages took {took:.2f} s")


def test_mistakes_are_told_with_their_place():
    with Server() as server:
        for text, words in (
                ('[service]\nprotection = "extreme"\n', "protection: is none of the words"),
                ('[[service.classes]]\nname = "a"\nhours = "9-17"\n', "classes[0].hours: must be"),
                ('[[service.channels]]\nname = "lobby"\n', "channels[0].name: is no name"),
                ('[service]\nspeed = 1\n', "speed: there is no such member"),
                ('[[listen]]\naddress = "127.0.0.1:0"\nprotocols = ["dcc"]\n',
                 "must be of: irc, ircv3, ircx, mic")):
            server.write_config(text)
            code, _, problem = run_confabd("--config", server.config, "--check-config")
            expect(code == 2, problem)
            expect_in(words, problem)


def test_ports_used_twice():
    """Q197334: two equal ports are refused, and which it is; at the start and at a rehash."""
    one = '[[listen]]\naddress = "127.0.0.1:0"\n'
    twice = ('[[listen]]\naddress = "127.0.0.1:7007"\nprotocols = ["irc"]\n'
             '[[listen]]\naddress = "127.0.0.1:7007"\nprotocols = ["mic"]\n')
    with Server(one, listen=False) as server, server.user("alice") as alice:
        server.write_config(twice)
        code, _, problem = run_confabd("--config", server.config)
        expect(code == 2, problem)
        expect_in("listen.address: 127.0.0.1:7007 is there twice", problem)
        failed = server.rehash()
        expect(any("127.0.0.1:7007 is there twice" in line.get("reason", "") for line in failed),
               failed)
        expect(alice.sync() is not None, "those who are there go on")


def test_the_printed_service_reads_back():
    with Server(LOBBY) as server:
        _, first, _ = run_confabd("--config", server.config, "--print-config")
        expect_in("[[service.channels]]", first)
        server.write_config(first)
        _, second, _ = run_confabd("--config", server.config, "--print-config")
        expect(first == second, second)


def main():
    checks = Checks()
    wanted = sys.argv[1:]
    for name, function in list(globals().items()):
        if not name.startswith("test_") or (wanted and name not in wanted):
            continue
        problem = ""
        try:
            function()
        except (AssertionError, OSError, subprocess.SubprocessError, sqlite3.Error) as error:
            problem = f"{type(error).__name__}: {error}"
        checks.check(name, problem)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
