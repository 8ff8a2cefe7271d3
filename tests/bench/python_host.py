#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What Python costs: a filter per message, and how much the asyncio host delivers on one core.

usage: python_host.py    (with the Python that has confab installed: bindings/python/README.md)

Prints figures and judges none. The server of the second part is bound to one core, its clients to
another where there is one; they talk over sockets of the loopback.
"""
import asyncio
import multiprocessing
import os
import pathlib
import socket
import statistics
import sys
import time

import confab
from confab import events
from confab.aio import AsyncioHost

MESSAGES = 50_000
ROUNDS = 5
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


def nanoseconds_per_message(subscribe):
    """Of a message to a room with one listener."""
    with confab.Engine(host=Nowhere(), commands_burst_max=0, events_max=0) as engine:
        conns = [engine.open(address="192.0.2.1") for _ in range(2)]
        for number, conn in enumerate(conns):
            engine.feed(conn, f"NICK n{number}\r\nUSER u 0 * :u\r\nJOIN #room\r\n")
        if subscribe:
            subscribe(engine)
        batch = LINE * 50
        started = time.perf_counter_ns()
        for _ in range(MESSAGES // 50):
            engine.feed(conns[0], batch)
            engine.flush()
        return (time.perf_counter_ns() - started) / MESSAGES


def filters():
    """The cost of each kind of handler, over an engine without one."""
    bare = statistics.median(nanoseconds_per_message(None) for _ in range(ROUNDS))
    print(f"note: a message to a room of two, fed and flushed from Python: {bare:.0f} ns")
    for name, subscribe in (("that rewrites", rewrite), ("that judges", judge),
                            ("that only sees", watch)):
        cost = statistics.median(nanoseconds_per_message(subscribe) for _ in range(ROUNDS)) - bare
        print(f"note: a handler in Python {name}: {cost:.0f} ns per message")


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
        print(f"note: asyncio host, one core, {name}: "
              f"{SAID * SPEAKERS / seconds:,.0f} messages a second taken, "
              f"{delivered / seconds:,.0f} delivered to {SPEAKERS + LISTENERS} clients, "
              f"{delivered / host.writes:.0f} in a write")


def main():
    print(f"note: Python {sys.version.split()[0]}, confab {confab.__version__}, "
          f"{pathlib.Path(confab.__file__).parent}")
    filters()
    for name, subscribe in (("no filter", None), ("a filter that rewrites", rewrite)):
        asyncio.run(deliveries(name, subscribe))
    print("1 passed, 0 failed")


if __name__ == "__main__":
    main()
