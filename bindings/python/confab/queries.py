# SPDX-License-Identifier: MIT
"""Queries: what is there now. All are allowed everywhere, in handlers as well.

A user or channel is named by its id or its name; what is not there is None, or an empty list.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from . import constants, records, text
from ._data import CONSTANTS
from .errors import error_for
from .raw import ffi, lib

_GONE = (CONSTANTS["ERR_STALE_ID"], CONSTANTS["ERR_NOT_FOUND"])
_END = CONSTANTS["END"]

Name = int | str | bytes


class Queries:
    """The part of an Engine that only reads."""

    def _engine(self) -> Any:
        raise NotImplementedError

    def _ask(self, function: Callable[..., int], *arguments: Any) -> int:
        """A const call; negative statuses are exceptions."""
        status = function(self._engine(), *arguments)
        if status < 0:
            raise error_for(status)
        return status

    def _found(self, function: Callable[..., int], *arguments: Any) -> bool:
        """A const call; False for what is not there."""
        status = function(self._engine(), *arguments)
        if status in _GONE or status == _END:
            return False
        if status < 0:
            raise error_for(status)
        return True

    def _id(self, function: Callable[..., int], name: Name) -> int:
        if isinstance(name, int):
            return name
        out = ffi.new("confab_id *")
        keep: list[Any] = []
        return int(out[0]) if self._found(function, text.given(name, keep), out) else 0

    def _info(self, record: type[records.R], function: Callable[..., int],
              number: int) -> records.R | None:
        out = records.blank(record)
        if number == 0 or not self._found(function, number, out):
            return None
        return records.read(record, out, number)

    def _walk(self, step: Callable[..., int], *of: Any) -> Iterator[int]:
        out = ffi.new("confab_id *")
        while self._ask(step, *of, out[0], out) != _END:
            yield out[0]

    def user(self, name: Name) -> records.UserInfo | None:
        """A user, by nick or id."""
        return self._info(records.UserInfo, lib.confab_user_get,
                          self._id(lib.confab_user_find, name))

    def channel(self, name: Name) -> records.ChannelInfo | None:
        """A channel, by name or id."""
        return self._info(records.ChannelInfo, lib.confab_channel_get,
                          self._id(lib.confab_channel_find, name))

    def conn(self, number: int) -> records.ConnInfo | None:
        """A connection."""
        return self._info(records.ConnInfo, lib.confab_conn_get, number)

    def member(self, channel: Name, user: Name) -> records.MemberInfo | None:
        """A user's place in a channel."""
        out = ffi.new("confab_id *")
        if not self._found(lib.confab_member_find, self._id(lib.confab_channel_find, channel),
                           self._id(lib.confab_user_find, user), out):
            return None
        return self._info(records.MemberInfo, lib.confab_member_get, out[0])

    def users(self) -> list[records.UserInfo]:
        """All users."""
        return [found for number in self._walk(lib.confab_user_next)
                if (found := self.user(number))]

    def channels(self) -> list[records.ChannelInfo]:
        """All channels."""
        return [found for number in self._walk(lib.confab_channel_next)
                if (found := self.channel(number))]

    def conns(self) -> list[records.ConnInfo]:
        """All connections."""
        return [found for number in self._walk(lib.confab_conn_next)
                if (found := self.conn(number))]

    def members(self, channel: Name) -> list[records.MemberInfo]:
        """The members of a channel."""
        number = self._id(lib.confab_channel_find, channel)
        if not number:
            return []
        return [found for member in self._walk(lib.confab_channel_member_next, number)
                if (found := self._info(records.MemberInfo, lib.confab_member_get, member))]

    def memberships(self, user: Name) -> list[records.MemberInfo]:
        """The places of a user in channels."""
        number = self._id(lib.confab_user_find, user)
        if not number:
            return []
        return [found for member in self._walk(lib.confab_user_member_next, number)
                if (found := self._info(records.MemberInfo, lib.confab_member_get, member))]

    def sessions(self, user: Name) -> list[records.ConnInfo]:
        """The connections of a user."""
        number = self._id(lib.confab_user_find, user)
        if not number:
            return []
        return [found for conn in self._walk(lib.confab_user_conn_next, number)
                if (found := self.conn(conn))]

    def entries(self, of: Name = 0, which: int | str = "ban",
                subject: int | str = "channel") -> list[records.ListEntry]:
        """One of the lists (CONFAB_LIST_*) of a channel or, by `subject` (CONFAB_ACCESS_*), of a
        user; of the "server" or the "network" itself."""
        kind = constants.number("ACCESS", subject)
        find = {constants.number("ACCESS", "channel"): lib.confab_channel_find,
                constants.number("ACCESS", "user"): lib.confab_user_find}.get(kind)
        number = self._id(find, of) if find else 0
        found: list[records.ListEntry] = []
        while number or not find:
            out = records.blank(records.ListEntry)
            if not self._found(lib.confab_access_get, kind, number, constants.number("LIST", which),
                               len(found), out):
                break
            found.append(records.read(records.ListEntry, out))
        return found

    def visible(self, viewer: Name, subject: int) -> bool:
        """May that user learn of a user, channel or member by asking?"""
        return self._found(lib.confab_visible, self._id(lib.confab_user_find, viewer), subject)

    def stats(self) -> records.EngineStats:
        """Figures of the engine."""
        out = records.blank(records.EngineStats)
        self._ask(lib.confab_engine_stats_get, out)
        return records.read(records.EngineStats, out)

    def waiting(self) -> list[int]:
        """The tokens of all acts that wait for a handler."""
        return list(self._walk(lib.confab_deferral_next))
