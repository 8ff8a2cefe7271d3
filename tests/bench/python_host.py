#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What Python costs: a handler per message, and how much the asyncio host delivers on one core.

usage: python_host.py worker | deliveries    (with the Python that has confab installed)

A part of languages.py, which says what is measured. `worker` reads names of kinds of handlers, and
answers each with the nanoseconds that a message took. `deliveries` prints a line for each kind of
server: its name, messages taken, delivered (both in a second), and delivered by one write. The
server is bound to one core, its clients to another where there is one; they talk over sockets of
the loopback.
"""
import asyncio
import multiprocessing
import os
import socket
import sys
import time

import confab
from confab import events
from confab.aio import AsyncioHost

BATCH, BATCHES = 50, 40
LINE = b"PRIVMSG #room :hello there everybody, darn it, that was a fine evening\r\n"
SPEAKERS, LISTENERS, SAID = 4, 20, 40_000


class Nowhere(confab.Host):
    """Takes all output and has no use for it."""

    def send(self, conn, data):
        return None


def rewrite(engine):
    @engine.on(events.Message, stage="transform")
    def mask(call, event):
        if "darn" in event.text:
            call.set(text=event.text.replace("darn", "****"))


def judge(engine):
    @engine.on(events.Message, stage="policy")
    def no_spam(call, event):
        return confab.deny("no spam") if "spam" in event.text else None


def watch(engine):
    @engine.on(events.Message)
    def see(call, event):
        pass


KINDS = {"none": None, "rewrites": rewrite, "judges": judge, "sees": watch}


class World:
    """A room with one who speaks and one who listens, and perhaps a handler."""

    def __init__(self, subscribe):
        self.engine = confab.Engine(host=Nowhere(), commands_burst_max=0, events_max=0)
        for number in range(2):
            self.speaker = self.engine.open(address="192.0.2.1")
            self.engine.feed(self.speaker, f"NICK n{number}\r\nUSER u 0 * :u\r\nJOIN #room\r\n")
        self.engine.flush()
        if subscribe:
            subscribe(self.engine)

    def round_ns(self):
        batch = LINE * BATCH
        started = time.perf_counter_ns()
        for _ in range(BATCHES):
            self.engine.feed(self.speaker, batch)
            self.engine.flush()
        return (time.perf_counter_ns() - started) / (BATCH * BATCHES)


def work():
    """A round for each name that comes in."""
    worlds = {name: World(subscribe) for name, subscribe in KINDS.items()}
    for line in sys.stdin:
        print(f"{worlds[line.strip()].round_ns():.1f}", flush=True)
    for world in worlds.values():
        world.engine.close()


def bind_to(core):
    """This process runs on one core, if there are so many."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[core % len(cores)]})


def talk(port, out):
    """The clients, in a process of their own: SPEAKERS talk, all listen; tells the time it took."""
    bind_to(1)
    socks = []
    for number in range(SPEAKERS + LISTENERS):
        sock = socket.create_connection(("127.0.0.1", port))
        sock.sendall(f"NICK n{number}\r\nUSER u 0 * :u\r\nJOIN #room\r\n".encode())
        got = b""
        while b" 366 " not in got:
            got += sock.recv(65536)
        socks.append(sock)
    time.sleep(0.3)
    for sock in socks:
        sock.setblocking(False)
        try:
            while sock.recv(1 << 20):
                pass
        except BlockingIOError:
            pass

    async def run():
        loop = asyncio.get_running_loop()

        async def speak(sock):
            for _ in range(SAID // 20):
                await loop.sock_sendall(sock, LINE * 20)

        async def listen(sock, lines):
            while lines > 0:
                lines -= (await loop.sock_recv(sock, 1 << 20)).count(b"\n")
        started = time.perf_counter()
        await asyncio.gather(
            *(speak(sock) for sock in socks[:SPEAKERS]),
            *(listen(sock, SAID * (SPEAKERS - (number < SPEAKERS)))
              for number, sock in enumerate(socks)))
        return time.perf_counter() - started
    out.send(asyncio.run(run()))


class Counting(AsyncioHost):
    """Counts the writes."""

    writes = 0

    def send(self, conn, data):
        self.writes += 1
        return super().send(conn, data)


async def deliveries(name, subscribe):
    """How many messages the asyncio host delivers in a second."""
    host = Counting()
    with confab.Engine(host=host, commands_burst_max=0, output_backlog_bytes_max=1 << 24) as engine:
        if subscribe:
            subscribe(engine)
        server = await host.listen("127.0.0.1", 0)
        ours, theirs = multiprocessing.Pipe()
        clients = multiprocessing.get_context("fork").Process(
            target=talk, args=(server.sockets[0].getsockname()[1], theirs))
        clients.start()
        bind_to(0)
        while not ours.poll():
            await asyncio.sleep(0.05)
        seconds = ours.recv()
        clients.join()
        delivered = SAID * SPEAKERS * (SPEAKERS + LISTENERS - 1)
        print(f"{name} {SAID * SPEAKERS / seconds:.0f} {delivered / seconds:.0f} "
              f"{delivered / host.writes:.0f}", flush=True)


def main():
    if sys.argv[1:] == ["worker"]:
        work()
    elif sys.argv[1:] == ["deliveries"]:
        for name in ("none", "rewrites"):
            asyncio.run(deliveries(name, KINDS[name]))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
