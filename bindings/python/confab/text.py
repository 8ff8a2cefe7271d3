# SPDX-License-Identifier: MIT
"""Texts between Python and C: the one place that knows how.

From the engine: UTF-8 with surrogateescape, so that any bytes survive. To the engine: the same, and
bytes as they are. `keep` holds what C looks at until the call has been made.
"""
from __future__ import annotations

from typing import Any

from .raw import ffi

_unpack = ffi.unpack


def encoded(value: str | bytes | bytearray | memoryview) -> bytes:
    """The bytes of a text."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise TypeError(f"a text is str or bytes, not {type(value).__name__}")


def shown(view: Any) -> str:
    """A confab_str as str."""
    size = view.len
    if not size:
        return ""
    data: bytes = _unpack(view.ptr, size)
    return data.decode("utf-8", "surrogateescape")


def given(value: str | bytes, keep: list[Any]) -> Any:
    """A confab_str for a call; keep `keep` until it has returned."""
    data = encoded(value)
    buffer = ffi.from_buffer("char[]", data)
    keep.append(buffer)
    view = ffi.new("confab_str *")
    view.ptr, view.len = buffer, len(data)
    keep.append(view)
    return view[0]


def fill(struct: Any, known: dict[str, str], values: dict[str, Any], keep: list[Any]) -> None:
    """Puts keyword arguments into the members of a struct of options."""
    for name, value in values.items():
        kind = known.get(name)
        if kind is None:
            raise TypeError(f"there is no option {name!r}; there are: {', '.join(sorted(known))}")
        if kind == "text":
            setattr(struct, name, given(value, keep))
        elif isinstance(value, int):
            setattr(struct, name, value)
        else:
            raise TypeError(f"{name} is a number, not {type(value).__name__}")
