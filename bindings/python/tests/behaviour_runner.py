# SPDX-License-Identifier: MIT
"""Plays bindings/behaviours.json through this binding; BEHAVIOURS.md there explains its words.

Behaviour.play() raises AssertionError where something is otherwise than the file says.
"""
import asyncio
import gc
import re
import weakref

import confab
from confab import constants, events

REFUSALS = {"closed": confab.ClosedError, "type": TypeError}


def plain(value):
    """A text of the file as str, as the binding has it."""
    if isinstance(value, dict) and "hex" in value:
        return bytes.fromhex(value["hex"]).decode("utf-8", "surrogateescape")
    return value


def matches(expected, found):
    """Is `found` what the file expects: a pattern, a number, or a part of an object?"""
    expected = plain(expected)
    if isinstance(expected, str):
        pattern = ".*".join(re.escape(part) for part in expected.split("{any}"))
        return re.fullmatch(pattern, str(found), re.S) is not None
    return expected == found


def expect(what, expected, found):
    """A list of expected objects or texts, against what there was."""
    same = len(expected) == len(found) and all(map(matches_part, expected, found))
    assert same, f"{what}: expected {expected}, found {found}"


def matches_part(expected, found):
    """Like matches(), for objects: only the members that are named."""
    if isinstance(found, dict):
        return all(name in found and matches(value, found[name])
                   for name, value in expected.items())
    return matches(expected, found)


class World(confab.Host):
    """The runner's host: output by connection, a clock that only actions move."""

    def __init__(self):
        self.output, self.closed, self.broken = {}, set(), set()
        self.conns = {}
        self.now_ns = 1_000_000_000
        self.work_ns = 0

    def send(self, conn, data):
        if conn in self.broken:
            raise OSError("the socket broke")
        self.output[conn] = self.output.get(conn, b"") + data
        return len(data)

    def close(self, conn, why):
        self.closed.add(conn)

    def clock(self):
        return self.work_ns


class Hook:
    """One hook of the file: a handler that does its actions."""

    def __init__(self, play, data):
        self.play, self.data = play, data
        self.records, self.questions, self.cancelled = [], [], []
        self.subscription = None

    def add(self, engine):
        bounds = {name: self.data[name] for name in
                  ("priority", "fail_open", "shadow", "call_us_max", "failures_max", "retry_ms")
                  if name in self.data}
        defers = [action["defer"] for action in self.data["does"] if "defer" in action]
        handler = self.asynchronous() if defers else self.synchronous()
        self.play.handlers.append(weakref.ref(handler))
        if defers:
            bounds.update(wait_ms=defers[0],
                          on_cancelled=lambda _token, why: self.cancelled.append(why))
        self.subscription = engine.on(self.data["on"], stage=self.data["stage"],
                                      name=self.data["name"], **bounds)(handler)

    def synchronous(self):
        def handler(call, event):
            return self.act(call, event, self.data["does"])
        return handler

    def asynchronous(self):
        async def handler(call, event):
            question = asyncio.get_running_loop().create_future()
            self.questions.append(question)
            try:
                action = await question
            finally:
                if question in self.questions:
                    self.questions.remove(question)
            self.act(call, event, [each for each in self.data["does"] if "defer" not in each])
            return self.act(call, event, [action])
        return handler

    def act(self, call, event, actions):
        answer = None
        for action in actions:
            (word, value), *more = action.items()
            if word in ("replace", "set"):
                if word == "replace":
                    value = {"text": event.text.replace(plain(value[0]), plain(value[1]))}
                    if value["text"] == event.text:
                        continue
                call.set(**{name: plain(text) for name, text in value.items()})
            elif word == "deny":
                answer = confab.deny(plain(value.get("text", "")),
                                     code=value.get("code", "policy"),
                                     visibility=value.get("visibility", "error"))
            elif word == "allow":
                answer = confab.allow(value)
            elif word == "pass":
                answer = confab.PASS
            elif word == "answer":
                answer = value
            elif word == "record":
                record = {name: getattr(event, name) for name in value}
                if self.data["stage"] == "observe":
                    record["outcome"] = constants.word("OUTCOME", call.outcome.outcome)
                self.records.append(record)
            elif word == "remove_self":
                self.subscription.remove()
            else:
                self.play.act(word, value, dict(more), event)
        return answer


class Command(Hook):
    """One command of the file."""

    def add(self, engine):
        def handler(event):
            for action in self.data["does"]:
                if "reply" in action:
                    engine.reply(event.origin, action["reply"].format(*event.parameters))
                else:
                    self.act(None, event, [action])
        self.data.setdefault("stage", "")
        self.play.handlers.append(weakref.ref(handler))
        self.subscription = engine.command(
            self.data["verb"],
            params=(self.data.get("params_min", 0), self.data.get("params_max", 15)),
            permission=self.data.get("permission", "user"),
            help_text=self.data.get("help", ""))(handler)


class Behaviour:
    """One behaviour, played once."""

    def __init__(self, data, options):
        self.data = data
        self.handlers = []
        self.hooks = {}
        self.problems = []  # what actions found inside handlers
        self.world = World()
        self.errors = []
        self.engine = confab.Engine(
            host=self.world, now=lambda: self.world.now_ns,
            unix_ns=lambda: 1_700_000_000_000_000_000,
            on_error=lambda where, error: self.errors.append(error),
            **{**options, **data.get("options", {})})

    async def play(self):
        """All steps, and then: is every handler let go?"""
        for hook in self.data.get("hooks", []):
            self.add_hook(hook)
        for command in self.data.get("commands", []):
            self.hooks[command.get("name", command["verb"])] = added = Command(self, command)
            added.add(self.engine)
        for number, step in enumerate(self.data["steps"], 1):
            try:
                await self.step(step)
                assert not self.problems, self.problems
            except Exception as error:
                error.add_note(f"in step {number}: {step}; handlers reported {self.errors}")
                raise
        if self.engine is not None:
            self.engine.close()
            await asyncio.sleep(0)
        self.engine = None
        self.hooks.clear()
        self.errors.clear()
        for _ in range(3):  # cancelled tasks end in a turn of their own
            await asyncio.sleep(0)
        gc.collect()
        alive = [ref() for ref in self.handlers if ref() is not None]
        assert not alive, f"handlers that were not let go: {alive}"

    def add_hook(self, data):
        self.hooks[data["name"]] = hook = Hook(self, data)
        hook.add(self.engine)

    async def step(self, step):
        word = step["do"]
        error = step.get("error")
        function = getattr(self, f"do_{word}", None)
        assert function is not None, f"there is no step {word!r}"
        if error is None:
            function(step)
        else:
            self.must_fail(lambda: function(step), error)
        for _ in range(2):
            if self.engine is not None and self.engine.is_open:
                self.engine.flush()
            for _ in range(5):
                await asyncio.sleep(0)

    @staticmethod
    def must_fail(function, error):
        try:
            function()
        except (confab.ConfabError, TypeError) as raised:
            if error in REFUSALS:
                assert isinstance(raised, REFUSALS[error]), f"expected {error}, not {raised!r}"
            else:
                name = getattr(raised, "name", repr(raised))
                assert name == f"CONFAB_ERR_{error.upper()}", f"expected {error}, not {raised!r}"
            return
        raise AssertionError(f"expected the error {error}, and there was none")

    def act(self, word, value, more, event):
        """An action that is the same in hooks and commands."""
        if word == "throw":
            raise ValueError(value)
        if word == "spend_ms":
            self.world.work_ns += value * 1_000_000
        elif word == "close_engine":
            self.engine.close()
        else:
            try:
                if word == "drive":
                    drive = {"tick": self.engine.tick, "flush": self.engine.flush,
                             "feed": lambda: self.engine.feed(event.origin, b"PING x\r\n")}[value]
                    self.must_fail(drive, more["error"])
                elif word == "submit":
                    self.do_submit({"status": "queued", **value})
                elif word == "query":
                    self.do_query(value)
                else:
                    raise AssertionError(f"there is no action {word!r}")
            except AssertionError as problem:
                self.problems.append(problem)

    # Steps.

    def conn(self, name):
        return self.world.conns[name]

    def value(self, value):
        """A member's value: ids are named by what they are of."""
        if not isinstance(value, dict) or "hex" in value:
            return plain(value)
        (kind, name), = value.items()
        if kind == "conn":
            return self.conn(name)
        if kind == "hook":
            return self.hooks[name].subscription.id
        found = self.engine.user(name) if kind == "user" else self.engine.channel(name)
        assert found is not None, f"there is no {kind} {name}"
        return found.id

    def do_open(self, step):
        self.world.conns[step["conn"]] = self.engine.open(
            address=step.get("address", "192.0.2.1"))

    def do_register(self, step):
        self.do_open(step)
        nick = step["nick"]
        self.do_feed({**step, "lines": [f"NICK {nick}", f"USER {nick} 0 * :{nick}"]})
        self.engine.flush()
        self.world.output.pop(self.conn(step["conn"]), None)

    def do_feed(self, step):
        if "value" in step:
            self.engine.feed(self.conn(step["conn"]), step["value"])
            return
        self.engine.feed(self.conn(step["conn"]),
                         "".join(plain(line) + "\r\n" for line in step["lines"]))

    def do_advance(self, step):
        self.world.now_ns += step["ms"] * 1_000_000
        self.engine.tick()

    def do_hang_up(self, step):
        self.engine.closed(self.conn(step["conn"]), step.get("why", ""))

    def do_close(self, step):
        self.engine.close_conn(self.conn(step["conn"]), step.get("why", ""))

    def do_break_send(self, step):
        self.world.broken.add(self.conn(step["conn"]))

    def do_submit(self, step):
        members = {name: self.value(value) for name, value in step.get("members", {}).items()}
        status = self.engine.submit(events.BY_NAME[step["type"]](
            actor=self.value(step.get("actor", 0)), head_flags=step.get("flags", 0), **members))
        if "status" in step:
            wanted = constants.CONSTANTS[step["status"].upper()]
            assert status == wanted, f"answered {status}, not {step['status']}"

    def do_resolve(self, step):
        questions = self.hooks[step["hook"]].questions
        assert questions, "nothing is open"
        questions.pop(0).set_result(step["answer"])

    def do_hook(self, step):
        self.add_hook(step["hook"])

    def do_unhook(self, step):
        self.hooks[step["hook"]].subscription.remove()

    def do_create_user(self, step):
        self.engine.create_user(step["nick"])

    def do_output(self, step):
        data = self.world.output.pop(self.conn(step["conn"]), b"")
        lines = data.decode("utf-8", "surrogateescape").split("\r\n")
        assert lines.pop() == "", f"output does not end with a line: {data}"
        if "lines" in step:
            expect("output", step["lines"], lines)
        for line in step.get("has", []):
            assert any(matches(line, found) for found in lines), f"no {line!r} in {lines}"
        for line in step.get("lacks", []):
            assert not any(matches(line, found) for found in lines), f"{line!r} in {lines}"

    def do_closed(self, step):
        assert self.conn(step["conn"]) in self.world.closed, "the host's close was not called"

    def do_events(self, step):
        found = []
        for event in self.engine.pulled():
            if event.NAME not in step["types"]:
                continue
            members = {name: getattr(event, name) for name in event._READERS}
            found.append({**members, "type": event.NAME, "lost": event.lost,
                          "outcome": constants.word("OUTCOME", event.outcome.outcome),
                          "code": constants.word("REFUSED", event.outcome.code)})
        expect("events", step["expect"], found)

    def do_recorded(self, step):
        expect("recorded", step["expect"], self.hooks[step["hook"]].records)

    def do_waiting(self, step):
        found = len(self.hooks[step["hook"]].questions)
        assert found == step["count"], f"{found} are open"

    def do_cancelled(self, step):
        expect("cancelled", step["expect"], self.hooks[step["hook"]].cancelled)

    def do_query(self, step):
        find = {"user": self.engine.user, "channel": self.engine.channel}[step["what"]]
        found = find(step["name"])
        if step["expect"] is None:
            assert found is None, f"there is {found}"
            return
        assert found is not None, f"there is no {step['what']} {step['name']}"
        self.expect_members(step["expect"], found)

    @staticmethod
    def expect_members(expected, record):
        found = {name: getattr(record, name) for name in expected}
        expect(type(record).__name__, [expected], [found])

    def do_members(self, step):
        found = sorted(self.engine.user(member.user).nick
                       for member in self.engine.members(step["channel"]))
        expect("members", step["expect"], found)

    def do_stats(self, step):
        self.expect_members(step["expect"], self.engine.stats())

    def do_hook_stats(self, step):
        expected = dict(step["expect"])
        stats = self.hooks[step["hook"]].subscription.stats()
        if "state" in expected:
            expected["state"] = constants.number("HOOK", expected["state"])
        self.expect_members(expected, stats)

    def do_metrics(self, step):
        lines = self.engine.metrics().split("\n")
        for line in step["has"]:
            assert any(matches(line, found) for found in lines), f"no {line!r} in the metrics"

    def do_destroy(self, _step):
        self.engine.close()

    def do_drop(self, _step):
        self.engine = None
        for hook in self.hooks.values():
            hook.subscription = None
        gc.collect()
