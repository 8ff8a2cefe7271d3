# SPDX-License-Identifier: MIT
"""A host for asyncio: it owns the sockets, ticks the engine when something is due, and flushes it
once in each turn of the loop, so that all that a connection has goes out in one write.

    host = AsyncioHost()
    with Engine(host=host, server_name="chat.example") as engine:
        await host.listen("127.0.0.1", 6667)
        await host.run_forever()

Where a client does not read, asyncio's buffer fills, then the engine's, and then the engine closes
the connection; where what one sends must wait for a filter, its socket is not read meanwhile.
"""
from __future__ import annotations

import asyncio
from typing import Any

from .engine import Engine
from .errors import ClosedError, ConfabError
from .host import Host


class _Peer(asyncio.Protocol):
    """One socket."""

    def __init__(self, host: AsyncioHost) -> None:
        self.host = host
        self.conn = 0
        self.transport: Any = None
        self.blocked = False  # asyncio's buffer is full
        self.rest = b""  # what the engine did not take yet

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        peername = transport.get_extra_info("peername")
        address = peername[0] if isinstance(peername, tuple) and peername else "0"
        try:
            self.conn = self.host.engine.open(
                address=address, secure=transport.get_extra_info("ssl_object") is not None)
        except ConfabError:  # refused, or the engine is closed
            self.transport.abort()
            return
        self.host.peers[self.conn] = self

    def data_received(self, data: bytes) -> None:
        if not self.conn:
            return
        taken = self.host.engine.feed(self.conn, data)
        if taken < len(data):
            self.rest = data[taken:]
            self.transport.pause_reading()
            self.host.unread.add(self)

    def feed_rest(self) -> bool:
        """Gives what is left; False: there is still something."""
        if self.conn and self.host.engine.input_wanted(self.conn):
            self.rest = self.rest[self.host.engine.feed(self.conn, self.rest):]
        if self.conn and self.rest:
            return False
        if self.conn:
            self.transport.resume_reading()
        return True

    def pause_writing(self) -> None:
        self.blocked = True

    def resume_writing(self) -> None:
        self.blocked = False
        if self.conn:
            self.host.engine.writable(self.conn)

    def connection_lost(self, exc: Exception | None) -> None:
        conn, self.conn = self.conn, 0
        self.host.peers.pop(conn, None)
        self.host.unread.discard(self)
        if conn and self.host.engine.is_open:
            self.host.engine.closed(conn, str(exc) if exc else "")


class AsyncioHost(Host):
    """Serves one engine in one loop: the one that runs when listen() is called."""

    def __init__(self) -> None:
        self.peers: dict[int, _Peer] = {}
        self.unread: set[_Peer] = set()
        self._bound: Engine | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._servers: list[asyncio.Server] = []
        self._turn_due = False
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0

    @property
    def engine(self) -> Engine:
        """The engine that was made with this host."""
        if self._bound is None:
            raise RuntimeError("no engine was made with this host")
        return self._bound

    def bind(self, engine: Engine) -> None:
        if self._bound is not None:
            raise RuntimeError("a host serves one engine")
        self._bound = engine

    def unbind(self) -> None:
        self.stop_listening()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def listen(self, address: str | None = "127.0.0.1", port: int = 6667, *,
                     path: str | None = None, **more: Any) -> asyncio.Server:
        """Listens on a TCP port, or on a Unix socket at `path`; `ssl` and more as asyncio has them.
        """
        self._loop = asyncio.get_running_loop()
        if path is not None:
            server = await self._loop.create_unix_server(lambda: _Peer(self), path, **more)
        else:
            server = await self._loop.create_server(lambda: _Peer(self), address, port, **more)
        self._servers.append(server)
        self.work()
        return server

    async def run_forever(self) -> None:
        """Until the task is cancelled; then nothing listens any more."""
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self.stop_listening()

    def stop_listening(self) -> None:
        """Takes no new connections."""
        while self._servers:
            self._servers.pop().close()

    # What the engine calls.

    def send(self, conn: int, data: bytes) -> int:
        peer = self.peers.get(conn)
        if peer is None or peer.blocked:
            return 0
        peer.transport.write(data)
        return len(data)

    def close(self, conn: int, why: str) -> None:
        peer = self.peers.pop(conn, None)
        if peer is not None:
            peer.conn = 0
            if self._loop is not None and not self._loop.is_closed():
                peer.transport.close()

    def work(self) -> None:
        if not self._turn_due and self._loop is not None and not self._loop.is_closed():
            self._turn_due = True
            self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        """At the end of a turn of the loop: everything that came has been fed."""
        try:
            self._serve(self.engine)
        except ClosedError:
            pass  # a handler closed it: nothing is due any more
        finally:
            self._turn_due = False

    def _serve(self, engine: Engine) -> None:
        due, now = engine.deadline(), engine.now()
        if due is not None and due <= now:
            engine.tick(now)
        engine.flush()
        if self.unread:
            self.unread -= {peer for peer in self.unread if peer.feed_rest()}
            engine.flush()
        self._arm(engine.deadline(), now)

    def _arm(self, due: int | None, now: int) -> None:
        """One timer, for the earliest deadline that was seen."""
        assert self._loop is not None
        if due is None or (self._timer is not None and self._timer_at <= due):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = due
        self._timer = self._loop.call_later(max(due - now, 0) / 1e9, self._timer_ran)

    def _timer_ran(self) -> None:
        self._timer = None
        self.work()
