# SPDX-License-Identifier: MIT
"""What a negative status becomes: an exception, one class for each family of codes.

`status` is the code, `detail` what the engine says of it. Positive statuses are no errors.
"""
from __future__ import annotations

import enum

from ._data import CONSTANTS
from .raw import ffi, lib

_NEWS = ("OK", "AGAIN", "PARKED", "QUEUED", "END")


def _statuses() -> dict[str, int]:
    return {name: value for name, value in CONSTANTS.items()
            if name in _NEWS or name.startswith("ERR_")}


Status = enum.IntEnum("Status", _statuses())  # type: ignore[misc]
Status.__doc__ = "What a call answers: 0 and above is success."


class ConfabError(Exception):
    """A call that failed."""

    def __init__(self, status: int, detail: str = "") -> None:
        self.status = status
        self.name: str = ffi.string(lib.confab_status_name(status)).decode()
        self.detail = detail
        super().__init__(f"{self.name}: {detail}" if detail else self.name)


class UsageError(ConfabError):
    """-1xx: the caller's mistake. Nothing changed."""


class ReentrantError(UsageError):
    """A call that drives the engine, from inside a handler or a callback of the host."""


class StaleIdError(UsageError):
    """The id names something that is gone."""


class ClosedError(UsageError):
    """The engine was closed, or the call of a handler is over."""

    def __init__(self, detail: str) -> None:
        super().__init__(CONSTANTS["ERR_STATE"], detail)


class ProtocolError(ConfabError):
    """-2xx: bytes break the protocol, or a text cannot be said in it."""


class RefusedError(ConfabError):
    """-3xx: a rule or a limit said no."""


class ResourceError(ConfabError, MemoryError):
    """-4xx: there is no memory. State is as it was."""


class FatalError(ConfabError):
    """-9xx: the engine can only be closed."""


_FAMILIES: dict[int, type[ConfabError]] = {
    1: UsageError, 2: ProtocolError, 3: RefusedError, 4: ResourceError, 9: FatalError}
_SPECIAL: dict[int, type[ConfabError]] = {
    CONSTANTS["ERR_REENTRANT"]: ReentrantError, CONSTANTS["ERR_STALE_ID"]: StaleIdError}


def error_for(status: int, detail: str = "") -> ConfabError:
    """The exception for a negative status."""
    kind = _SPECIAL.get(status) or _FAMILIES.get(-status // 100) or ConfabError
    return kind(status, detail)


def check(status: int) -> int:
    """The status, if it is none of an error."""
    if status < 0:
        raise error_for(status)
    return status
