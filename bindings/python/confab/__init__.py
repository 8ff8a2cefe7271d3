# SPDX-License-Identifier: MIT
"""confab: an embeddable chat engine, held from Python.

    with confab.Engine(host=host, server_name="chat.example") as engine:
        @engine.on(events.Message, stage="transform")
        def mask(call, event):
            call.set(text=event.text.replace("darn", "****"))

Texts are `str`, decoded as UTF-8 with surrogateescape: what is no UTF-8 comes back unchanged when
it is given to the engine again. Where a text is taken, `bytes` will do as well. Ids are `int`, 0 is
none. Errors are ConfabError and its subclasses. `confab.raw` is the whole C API, by cffi.
"""
from . import _data, constants, events, raw, records
from .engine import Engine
from .errors import (ClosedError, ConfabError, FatalError, ProtocolError, ReentrantError,
                     RefusedError, ResourceError, StaleIdError, Status, UsageError)
from .host import PARKED, Host
from .hooks import PASS, Call, Stage, Subscription, Waiting, allow, deny

__version__ = _data.VERSION
__all__ = ["PARKED", "PASS", "Call", "ClosedError", "ConfabError", "Engine", "FatalError", "Host",
           "ProtocolError", "ReentrantError", "RefusedError", "ResourceError", "Stage",
           "StaleIdError", "Status", "Subscription", "UsageError", "Waiting", "allow", "constants",
           "deny", "events", "raw", "records"]
