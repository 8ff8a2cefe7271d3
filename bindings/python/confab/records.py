# SPDX-License-Identifier: MIT
"""What queries and callbacks give out, as dataclasses: `records.UserInfo`, `records.HookStats`, ...

The classes are made from the headers when they are first asked for, and their objects are copies:
they stay as they are. `id`, where there is one, is what was asked about.
"""
import dataclasses

from . import _data, text
from .raw import ffi

_WITH_ID = ("confab_conn_info", "confab_user_info", "confab_channel_info", "confab_member_info")
_DEFAULTS = {"text": (str, ""), "number": (int, 0), "float": (float, 0.0), "numbers": (tuple, ())}


class Record:
    """What a struct of the library held."""

    __slots__ = ()
    _STRUCT = ""
    _MEMBERS = ()


def _title(struct):
    return "".join(part.capitalize() for part in struct.split("_")[1:])


def __getattr__(name):
    for struct, members in _data.RECORDS.items():
        if _title(struct) == name:
            break
    else:
        raise AttributeError(f"there is no record {name!r}")
    first = [("id", int, dataclasses.field(default=0))] if struct in _WITH_ID else []
    fields = first + [(member, _DEFAULTS[kind][0], dataclasses.field(default=_DEFAULTS[kind][1]))
                      for member, kind in members]
    made = dataclasses.make_dataclass(
        name, fields, bases=(Record,), frozen=True, slots=True,
        namespace={"__doc__": _data.DOCS[struct] or f"A {struct}.", "_STRUCT": struct,
                   "_MEMBERS": tuple(members)})
    made.__module__ = __name__
    globals()[name] = made
    return made


def blank(record):
    """A struct for C to fill in."""
    struct = ffi.new(f"{record._STRUCT} *")
    struct.struct_size = ffi.sizeof(struct[0])
    return struct


def _value(struct, member, kind):
    value = getattr(struct, member)
    if kind == "text":
        return text.shown(value)
    return tuple(value) if kind == "numbers" else value


def read(record, pointer, number=0):
    """A copy of a struct."""
    values = [_value(pointer, member, kind) for member, kind in record._MEMBERS]
    return record(number, *values) if record._STRUCT in _WITH_ID else record(*values)
