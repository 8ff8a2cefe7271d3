# SPDX-License-Identifier: MIT
"""A pytest plugin that lets an old pluggy take hook wrappers of the new kind.

irctest's conftest declares one (`wrapper=True`), which pluggy knows from 1.2 on; Debian 12 has 1.0.
With a newer pluggy this does nothing. It changes how hooks are declared, and no test.
"""
import functools
import inspect

import pluggy


def old_kind(function):
    """The same wrapper in the old form: it is sent an outcome, and changes that to answer."""
    @functools.wraps(function)
    def wrapper(*arguments, **named):
        inner = function(*arguments, **named)
        next(inner)
        outcome = yield
        try:
            inner.send(outcome.get_result())
        except StopIteration as end:
            outcome.force_result(end.value)
    wrapper.__signature__ = inspect.signature(function)
    return wrapper


def bridge(plain):
    """HookimplMarker.__call__ with the word `wrapper`."""
    def mark(self, function=None, *arguments, wrapper=False, **options):
        if not wrapper:
            return plain(self, function, *arguments, **options)
        options["hookwrapper"] = True
        if function is None:
            return lambda later: plain(self, old_kind(later), **options)
        return plain(self, old_kind(function), *arguments, **options)
    return mark


if "wrapper" not in inspect.signature(pluggy.HookimplMarker.__call__).parameters:
    pluggy.HookimplMarker.__call__ = bridge(pluggy.HookimplMarker.__call__)
