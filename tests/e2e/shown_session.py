#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Plays a session of four protocols that a README shows, and compares every line of it.

usage: shown_session.py < TEXT

A line `who: ACT` is what somebody does, the indented ones after it are what each client gets, in
that client's own protocol: `irc` is anna, `ircv3` berta, `ircx` carol (who made the channel), `mic`
dora. Nobody gets anything else. Times are not compared. CONFABD and MIC_TALK name the programs.
"""
import os
import queue
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
from confabd_process import PATIENCE_S, Server
from test_protocols import Mic, hears, ircx_user, v3_user

TIME = re.compile(r"@time=\S+")
# What is about no act: what the client of MIC asks by itself when it is in a channel, and pings.
ASIDE = ("DATAQUERY ", "PING ")
# How the client of MIC is told what the text says.
WORDS = ((r"OPENCHANNEL (\S+)", r"open \1"), (r"SENDMSG (\S+) (.*)", r"say \1 \2"),
         (r'CLOSE (\S+) "(.*)"', r"kick #tea \1 \2"))


def acts(text):
    """[(who, act, [(client, line)])] of the text."""
    found = []
    for line in text.splitlines():
        if line.startswith("  "):
            found[-1][2].append(tuple(line.split(maxsplit=1)))
        else:
            who, _, act = line.partition(": ")
            found.append((who, act, []))
    return found


def do(act, client):
    """One act, in the client's own words."""
    if not isinstance(client, Mic):
        client.send(act)
        return
    for pattern, instead in WORDS:
        if re.fullmatch(pattern, act):
            client.say(re.sub(pattern, instead, act))
            return
    raise AssertionError(f"nobody knows how {act!r} is done in MIC")


def next_of(client):
    """The next line that is about an act, or None when none comes."""
    while True:
        try:
            line = (client.lines.get(timeout=PATIENCE_S) if isinstance(client, Mic)
                    else client.line())
        except (queue.Empty, TimeoutError):
            return None
        if line is None or not line.startswith(ASIDE):
            return line and line.rstrip()


def heard(clients, wanted):
    """{client: lines}: as many as each should get, and what more came by then."""
    got = {name: [] for name in clients}
    for name, lines in got.items():
        for _ in range(sum(each == name for each, _ in wanted)):
            lines.append(next_of(clients[name]))
    for name, client in clients.items():
        if not isinstance(client, Mic):
            got[name] += [line for line in client.sync() if not line.startswith(ASIDE)]
    return got


def play(text, server, clients):
    """Raises where the session goes another way."""
    names = {"anna": "irc", "berta": "ircv3", "carol": "ircx", "dora": "mic"}
    clients["ircx"] = ircx_user(server, "carol")
    clients["irc"], clients["ircv3"] = server.user("anna"), v3_user(server, "berta")
    for name in ("ircx", "irc", "ircv3"):
        clients[name].send("JOIN #tea")
        hears(clients[name], " 366 ")
    clients["mic"].login("dora")
    for name in ("ircx", "irc", "ircv3"):
        clients[name].sync()
    for who, act, wanted in acts(text):
        do(act, clients[names[who]])
        got = heard(clients, wanted)
        for name in names.values():
            right = [TIME.sub("@time", line) for each, line in wanted if each == name]
            lines = [TIME.sub("@time", line or "nothing") for line in got[name]]
            if lines != right:
                raise AssertionError(f"{who}: {act}\n{name} gets {lines}\nand not {right}")


def main():
    text = sys.stdin.read()
    if not acts(text):
        raise AssertionError("the text shows no act")
    with Server() as server, Mic(server.port()) as dora:
        clients = {"mic": dora}  # which stay connected until the end
        play(text, server, clients)
        more = [line for line in list(dora.lines.queue) if not line.startswith(ASIDE)]
        if more:
            raise AssertionError(f"dora got more: {more}")


if __name__ == "__main__":
    main()
