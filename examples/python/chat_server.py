#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A chat server on asyncio: `chat_server.py [PORT]`, for any IRC client. Ctrl-C ends it.

It shows what a host in Python does: sockets and time are asyncio's, rules are functions. What holds
for handlers stands in bindings/python/README.md.
"""
import asyncio
import random
import re
import signal
import sys

import confab
from confab import events
from confab.aio import AsyncioHost

LINK = re.compile(r"https?://\S+")
KNOWN_HOSTS = ("https://modern.ircdocs.horse/", "https://www.debian.org/")


class ChatHost(AsyncioHost):
    """Sockets are AsyncioHost's business; what is left is the log."""

    def log(self, record: confab.records.LogRecord) -> None:
        print(f"[{record.event}] {record.text}", file=sys.stderr)


async def looked_up(link: str) -> bool:
    """Stands for a question to somebody else, which takes a while."""
    await asyncio.sleep(0.2)
    return link.startswith(KNOWN_HOSTS)


def add_rules(engine: confab.Engine) -> None:
    """Filters: one rewrites, one judges, one takes its time."""

    @engine.on(events.Message, stage="transform")
    def mask(call: confab.Call, event: events.Message) -> None:
        if "darn" in event.text:
            call.set(text=event.text.replace("darn", "****"))

    @engine.on(events.Nick, stage="policy")
    def keep_names(call: confab.Call, event: events.Nick) -> object:
        if event.nick.lower().startswith("admin"):
            return confab.deny("nobody is called that here", code="bad_nick")
        return confab.PASS

    @engine.on(events.Message, stage="policy", wait_ms=5000)
    async def check_links(act: confab.Waiting, event: events.Message) -> object:
        for link in LINK.findall(event.text):
            if not await looked_up(link):
                return confab.deny(f"{link} is not known here")
        return confab.PASS


def add_commands(engine: confab.Engine) -> None:
    """Commands that clients have beside the protocol's own."""

    @engine.command("ROLL", params=(0, 1), help_text="ROLL [sides]\nRolls a die in private.")
    def roll(event: events.Command) -> None:
        sides = event.parameters[0] if event.parameters else "6"
        if not sides.isdecimal() or not 2 <= int(sides) <= 1000:
            engine.reply(event.origin, "A die has 2 to 1000 sides.")
            return
        engine.reply(event.origin, f"You rolled {random.randint(1, int(sides))} of {sides}.")

    @engine.command("FIGURES", help_text="FIGURES\nHow busy this server is.")
    def figures(event: events.Command) -> None:
        now = engine.stats()
        engine.reply(event.origin, f"{now.users} users, {now.channels} channels, "
                                   f"{now.deliveries_total} messages delivered.")


async def follow(engine: confab.Engine) -> None:
    """Reads what happened; it may take as long as it likes."""
    async for event in engine.events():
        if isinstance(event, events.Join) and (user := engine.user(event.actor)):
            print(f"{user.nick} joins {event.name}", flush=True)
        elif isinstance(event, events.Disconnect):
            print(f"a connection ends: {event.text}", flush=True)


async def main(port: int) -> None:
    host = ChatHost()
    with confab.Engine(host=host, server_name="python.example", network_name="Pythonia",
                       motd="Try: ROLL 20\n", events_max=1000) as engine:
        add_rules(engine)
        add_commands(engine)
        server = await host.listen("127.0.0.1", port)
        address, port = server.sockets[0].getsockname()
        print(f"listening on {address}:{port}", flush=True)
        following = asyncio.create_task(follow(engine))
        stopped = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        await stopped.wait()
        for conn in engine.conns():
            engine.close_conn(conn.id, "The server goes home")
        engine.flush()
    await following


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 6667))
