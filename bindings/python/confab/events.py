# SPDX-License-Identifier: MIT
"""Events as dataclasses: `events.Message`, `events.Join`, ..., one for each type of event.h.

The classes are made from the headers when they are first asked for. An event that a handler gets
reads its members when they are looked at; one that is kept beyond the handler reads the rest before
the handler ends. So an event is always whole, and cheap where little of it is wanted. Those that
one makes oneself are commands: Engine.submit.
"""
import dataclasses

from . import _data, text
from .raw import ffi

_POINTERS = {}
_BY_TYPE = {}


class Event:
    """What all events have: see event.h. `outcome` is how it ended, where that is known."""

    __slots__ = ("_view", "lost", "outcome")
    NAME = ""
    TYPE = 0
    FIELDS = {}
    _READERS = {}

    def __getattr__(self, name):
        reader = self._READERS.get(name)
        if reader is None:
            if name == "outcome" or name == "_view":
                return None
            if name == "lost":
                return 0
            raise AttributeError(f"{type(self).__name__} has no member {name!r}")
        view = self._view
        if view is None:
            raise AttributeError(f"{name} was not read while the event was there")
        value = reader(view)
        _set(self, name, value)
        return value


_set = object.__setattr__
_set_view = Event._view.__set__


def _text_reader(name):
    shown = text.shown
    return lambda view: shown(getattr(view, name))


def _number_reader(name):
    return lambda view: getattr(view, name)


def _head_reader(name):
    return lambda view: getattr(view.head, name)


def _parameters(self):
    """The command's parameters."""
    return self.text.split("\n") if self.params else []


def _make(entry):
    """The class of one type of event."""
    name, title, number, struct, doc = entry
    members = _data.FIELDS[struct]
    readers = {member: _text_reader(member) if kind == "text" else _number_reader(member)
               for member, kind, _ in members}
    readers.update((shown, _head_reader(member)) for member, shown in _data.HEAD.items())
    if name == "custom":
        readers.update(space=_head_reader("space"), type=_head_reader("type"))
    texts = {member for member, kind, _ in members if kind == "text"}
    fields = [(member, str if member in texts else int,
               dataclasses.field(default="" if member in texts else 0)) for member in readers]
    namespace = {"__doc__": doc or f"An event: {name}.", "__module__": __name__, "NAME": name,
                 "TYPE": number, "FIELDS": {member: field for member, _, field in members if field},
                 "_READERS": readers}
    if name == "command":
        namespace["parameters"] = property(_parameters)
    made = dataclasses.make_dataclass(title, fields, bases=(Event,), namespace=namespace,
                                      frozen=True, slots=True)
    made.__module__ = __name__
    _POINTERS[made] = ffi.typeof(f"{struct} *")
    globals()[title] = BY_NAME[name] = made
    if number >= 0:
        _BY_TYPE[number] = made
    return made


class _ByName(dict):
    """Classes by the names of their types, made when they are asked for."""

    def __missing__(self, name):
        for entry in _data.EVENTS:
            if entry[0] == name:
                return _make(entry)
        raise KeyError(name)


BY_NAME = _ByName()


def named(name):
    """The class of a type of event, by name."""
    try:
        return BY_NAME[name]
    except KeyError:
        raise ValueError(f"there is no event {name!r}") from None


def __getattr__(name):
    for entry in _data.EVENTS:
        if entry[1] == name:
            return _make(entry)
    raise AttributeError(f"there is no event {name!r}")


def __dir__():
    return sorted([*globals(), *(entry[1] for entry in _data.EVENTS)])


def _of_type(number):
    for entry in _data.EVENTS:
        if entry[2] == number:
            return _make(entry)
    return BY_NAME["custom"]  # of a newer library: its head is right


def made(pointer):
    """The event that C shows."""
    if pointer.space:
        kind = BY_NAME["custom"]
    else:
        number = pointer.type
        kind = _BY_TYPE.get(number) or _of_type(number)
    event = kind.__new__(kind)
    _set_view(event, ffi.cast(_POINTERS[kind], pointer))
    return event


def fill(event):
    """Reads what was not read yet: C is about to take the event away."""
    for name in event._READERS:
        getattr(event, name)
    _set_view(event, None)


def leave(event):
    """Nobody has the event any more; should somebody, it reads no memory that is gone."""
    _set_view(event, None)


def write(event, keep):
    """The event as a command for C: a pointer to its head."""
    if not isinstance(event, Event):
        raise TypeError(f"an event of confab.events, not {type(event).__name__}")
    kind = type(event)
    struct = ffi.new(_POINTERS[kind])
    keep.append(struct)
    head = struct.head
    head.struct_size = ffi.sizeof(struct[0])
    head.actor, head.flags = event.actor, event.head_flags
    if kind.NAME == "custom":
        head.space, head.type = event.space, event.type
    else:
        head.type = kind.TYPE
    for name, what, _ in _data.FIELDS[_STRUCTS[kind.NAME]]:
        value = getattr(event, name)
        setattr(struct, name, text.given(value, keep) if what == "text" else value)
    return ffi.addressof(struct[0], "head")


_STRUCTS = {entry[0]: entry[3] for entry in _data.EVENTS}
