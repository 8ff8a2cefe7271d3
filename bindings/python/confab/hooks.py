# SPDX-License-Identifier: MIT
"""Handlers: what they are given, what they may answer, and how C reaches them.

    transform   call.set(text=...)                         answers nothing
    policy      None or PASS, deny(...); an async def      takes its time: the act waits for it
    override    None, or allow(reason)
    observe     anything; call.outcome tells how it ended; may be an async def

A handler that raises, or answers something else, has failed: it is reported (Engine.on_error), and
the library does what its hook says, which is to deny unless fail_open.
"""
from __future__ import annotations

import asyncio
import dataclasses
import enum
import inspect
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import constants, events, records, text
from ._data import CONSTANTS
from .errors import ClosedError, ConfabError, StaleIdError, check
from .raw import ffi, lib

if TYPE_CHECKING:
    from .engine import Engine

_PASS, _DENY, _DEFER, _ALLOW = (CONSTANTS[name] for name in ("PASS", "DENY", "DEFER", "ALLOW"))
_FAILED = -1  # no verdict: the library counts it as a failure
_FIRST_NUMBER = CONSTANTS["FIELD_KIND"]


class Stage(enum.IntEnum):
    """When a handler runs: see hook.h."""

    TRANSFORM = CONSTANTS["STAGE_TRANSFORM"]
    POLICY = CONSTANTS["STAGE_POLICY"]
    OVERRIDE = CONSTANTS["STAGE_OVERRIDE"]
    OBSERVE = CONSTANTS["STAGE_OBSERVE"]


class Pass(enum.Enum):
    """The answer of those who have no opinion."""

    PASS = 0


PASS = Pass.PASS


@dataclasses.dataclass(frozen=True)
class Denial:
    """What deny() made."""

    text: str | bytes
    code: int
    visibility: int


@dataclasses.dataclass(frozen=True)
class Allowance:
    """What allow() made."""

    reason: str | bytes


def deny(why: str | bytes = "", *, code: int | str = "policy",
         visibility: int | str = "error") -> Denial:
    """A policy handler's refusal: CONFAB_REFUSED_* and CONFAB_DENIAL_*, by name or number."""
    return Denial(why, constants.number("REFUSED", code), constants.number("DENIAL", visibility))


def allow(reason: str | bytes = "") -> Allowance:
    """An override handler's answer: the denial is lifted, and why."""
    return Allowance(reason)


def _field(event: events.Event, name: str) -> int:
    field = event.FIELDS.get(name)
    if field is None:
        settable = ", ".join(event.FIELDS) or "nothing"
        raise TypeError(f"{name} of {event.NAME} cannot be set; {settable} can")
    return field


class Call:
    """One call of a handler; over when that returns."""

    __slots__ = ("_event", "_raw", "_subscription")

    def __init__(self, subscription: Subscription, raw: Any, event: events.Event) -> None:
        self._subscription = subscription
        self._raw = raw
        self._event = event

    def _here(self) -> Any:
        if self._raw is None:
            raise ClosedError("the handler that had this call has returned")
        return self._raw

    @property
    def engine(self) -> Engine:
        """The engine that calls: for queries, and for work that is done after this event."""
        return self._subscription.engine

    def set(self, **members: str | bytes | int) -> None:
        """TRANSFORM: replaces members of the event, for later handlers and the core."""
        raw = self._here()
        for name, value in members.items():
            field = _field(self._event, name)
            if field >= _FIRST_NUMBER:
                if not isinstance(value, int):
                    raise TypeError(f"{name} is a number, not {type(value).__name__}")
                check(lib.confab_call_set_number(raw, field, value))
            else:
                keep: list[Any] = []
                if isinstance(value, int):
                    raise TypeError(f"{name} is a text, not {type(value).__name__}")
                check(lib.confab_call_set(raw, field, text.given(value, keep)))

    def event(self) -> events.Event:
        """The event as it is now, after what was set."""
        event = events.made(lib.confab_call_event(self._here()))
        events.fill(event)
        return event

    def original(self, member: str) -> str:
        """A text as the client said it, before any handler."""
        out = ffi.new("confab_str *")
        check(lib.confab_call_original(self._here(), _field(self._event, member), out, ffi.NULL))
        return text.shown(out[0])

    @property
    def outcome(self) -> records.Outcome:
        """OBSERVE: how it ended. OVERRIDE: how it was denied."""
        out = records.blank(records.Outcome)
        check(lib.confab_call_outcome(self._here(), out))
        return records.read(records.Outcome, out)

    def causes(self) -> list[records.Cause]:
        """The chain that led to this event, the nearest first."""
        found: list[records.Cause] = []
        while True:
            out = records.blank(records.Cause)
            if check(lib.confab_call_cause(self._here(), len(found), out)) == CONSTANTS["END"]:
                return found
            found.append(records.read(records.Cause, out))

    def defer(self, wait_ms: int = 0) -> Waiting:
        """POLICY: answer with what this returns, and decide by it later. `async def` handlers do
        so by themselves."""
        token = ffi.new("confab_id *")
        check(lib.confab_call_defer(self._here(), wait_ms, token))
        return Waiting(self._subscription, token[0], self._event)


class Waiting:
    """An act that waits for its handler. What comes too late is a StaleIdError."""

    def __init__(self, subscription: Subscription, token: int, event: events.Event) -> None:
        self._subscription = subscription
        self.token = token
        self._event = event

    @property
    def engine(self) -> Engine:
        """The engine in which it waits."""
        return self._subscription.engine

    def set(self, **texts: str | bytes) -> None:
        """Replaces texts of the act: they count when it is passed."""
        for name, value in texts.items():
            keep: list[Any] = []
            self.engine._run(lib.confab_deferral_set, self.token, _field(self._event, name),
                             text.given(value, keep))

    def answer(self, verdict: Any) -> None:
        """Decides, with what a policy handler may answer."""
        if verdict is None or verdict is PASS:
            self._resolve(_PASS, Denial("", 0, 0))
        elif isinstance(verdict, Denial):
            self._resolve(_DENY, verdict)
        else:
            raise TypeError(f"a policy handler answers PASS, None or deny(...), not "
                            f"{type(verdict).__name__}")

    def _resolve(self, verdict: int, why: Denial) -> None:
        keep: list[Any] = []
        self.engine._run(lib.confab_deferral_resolve, self.token, verdict, why.code,
                         text.given(why.text, keep), why.visibility)


class Subscription:
    """A handler and its hook. Calling it calls the handler, so that it can stand in its place."""

    def __init__(self, engine: Engine, handler: Callable[..., Any], stage: Stage,
                 settings: dict[str, Any]) -> None:
        self.engine = engine
        self.stage = stage
        self.id = 0
        self.wait_ms: int = settings.pop("wait_ms")
        self.fail_open: bool = settings["fail_open"]
        self.on_cancelled: Callable[[int, str], object] | None = settings.pop("on_cancelled")
        self._handler: Callable[..., Any] | None = handler
        self._is_async = inspect.iscoroutinefunction(handler)
        # By token; None while it is being started: some loops run a task at once.
        self._tasks: dict[int, asyncio.Task[None] | None] = {}
        self._handle: Any = ffi.new_handle(self)
        if self._is_async and stage in (Stage.TRANSFORM, Stage.OVERRIDE):
            raise TypeError(f"a handler of stage {stage.name.lower()} cannot take its time")
        self._judge = {Stage.POLICY: self._policy, Stage.OVERRIDE: self._override}.get(
            stage, self._nothing)

    def __call__(self, call: Any, event: events.Event) -> Any:
        if self._handler is None:
            raise ClosedError("the handler was removed")
        return self._handler(call, event)

    def remove(self) -> None:
        """Unsubscribes, at once; legal inside the handler. What it deferred is decided by its
        policy. Again: harmless."""
        if self._handler is not None and self.engine.is_open:
            try:
                self.engine._run(lib.confab_hook_remove, self.id)
            except StaleIdError:
                pass  # its removal waits for the handler to return

    def stats(self) -> records.HookStats:
        """What it did and cost."""
        out = records.blank(records.HookStats)
        self.engine._ask(lib.confab_hook_stats_get, self.id, out)
        return records.read(records.HookStats, out)

    # From here on: what C calls.

    def _run(self, raw: Any, pointer: Any) -> int:
        event = events.made(pointer)
        call = Call(self, raw, event)
        handler = self._handler
        if handler is None:  # nobody calls a released hook; were it so, this is not the place
            return _FAILED
        try:
            if self._is_async:
                return self._start(call, event, handler)
            return self._judge(raw, handler(call, event))
        except BaseException as error:  # pylint: disable=broad-except
            self.engine._report(self, error)
            return _FAILED
        finally:
            call._raw = None
            call._event = None  # type: ignore[assignment]
            # This frame and getrefcount have it: whoever else does wants the rest of it.
            if sys.getrefcount(event) > 2:
                events.fill(event)

    def _policy(self, raw: Any, answer: Any) -> int:
        if answer is None or answer is PASS:
            return _PASS
        if isinstance(answer, Denial):
            keep: list[Any] = []
            check(lib.confab_call_deny(raw, answer.code, text.given(answer.text, keep),
                                       answer.visibility))
            return _DENY
        if isinstance(answer, Waiting):
            events.fill(answer._event)
            return _DEFER
        raise TypeError("a policy handler answers PASS, None, deny(...) or what call.defer() gave, "
                        f"not {type(answer).__name__}")

    def _override(self, raw: Any, answer: Any) -> int:
        if answer is None or answer is PASS:
            return _PASS
        if isinstance(answer, Allowance):
            keep: list[Any] = []
            check(lib.confab_call_override(raw, text.given(answer.reason, keep)))
            return _ALLOW
        raise TypeError(f"an override handler answers None or allow(...), not "
                        f"{type(answer).__name__}")

    def _nothing(self, _raw: Any, answer: Any) -> int:
        if self.stage == Stage.TRANSFORM and answer is not None and answer is not PASS:
            raise TypeError("a transform handler answers nothing (call.set replaces), not "
                            f"{type(answer).__name__}")
        return _PASS

    def _start(self, call: Call, event: events.Event, handler: Callable[..., Any]) -> int:
        """An `async def`: its token first, so that there is always one to resolve."""
        asyncio.get_running_loop()  # without one there is nobody to run it: an error
        events.fill(event)
        if self.stage == Stage.OBSERVE:
            event_outcome = call.outcome
            object.__setattr__(event, "outcome", event_outcome)
            coming = handler(call, event)
            self.engine._spawn(self._watch(coming), coming)
            return _PASS
        waiting = call.defer(self.wait_ms)
        coming = handler(waiting, event)
        self._tasks[waiting.token] = None
        task = self.engine._spawn(self._decide(waiting, coming), coming)
        if waiting.token in self._tasks:
            self._tasks[waiting.token] = task
        return _DEFER

    async def _watch(self, coming: Any) -> None:
        try:
            await coming
        except Exception as error:  # pylint: disable=broad-except
            self.engine._report(self, error)

    async def _decide(self, waiting: Waiting, coming: Any) -> None:
        """Answers for a handler that took its time; when it fails, with its policy."""
        policy = PASS if self.fail_open else deny(code="failed")
        try:
            answer = await coming
            if not (answer is None or answer is PASS or isinstance(answer, Denial)):
                raise TypeError("an asynchronous policy handler answers PASS, None or deny(...), "
                                f"not {type(answer).__name__}")
        except asyncio.CancelledError:
            self._resolve(waiting, policy)
            raise
        except Exception as error:  # pylint: disable=broad-except
            self.engine._report(self, error)
            answer = policy
        self._resolve(waiting, answer)

    def _resolve(self, waiting: Waiting, answer: Any) -> None:
        """No error where the act has ended meanwhile: nobody is left to be told."""
        if waiting.token in self._tasks and self.engine.is_open:
            del self._tasks[waiting.token]
            try:
                waiting.answer(answer)
            except ConfabError as error:
                self.engine._report(self, error)

    def _cancelled(self, token: int, why: int) -> None:
        task = self._tasks.pop(token, None)
        if task is not None and not task.get_loop().is_closed():
            task.cancel()
        if self.on_cancelled is not None:
            self.on_cancelled(token, constants.word("CANCELLED", why))

    def _released(self) -> None:
        self.engine._forget(self)
        self._handler = self._handle = None
        self.on_cancelled = None


class Command:
    """An added command and its handler."""

    def __init__(self, engine: Engine, handler: Callable[..., Any]) -> None:
        self.engine = engine
        self.id = 0
        self._handler: Callable[..., Any] | None = handler
        self._is_async = inspect.iscoroutinefunction(handler)
        self._handle: Any = ffi.new_handle(self)

    def __call__(self, event: events.Event) -> Any:
        if self._handler is None:
            raise ClosedError("the command was removed")
        return self._handler(event)

    def remove(self) -> None:
        """Takes the command away. Again: harmless."""
        if self._handler is not None and self.engine.is_open:
            try:
                self.engine._run(lib.confab_addition_remove, self.id)
            except StaleIdError:
                pass  # its removal waits for the handler to return

    def _run(self, pointer: Any) -> int:
        try:
            event = events.made(ffi.cast("const confab_event *", pointer))
            events.fill(event)
            coming = self(event)
            if self._is_async:
                asyncio.get_running_loop()
                self.engine._spawn(self._watch(coming), coming)
            return 0
        except ConfabError as error:
            self.engine._report(self, error)
            return error.status
        except BaseException as error:  # pylint: disable=broad-except
            self.engine._report(self, error)
            return CONSTANTS["ERR_CALLBACK"]

    async def _watch(self, coming: Any) -> None:
        try:
            await coming
        except Exception as error:  # pylint: disable=broad-except
            self.engine._report(self, error)

    def _released(self) -> None:
        self.engine._forget(self)
        self._handler = self._handle = None


@ffi.def_extern(error=_FAILED)
def py_hook_call(ctx, raw, pointer):  # type: ignore[no-untyped-def]
    return ffi.from_handle(ctx)._run(raw, pointer)


@ffi.def_extern(error=CONSTANTS["ERR_CALLBACK"])
def py_hook_cancelled(ctx, _engine, token, why):  # type: ignore[no-untyped-def]
    subscription = ffi.from_handle(ctx)
    try:
        subscription._cancelled(token, why)
        return 0
    except BaseException as error:  # pylint: disable=broad-except
        subscription.engine._report(subscription, error)
        return CONSTANTS["ERR_CALLBACK"]


@ffi.def_extern(error=CONSTANTS["ERR_CALLBACK"])
def py_hook_release(ctx):  # type: ignore[no-untyped-def]
    ffi.from_handle(ctx)._released()
    return 0


@ffi.def_extern(error=CONSTANTS["ERR_CALLBACK"])
def py_command_spec_run(ctx, _engine, pointer):  # type: ignore[no-untyped-def]
    return ffi.from_handle(ctx)._run(pointer)


@ffi.def_extern(error=CONSTANTS["ERR_CALLBACK"])
def py_command_spec_release(ctx):  # type: ignore[no-untyped-def]
    ffi.from_handle(ctx)._released()
    return 0
