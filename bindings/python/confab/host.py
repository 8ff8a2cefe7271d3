# SPDX-License-Identifier: MIT
"""The host's side: derive from Host, and override what you need.

From inside a callback only queries may be called. An exception that leaves one is reported
(Engine.on_error) and answered for: a connection that could not be sent to is closed, a question is
refused. confab.aio has a host for asyncio.
"""
from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

from . import records, text
from ._data import CONSTANTS
from .raw import ffi, lib

if TYPE_CHECKING:
    from .engine import Engine

PARKED = object()
_ERR_CALLBACK = CONSTANTS["ERR_CALLBACK"]
_ERR_DENIED = CONSTANTS["ERR_DENIED"]


class Host:
    """Defaults: output is pulled (Engine.take_output), logs are dropped, passwords are granted."""

    # Override it to be given output: everything that a connection has, in one piece, once for each
    # flush. Answer how many bytes were taken (None: all); the rest waits for Engine.writable.
    send: Any = None

    # The same for connections that were opened with messages=True: whole messages. Answer how many
    # of them were taken (None: all).
    send_messages: Any = None

    # Override it to measure handlers by another clock: nanoseconds, going only forwards.
    clock: Any = None

    def bind(self, engine: Engine) -> None:
        """The engine was made, and this is its host."""

    def unbind(self) -> None:
        """The engine was closed: nothing is called any more."""

    def output_pending(self, conn: int) -> None:
        """A host that pulls: there is output that was not there before."""

    def close(self, conn: int, why: str) -> None:
        """The engine is done with a connection: close its socket. The id is dead afterwards."""

    def log(self, record: records.LogRecord) -> None:
        """One record of the log."""

    def random(self, size: int) -> bytes:
        """Randomness for the keys of the engine's tables."""
        return os.urandom(size)

    def request(self, request: records.Request) -> Any:
        """A question: see CONFAB_REQUEST_* in host.h. True or None grants, False refuses; PARKED
        answers later (Engine.resolve_request); an `async def` answers when it is done."""
        return request.kind == CONSTANTS["REQUEST_PASSWORD"] or False

    def work(self) -> None:
        """Something was done to the engine: flush it in this turn of your loop, once."""


class Link:
    """What C calls: the host, and the engine it serves."""

    def __init__(self, engine: Engine, host: Host) -> None:
        self.engine = engine
        self.host = host
        self.messages: set[int] = set()
        self.complaint = ""  # what the log said last of an engine that could not be made
        self.handle = ffi.new_handle(self)

    def table(self) -> Any:
        """The confab_host of it."""
        table = ffi.new("confab_host *")
        lib.confab_host_defaults(table, ffi.sizeof("confab_host"))
        table.ctx = self.handle
        if self.host.send is not None or self.host.send_messages is not None:
            table.send = lib.py_host_send
        else:
            table.output_pending = lib.py_host_output_pending
        table.close = lib.py_host_close
        table.log = lib.py_host_log
        table.random = lib.py_host_random
        table.request = lib.py_host_request
        table.clock = ffi.addressof(lib, "confabpy_clock") if self.host.clock is None \
            else lib.py_host_clock
        return table

    def failed(self, error: BaseException) -> int:
        """Reports what left a callback."""
        self.engine._report(self.host, error)
        return _ERR_CALLBACK

    def send(self, conn: int, slices: Any, count: int) -> int:
        """How many bytes the host took."""
        if conn in self.messages:
            sizes = [slices[i].len for i in range(count)]
            taken = self.host.send_messages(
                conn, [bytes(ffi.buffer(slices[i].ptr, sizes[i])) for i in range(count)])
            return sum(sizes if taken is None else sizes[:taken])
        if count == 1:
            data = bytes(ffi.buffer(slices.ptr, slices.len))
        else:
            gathered = bytearray(lib.confabpy_total(slices, count))
            lib.confabpy_gather(slices, count, ffi.from_buffer(gathered))
            data = bytes(gathered)
        taken = self.host.send(conn, data)
        if taken is None:
            return len(data)
        if not isinstance(taken, int):
            raise TypeError(f"send answers a number of bytes or None, not {type(taken).__name__}")
        return taken

    def request(self, raw: Any) -> int:
        """Grants, refuses or parks."""
        request = records.read(records.Request, raw)
        answer = self.host.request(request)
        if asyncio.iscoroutine(answer):
            self.engine._spawn(self._answer(request.id, answer), answer)
            return CONSTANTS["PARKED"]
        if answer is PARKED:
            return CONSTANTS["PARKED"]
        return CONSTANTS["OK"] if self.granted(answer) else _ERR_DENIED

    @staticmethod
    def granted(answer: Any) -> bool:
        """What an answer of Host.request means."""
        if answer is None or isinstance(answer, bool):
            return answer is not False
        raise TypeError(f"request answers True, False, None or PARKED, not {type(answer).__name__}")

    async def _answer(self, number: int, coming: Any) -> None:
        granted = False
        try:
            granted = self.granted(await coming)
        except Exception as error:  # pylint: disable=broad-except
            self.failed(error)
        if self.engine.is_open:
            self.engine._settle_request(number, granted)


@ffi.def_extern(error=_ERR_CALLBACK)
def py_host_send(ctx, conn, _conn_ctx, slices, count, accepted):  # type: ignore[no-untyped-def]
    link = ffi.from_handle(ctx)
    try:
        accepted[0] = link.send(conn, slices, count)
        return 0
    except BaseException as error:  # pylint: disable=broad-except
        return link.failed(error)


@ffi.def_extern(error=_ERR_CALLBACK)
def py_host_output_pending(ctx, conn, _conn_ctx):  # type: ignore[no-untyped-def]
    link = ffi.from_handle(ctx)
    try:
        link.host.output_pending(conn)
        return 0
    except BaseException as error:  # pylint: disable=broad-except
        return link.failed(error)


@ffi.def_extern(error=_ERR_CALLBACK)
def py_host_close(ctx, conn, _conn_ctx, why):  # type: ignore[no-untyped-def]
    link = ffi.from_handle(ctx)
    link.messages.discard(conn)
    try:
        link.host.close(conn, text.shown(why))
        return 0
    except BaseException as error:  # pylint: disable=broad-except
        return link.failed(error)


@ffi.def_extern(error=_ERR_CALLBACK)
def py_host_log(ctx, raw):  # type: ignore[no-untyped-def]
    link = ffi.from_handle(ctx)
    try:
        record = records.read(records.LogRecord, raw)
        if record.event == "engine.options":
            link.complaint = record.text
        link.host.log(record)
        return 0
    except BaseException as error:  # pylint: disable=broad-except
        return link.failed(error)


@ffi.def_extern(error=_ERR_CALLBACK)
def py_host_random(ctx, out, size):  # type: ignore[no-untyped-def]
    link = ffi.from_handle(ctx)
    try:
        data = link.host.random(size)
        if len(data) != size:
            raise ValueError(f"random: {size} bytes were asked for, and {len(data)} came")
        ffi.memmove(out, data, size)
        return 0
    except BaseException as error:  # pylint: disable=broad-except
        return link.failed(error)


@ffi.def_extern(error=_ERR_CALLBACK)
def py_host_request(ctx, raw):  # type: ignore[no-untyped-def]
    link = ffi.from_handle(ctx)
    try:
        return link.request(raw)
    except BaseException as error:  # pylint: disable=broad-except
        link.failed(error)
        return _ERR_DENIED


@ffi.def_extern(error=_ERR_CALLBACK)
def py_host_clock(ctx, now):  # type: ignore[no-untyped-def]
    link = ffi.from_handle(ctx)
    try:
        now[0] = link.host.clock()
        return 0
    except BaseException as error:  # pylint: disable=broad-except
        return link.failed(error)
