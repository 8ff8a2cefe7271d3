# SPDX-License-Identifier: MIT
"""The engine: create it, feed it, flush it once per turn of your loop, close it.

It belongs to the thread that made it. close() inside a handler or callback takes effect when the
outermost call into the engine returns; everything but that is a ClosedError from then on.
"""
from __future__ import annotations

import asyncio
import logging
import threading
import time
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeVar

from . import _data, constants, records, text
from . import events as kinds
from ._data import CONSTANTS
from .errors import ClosedError, ConfabError, UsageError, error_for
from .hooks import Command, Stage, Subscription
from .host import Host, Link
from .queries import Name, Queries
from .raw import ffi, lib

E = TypeVar("E", bound=kinds.Event)
_LOG = logging.getLogger("confab")
_CONN_OPTIONS = dict(_data.OPTIONS["confab_conn_options"])
_ENGINE_OPTIONS = dict(_data.OPTIONS["confab_engine_options"])
_USER_OPTIONS = dict(_data.OPTIONS["confab_user_options"])
_NEVER = CONSTANTS["TIME_NEVER"]


def _log_error(where: object, error: BaseException) -> None:
    _LOG.error("%r failed", where, exc_info=error)


class Engine(Queries):
    """An engine and its handlers. Options are the members of confab_engine_options.

    `now` and `unix_ns` are clocks in nanoseconds (time.monotonic_ns, time.time_ns); `on_error` is
    told what leaves handlers and callbacks: (where, exception). Without it, that is logged.
    """

    def __init__(self, host: Host | None = None, *, now: Callable[[], int] = time.monotonic_ns,
                 unix_ns: Callable[[], int] = time.time_ns,
                 on_error: Callable[[object, BaseException], object] = _log_error,
                 **options: Any) -> None:
        self._raw: Any = None
        self._clock, self._wall, self.on_error = now, unix_ns, on_error
        self._thread = threading.get_ident()
        self._depth = 0
        self._closing = False
        self._interrupt: BaseException | None = None
        self._readers: set[asyncio.Future[None]] = set()
        self._owned: set[Subscription | Command] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.host = host if host is not None else Host()
        self._link = Link(self, self.host)
        given = ffi.new("confab_engine_options *")
        lib.confab_engine_options_defaults(given, ffi.sizeof("confab_engine_options"))
        given.now, given.unix_ns = now(), unix_ns()
        keep: list[Any] = []
        text.fill(given, _ENGINE_OPTIONS, options, keep)
        out = ffi.new("confab_engine **")
        status = lib.confab_engine_create(given, self._link.table(), out)
        if status < 0:
            raise error_for(status, self._link.complaint)
        self._raw = out[0]
        self.host.bind(self)

    # Life.

    @property
    def is_open(self) -> bool:
        """Not closed, nor about to be."""
        return self._raw is not None and not self._closing

    def close(self) -> None:
        """Ends the engine: every handler is let go, every connection closed. Again: harmless."""
        if self._raw is None:
            return
        self._check_thread()
        self._closing = True
        if not self._depth:
            self._settle()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_what: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_raw", None) is not None and not self._depth:
            warnings.warn("an Engine was dropped without close()", ResourceWarning, source=self)
            self._closing = True
            self._settle()

    def _check_thread(self) -> None:
        if threading.get_ident() != self._thread:
            raise UsageError(CONSTANTS["ERR_STATE"], "an engine belongs to the thread that made it")

    def _engine(self) -> Any:
        if self._raw is None or self._closing:
            raise ClosedError("this engine is closed")
        if threading.get_ident() != self._thread:
            self._check_thread()
        return self._raw

    def _run(self, function: Callable[..., int], *arguments: Any) -> int:
        """A call that is not const: negative statuses are exceptions."""
        raw = self._engine()
        self._depth += 1
        error = None
        try:
            status = function(raw, *arguments)
            if status < 0:
                error = error_for(status, self._detail(status))
        finally:
            self._depth -= 1
            if not self._depth:
                self._settle()
        if error is not None:
            raise error
        return status

    def _detail(self, status: int) -> str:
        out = records.blank(records.ErrorInfo)
        if lib.confab_engine_last_error(self._raw, out) == 0 and out.status == status:
            return text.shown(out.text)
        return ""

    def _settle(self) -> None:
        """The outermost call returned: what could not happen inside it happens now."""
        if self._closing and self._raw is not None:
            self._end()
        for reader in self._readers:
            if not reader.done() and not reader.get_loop().is_closed():
                reader.set_result(None)
        if self._raw is not None:
            self.host.work()
        if self._interrupt is not None:
            interrupt, self._interrupt = self._interrupt, None
            raise interrupt

    def _end(self) -> None:
        self._depth += 1
        try:
            status = lib.confab_engine_destroy(self._raw)
        finally:
            self._depth -= 1
        if status < 0:
            raise error_for(status)
        self._raw = None
        for task in tuple(self._tasks):
            if not task.get_loop().is_closed():
                task.cancel()
        self._owned.clear()
        self._link.messages.clear()
        self.host.unbind()

    def _report(self, where: object, error: BaseException) -> None:
        """An exception that left a handler or callback. One that is to end the program does so
        when the outermost call returns."""
        if not isinstance(error, Exception):
            self._interrupt = error
            return
        try:
            self.on_error(where, error)
        except Exception:  # pylint: disable=broad-except
            _LOG.exception("on_error failed")

    def _forget(self, owned: Subscription | Command) -> None:
        self._owned.discard(owned)

    def _spawn(self, coroutine: Any, inner: Any) -> asyncio.Task[None]:
        """Runs a coroutine in the loop that runs now; `inner` is what it awaits."""
        try:
            task = asyncio.get_running_loop().create_task(coroutine)
        except RuntimeError:
            inner.close()
            coroutine.close()
            raise
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # One that is cancelled before it began never awaits the other.
        task.add_done_callback(lambda _done: inner.close())
        return task

    # Driving.

    def open(self, *, messages: bool = False, secure: bool = False, now: int | None = None,
             trust: int | str = "peer", **options: Any) -> int:
        """Opens a connection: `address`, `hostname`, `protocol` as in conn.h. With `messages`,
        bytes come and go as whole messages (WebSocket)."""
        given = ffi.new("confab_conn_options *")
        lib.confab_conn_options_defaults(given, ffi.sizeof("confab_conn_options"))
        keep: list[Any] = []
        given.flags = (messages and CONSTANTS["CONN_MESSAGES"]) | (
            secure and CONSTANTS["CONN_SECURE"])
        given.trust = constants.number("TRUST", trust)
        text.fill(given, _CONN_OPTIONS, options, keep)
        out = ffi.new("confab_id *")
        self._run(lib.confab_conn_open, given, self._clock() if now is None else now, out)
        if messages:
            self._link.messages.add(out[0])
        return int(out[0])

    def feed(self, conn: int, data: str | bytes | bytearray | memoryview,
             now: int | None = None) -> int:
        """Bytes from a peer. Returns how many were taken: if not all, give the rest later, when
        input_wanted says so."""
        if isinstance(data, str):
            data = text.encoded(data)
        with ffi.from_buffer(data) as view:
            taken = ffi.new("size_t *")
            self._run(lib.confab_conn_feed, conn, self._clock() if now is None else now, view,
                      len(view), taken)
        return int(taken[0])

    def input_wanted(self, conn: int) -> bool:
        """Would the connection take input now?"""
        return self._ask(lib.confab_conn_input_wanted, conn) == 0

    def take_output(self, conn: int) -> bytes:
        """All that is queued for a connection, counted as sent: for hosts that pull."""
        slices, count = ffi.new("confab_slice[64]"), ffi.new("size_t *")
        taken = bytearray()
        while True:
            self._ask(lib.confab_conn_output, conn, slices, 64, count)
            if not count[0]:
                return bytes(taken)
            part = bytearray(lib.confabpy_total(slices, count[0]))
            lib.confabpy_gather(slices, count[0], ffi.from_buffer(part))
            taken += part
            self._run(lib.confab_conn_sent, conn, len(part))

    def writable(self, conn: int) -> None:
        """The socket can take more: Host.send gets what is still queued."""
        self._run(lib.confab_conn_writable, conn)

    def close_conn(self, conn: int, why: str | bytes = "", now: int | None = None) -> None:
        """Ends a connection from the server's side."""
        keep: list[Any] = []
        self._run(lib.confab_conn_close, conn, self._clock() if now is None else now,
                  text.given(why, keep))

    def closed(self, conn: int, why: str | bytes = "", now: int | None = None) -> None:
        """The socket is gone."""
        self._link.messages.discard(conn)
        keep: list[Any] = []
        self._run(lib.confab_conn_closed, conn, self._clock() if now is None else now,
                  text.given(why, keep))

    def now(self) -> int:
        """The time by the engine's clock."""
        return self._clock()

    def tick(self, now: int | None = None) -> None:
        """Runs what is due."""
        self._run(lib.confab_engine_tick, self._clock() if now is None else now)

    def flush(self) -> None:
        """Hands out all that is queued: once per turn of the loop."""
        self._run(lib.confab_engine_flush)

    def deadline(self) -> int | None:
        """When tick must be called next, at the latest; None: nothing waits for time."""
        due = lib.confab_engine_deadline(self._engine())
        return None if due == _NEVER else due

    def configure(self, **options: Any) -> None:
        """New options for a running engine; those that are not given have their defaults."""
        given = ffi.new("confab_engine_options *")
        lib.confab_engine_options_defaults(given, ffi.sizeof("confab_engine_options"))
        keep: list[Any] = []
        text.fill(given, _ENGINE_OPTIONS, options, keep)
        self._run(lib.confab_engine_configure, given)

    def resolve_request(self, request: int, granted: bool, why: str | bytes = "") -> None:
        """Answers a question that Host.request PARKED."""
        keep: list[Any] = []
        self._run(lib.confab_request_resolve, request,
                  CONSTANTS["OK"] if granted else CONSTANTS["ERR_DENIED"], text.given(why, keep))

    def _settle_request(self, request: int, granted: bool) -> None:
        """For a question that took its time: its asker may be gone."""
        try:
            self.resolve_request(request, granted)
        except ConfabError as error:
            if error.status != CONSTANTS["ERR_STALE_ID"]:
                self._report(self.host, error)

    # Handlers and commands.

    def on(self, event: type[E] | str, *, stage: Stage | str = "observe", name: str = "",
           priority: int = 0, scope: int = 0, fail_open: bool = False, shadow: bool = False,
           wait_ms: int = 0, on_cancelled: Callable[[int, str], object] | None = None,
           **bounds: int) -> Callable[[Callable[[Any, E], Any]], Subscription]:
        """Subscribes what it decorates: `handler(call, event)`. See hooks.py for what a handler may
        do and answer. `bounds`: call_us_max, second_us_max, failures_max, retry_ms, protocols,
        origins, as in hook.h; `space` and `type` of an event of a leased space."""
        when = Stage(constants.number("STAGE", stage))
        kind: Any = kinds.named(event) if isinstance(event, str) else event
        if not (isinstance(kind, type) and issubclass(kind, kinds.Event)):
            raise TypeError("on() takes a class of confab.events, or its name")

        def subscribe(handler: Callable[[Any, E], Any]) -> Subscription:
            if not callable(handler):
                raise TypeError(f"a handler is callable, {type(handler).__name__} is not")
            subscription = Subscription(self, handler, when, {
                "wait_ms": wait_ms, "fail_open": fail_open, "on_cancelled": on_cancelled})
            hook = ffi.new("confab_hook *")
            hook.struct_size = ffi.sizeof("confab_hook")
            hook.type = kind.TYPE if kind.TYPE >= 0 else bounds.pop("type", 0)
            hook.stage, hook.priority, hook.scope = when, priority, scope
            hook.flags = (fail_open and CONSTANTS["HOOK_FAIL_OPEN"]) | (
                shadow and CONSTANTS["HOOK_SHADOW"])
            keep: list[Any] = []
            hook.name = text.given(name or getattr(handler, "__name__", ""), keep)
            for bound, value in bounds.items():
                if bound not in ("call_us_max", "second_us_max", "failures_max", "retry_ms",
                                 "protocols", "origins", "space"):
                    raise TypeError(f"on() has no parameter {bound!r}")
                setattr(hook, bound, value)
            hook.ctx = subscription._handle
            hook.call, hook.release = lib.py_hook_call, lib.py_hook_release
            hook.cancelled = lib.py_hook_cancelled
            out = ffi.new("confab_id *")
            self._run(lib.confab_hook_add, hook, out)
            subscription.id = out[0]
            self._owned.add(subscription)
            return subscription

        return subscribe

    def command(self, verb: str, *, params: tuple[int, int] = (0, 15),
                permission: int | str = "user", help_text: str = "", cost: int = 0
                ) -> Callable[[Callable[[Any], Any]], Command]:
        """Adds a command to the protocol: what it decorates is called as `handler(event)`, with
        `event.parameters` and `event.origin`, when somebody uses it."""

        def add(handler: Callable[[Any], Any]) -> Command:
            command = Command(self, handler)
            spec = ffi.new("confab_command_spec *")
            spec.struct_size = ffi.sizeof("confab_command_spec")
            spec.permission = constants.number("PERMIT", permission)
            keep: list[Any] = []
            spec.verb, spec.help = text.given(verb, keep), text.given(help_text, keep)
            spec.params_min, spec.params_max = params
            spec.cost = cost
            spec.ctx = command._handle
            spec.run, spec.release = lib.py_command_spec_run, lib.py_command_spec_release
            out = ffi.new("confab_id *")
            self._run(lib.confab_command_add, spec, out)
            command.id = out[0]
            self._owned.add(command)
            return command

        return add

    def reply(self, conn: int, what: str | bytes) -> None:
        """Tells one connection something: one line."""
        keep: list[Any] = []
        self._run(lib.confab_reply_notice, conn, text.given(what, keep))

    # Acts.

    def submit(self, command: kinds.Event) -> int:
        """Does what an event says, in the name of its `actor` (0: the server): OK, PARKED, or
        QUEUED inside a handler."""
        keep: list[Any] = []
        if command.NAME == "custom":
            head = kinds.write(command, keep)
            return self._run(lib.confab_event_submit, ffi.cast("confab_event_custom *", head),
                             ffi.NULL)
        return self._run(lib.confab_command_submit, kinds.write(command, keep), ffi.NULL)

    def say(self, target: Name, what: str, *, actor: int = 0, kind: int | str = "notice") -> int:
        """Says something to a channel or a user, each by name or id."""
        where: dict[str, Any] = {"target" if isinstance(target, int) else "name": target}
        return self.submit(kinds.Message(actor=actor, text=what, **where,
                                         kind=constants.number("MESSAGE", kind)))

    def create_user(self, nick: str, **options: str) -> int:
        """A user without a connection: a bot."""
        given = ffi.new("confab_user_options *")
        lib.confab_user_options_defaults(given, ffi.sizeof("confab_user_options"))
        keep: list[Any] = []
        text.fill(given, _USER_OPTIONS, {"nick": nick, **options}, keep)
        out = ffi.new("confab_id *")
        self._run(lib.confab_user_create, given, out)
        return int(out[0])

    # The pull queue, and figures.

    def next_event(self) -> kinds.Event | None:
        """The oldest observed event that was not pulled yet, with its `outcome`, and `lost`: how
        many the queue dropped before it. Needs the option events_max."""
        pointer, lost = ffi.new("const confab_event **"), ffi.new("uint64_t *")
        outcome = records.blank(records.Outcome)
        if self._ask(lib.confab_event_next, pointer, outcome, lost) == CONSTANTS["END"]:
            return None
        event = kinds.made(pointer[0])
        kinds.fill(event)
        object.__setattr__(event, "outcome", records.read(records.Outcome, outcome))
        object.__setattr__(event, "lost", lost[0])
        return event

    def pulled(self) -> Iterator[kinds.Event]:
        """All events that wait in the pull queue."""
        while (event := self.next_event()) is not None:
            yield event

    async def events(self) -> AsyncIterator[kinds.Event]:
        """`async for event in engine.events()`: every observed event, until the engine closes. Two
        readers take the events from each other."""
        while self.is_open:
            event = self.next_event()
            if event is not None:
                yield event
                continue
            reader = asyncio.get_running_loop().create_future()
            self._readers.add(reader)
            try:
                await reader
            finally:
                self._readers.discard(reader)

    def metrics(self) -> str:
        """All figures as text that Prometheus reads."""
        out = ffi.new("confab_str *")
        self._run(lib.confab_metrics_text, out)
        return text.shown(out[0])
