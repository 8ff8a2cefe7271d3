# SPDX-License-Identifier: MIT
"""What is Python's own: types of values, life and death of objects, threads, events as objects.

What every binding does alike is in behaviours.json.
"""
import asyncio
import gc
import threading
import unittest
import warnings
import weakref

import confab
from confab import constants, events


def engine_with_users(**options):
    """An engine with two users, ann and bob, and their connections."""
    errors = []
    engine = confab.Engine(on_error=lambda where, error: errors.append(error), user_modes="",
                           events_max=64, **options)
    engine.errors = errors
    conns = []
    for nick in ("ann", "bob"):
        conns.append(engine.open(address="192.0.2.1"))
        engine.feed(conns[-1], f"NICK {nick}\r\nUSER {nick} 0 * :{nick}\r\n")
    for conn in conns:
        engine.take_output(conn)
    return engine, *conns


class Values(unittest.TestCase):
    """Values of wrong types and names that do not exist change nothing."""

    def test_options(self):
        for options, error in (({"no_such_option": 1}, TypeError), ({"server_name": 5}, TypeError),
                               ({"users_max": "many"}, TypeError),
                               ({"users_max": -1}, OverflowError)):
            with self.subTest(options), self.assertRaises(error):
                confab.Engine(**options)
        with self.assertRaisesRegex(confab.UsageError, "nick_bytes_max: out of range"):
            confab.Engine(nick_bytes_max=1000)

    def test_subscribing(self):
        engine, *_ = engine_with_users()
        with engine:
            with self.assertRaisesRegex(ValueError, "no event 'no_such_event'"):
                engine.on("no_such_event")
            with self.assertRaises(TypeError):
                engine.on(int)
            with self.assertRaisesRegex(ValueError, "CONFAB_STAGE_LATER"):
                engine.on("message", stage="later")
            with self.assertRaises(TypeError):
                engine.on("message")("not callable")
            with self.assertRaises(TypeError):
                engine.on("message", no_such_bound=1)(print)
            with self.assertRaises(ValueError):
                confab.deny(code="no_such_code")

            async def slow(call, event):
                raise AssertionError("it is never called")
            for stage in ("transform", "override"):
                with self.assertRaises(TypeError):
                    engine.on("message", stage=stage)(slow)
            self.assertEqual(engine.stats().hooks, 0)

    def test_commands(self):
        engine, *_ = engine_with_users()
        with engine:
            for command in ("message", 5, None):
                with self.assertRaises((TypeError, AttributeError)):
                    engine.submit(command)
            with self.assertRaises(TypeError):
                engine.submit(events.Topic(channel=1, text=5))
            with self.assertRaises(TypeError):
                events.Topic(no_such_member=1)
            with self.assertRaisesRegex(confab.ConfabError, "CONFAB_ERR_NAME|CONFAB_ERR_ARG"):
                engine.command("not a verb")(print)
            with self.assertRaisesRegex(confab.RefusedError, "CONFAB_ERR_EXISTS"):
                engine.command("PRIVMSG")(print)

    def test_lists(self):
        engine, ann, _ = engine_with_users()
        with engine:
            engine.feed(ann, "JOIN #tea\r\nMODE #tea +b a!*@*\r\n")
            for subject, user, mask in (("user", engine.user("ann").id, "b!*@*"),
                                        ("server", 0, "c!*@*"), ("network", 0, "d!*@*")):
                engine.submit(events.Access(subject=constants.number("ACCESS", subject), user=user,
                                            list=constants.LIST_BAN, set=1, mask=mask))
            for of, subject, masks in (("#tea", "channel", ["a!*@*"]), ("ann", "user", ["b!*@*"]),
                                       (0, "server", ["c!*@*"]), (0, "network", ["d!*@*"]),
                                       ("#none", "channel", []), ("bob", "user", [])):
                with self.subTest(subject, of=of):
                    found = engine.entries(of, subject=subject)
                    self.assertEqual([entry.mask for entry in found], masks)
                    self.assertEqual(engine.entries(of, "grant", subject), [])

    def test_setting_what_is_not_there(self):
        engine, ann, _ = engine_with_users()
        with engine:
            @engine.on("message", stage="transform")
            def bad(call, event):
                with self.assertRaisesRegex(TypeError, "cannot be set"):
                    call.set(topic="x")
                with self.assertRaises(TypeError):
                    call.set(text=5)
                with self.assertRaises(TypeError):
                    call.set(kind="notice")
                with self.assertRaises(AttributeError):
                    event.no_such_member
            engine.feed(ann, "PRIVMSG bob :x\r\n")
            self.assertEqual((engine.errors, bad.stats().failed_total), ([], 0))


class Lives(unittest.TestCase):
    """Objects go in any order, and nothing that is gone is read."""

    def test_dropped_engine_warns_and_lets_go(self):
        engine, ann, _ = engine_with_users()
        alive = weakref.ref(engine)

        @engine.on("message")
        def see(call, event):
            return engine  # a cycle
        gone = weakref.ref(see)
        del engine, see
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            gc.collect()
        self.assertEqual((alive(), gone()), (None, None))
        self.assertTrue(any(each.category is ResourceWarning for each in caught), caught)

    def test_subscription_outlives_its_engine(self):
        engine, *_ = engine_with_users()
        subscription = engine.on("message")(lambda call, event: None)
        command = engine.command("HELLO")(lambda event: None)
        engine.close()
        subscription.remove()
        command.remove()
        with self.assertRaises(confab.ClosedError):
            subscription.stats()
        with self.assertRaises(confab.ClosedError):
            subscription(None, None)
        with self.assertRaises(confab.ClosedError):
            command(None)

    def test_kept_event_is_whole_and_kept_call_is_over(self):
        engine, ann, _ = engine_with_users()
        kept = []
        engine.on("message", stage="policy")(lambda call, event: kept.append((call, event)))
        engine.feed(ann, "PRIVMSG bob :hello\r\n")
        engine.close()
        gc.collect()
        call, event = kept[0]
        self.assertEqual((event.text, event.name, event.kind), ("hello", "bob", 1))
        for use in (call.event, lambda: call.outcome, lambda: call.set(text="x"), call.defer,
                    call.causes, lambda: call.original("text")):
            with self.assertRaises(confab.ClosedError):
                use()

    def test_handler_that_raised_keeps_its_event(self):
        engine, ann, _ = engine_with_users()
        engine.on("message", stage="policy")(lambda call, event: 1 // 0)
        engine.feed(ann, "PRIVMSG bob :hello\r\n")
        frame = engine.errors[0].__traceback__
        while frame.tb_next:
            frame = frame.tb_next
        self.assertEqual(frame.tb_frame.f_locals["event"].text, "hello")
        engine.close()

    def test_token_that_is_kept_too_long(self):
        engine, ann, bob = engine_with_users()
        kept = []

        @engine.on("message", stage="policy")
        def ask(call, event):
            kept.append(call.defer())
            return kept[-1]
        engine.feed(ann, "PRIVMSG bob :one\r\nPRIVMSG bob :two\r\n")
        kept[0].set(text="first")
        kept[0].answer(None)
        self.assertEqual(engine.take_output(bob), b":ann!ann@192.0.2.1 PRIVMSG bob :first\r\n")
        with self.assertRaises(confab.StaleIdError):
            kept[0].answer(None)
        with self.assertRaises(TypeError):
            kept[1].answer("yes")
        engine.close()
        with self.assertRaises(confab.ClosedError):
            kept[1].answer(None)

    def test_interrupt_in_a_handler_leaves_the_outermost_call(self):
        engine, ann, bob = engine_with_users()

        @engine.on("message", stage="policy")
        def stop(call, event):
            raise KeyboardInterrupt
        with self.assertRaises(KeyboardInterrupt):
            engine.feed(ann, "PRIVMSG bob :hello\r\n")
        self.assertEqual(engine.take_output(bob), b"")
        engine.close()

    def test_async_handler_without_a_loop(self):
        engine, ann, bob = engine_with_users()

        @engine.on("message", stage="policy")
        async def ask(act, event):
            raise AssertionError("it is never called")
        engine.feed(ann, "PRIVMSG bob :hello\r\n")
        self.assertIn("no running event loop", str(engine.errors[0]))
        self.assertEqual((engine.take_output(bob), engine.waiting()), (b"", []))
        engine.close()

    def test_loop_that_ends_before_the_engine(self):
        engine, ann, bob = engine_with_users()

        @engine.on("message", stage="policy")
        async def ask(act, event):
            await asyncio.sleep(3600)

        async def feed():
            engine.feed(ann, "PRIVMSG bob :hello\r\n")
            await asyncio.sleep(0)
        asyncio.run(feed())  # cancels the handler: its policy decides
        self.assertEqual((engine.take_output(bob), engine.waiting()), (b"", []))
        engine.close()

    def test_engines_that_are_made_inside_handlers(self):
        engine, ann, _ = engine_with_users()

        @engine.on("message")
        def nest(call, event):
            with confab.Engine() as inner:
                inner.open()
                inner.flush()
        engine.feed(ann, "PRIVMSG bob :hello\r\n")
        self.assertEqual(engine.errors, [])
        engine.close()


    def test_nothing_is_left_behind(self):
        """Engines that come and go, with handlers of all kinds and what they defer."""
        async def once():
            engine, ann, _ = engine_with_users()

            @engine.on("message", stage="transform")
            def mask(call, event):
                call.set(text=event.text.upper())

            @engine.on("message", stage="policy")
            async def ask(act, event):
                await asyncio.sleep(3600)

            @engine.command("HELLO")
            def hello(event):
                engine.reply(event.origin, "hello")
            engine.feed(ann, "HELLO\r\nPRIVMSG bob :hello\r\n")
            await asyncio.sleep(0)
            engine.close()
            await asyncio.sleep(0)

        async def many(count):
            for _ in range(count):
                await once()
            gc.collect()
            return len(gc.get_objects())
        asyncio.run(many(20))
        before = asyncio.run(many(5))
        after = asyncio.run(many(100))
        self.assertLess(after - before, 50)


class Threads(unittest.TestCase):
    """An engine belongs to one thread."""

    def test_another_thread_is_refused(self):
        engine, ann, _ = engine_with_users()
        raised = []

        def use():
            for call in (engine.flush, engine.stats, engine.close):
                try:
                    call()
                except confab.UsageError as error:
                    raised.append(error)
        thread = threading.Thread(target=use)
        thread.start()
        thread.join()
        self.assertEqual(len(raised), 3)
        engine.flush()
        engine.close()


class Hosts(unittest.TestCase):
    """Callbacks that fail, and questions."""

    def test_random_of_the_wrong_size(self):
        class Short(confab.Host):
            def random(self, size):
                return b"x"
        errors = []
        confab.Engine(host=Short(), on_error=lambda where, error: errors.append(error)).close()
        self.assertIn("bytes were asked for", str(errors[0]))

    def test_send_of_the_wrong_type_and_too_much(self):
        for answer in ("all", 1 << 40, -1, 1.5):
            class Wrong(confab.Host):
                closed = []

                def send(self, conn, data):
                    return answer

                def close(self, conn, why):
                    self.closed.append(conn)
            host, errors = Wrong(), []
            with confab.Engine(host=host,
                               on_error=lambda where, error: errors.append(error)) as engine:
                conn = engine.open()
                engine.feed(conn, "NICK a\r\nUSER a 0 * :a\r\n")
                engine.flush()
                engine.tick()
                engine.flush()
                self.assertEqual(engine.stats().conns, 0, answer)

    def test_messages(self):
        class Whole(confab.Host):
            got = []

            def send_messages(self, conn, messages):
                self.got += messages
        host = Whole()
        with confab.Engine(host=host) as engine:
            conn = engine.open(messages=True)
            for line in ("NICK a", "USER a 0 * :a"):
                engine.feed(conn, line)
            engine.flush()
            self.assertIn(b" 001 a :", host.got[0])
            self.assertFalse(any(b"\r" in each for each in host.got))

    def test_requests(self):
        asked = []

        class Doorman(confab.Host):
            async def request(self, request):
                asked.append((request.kind, request.password))
                await asyncio.sleep(0)
                if request.password == "boom":
                    raise ValueError("boom")
                return request.password == "sesame"

        async def play(password):
            errors = []
            with confab.Engine(host=Doorman(), on_error=lambda where, error: errors.append(error),
                               flags=constants.ENGINE_PASSWORD_REQUIRED) as engine:
                conn = engine.open()
                engine.feed(conn, f"PASS {password}\r\nNICK a\r\nUSER a 0 * :a\r\n")
                for _ in range(5):
                    await asyncio.sleep(0)
                return engine.stats().users, len(errors)
        self.assertEqual(asyncio.run(play("sesame")), (1, 0))
        self.assertEqual(asyncio.run(play("friend")), (0, 0))
        self.assertEqual(asyncio.run(play("boom")), (0, 1))
        self.assertEqual(asked[0], (constants.REQUEST_PASSWORD, "sesame"))


class Pulling(unittest.TestCase):
    """`async for event in engine.events()`."""

    def test_until_closed(self):
        async def play():
            engine, ann, _ = engine_with_users()
            found = []

            async def read():
                async for event in engine.events():
                    found.append((event.NAME, constants.word("OUTCOME", event.outcome.outcome)))
            reading = asyncio.create_task(read())
            await asyncio.sleep(0)
            engine.feed(ann, "JOIN #tea\r\n")
            await asyncio.sleep(0)
            engine.feed(ann, "PRIVMSG #tea :hello\r\n")
            await asyncio.sleep(0)
            engine.close()
            await asyncio.wait_for(reading, 5)
            return found
        found = asyncio.run(play())
        self.assertIn(("join", "committed"), found)
        self.assertEqual(found[-1], ("message", "committed"))

    def test_again_after_a_break(self):
        async def play():
            engine, ann, _ = engine_with_users()
            engine.feed(ann, "JOIN #tea\r\nPART #tea\r\n")
            found = []
            for last in ("join", "part"):
                async for event in engine.events():
                    found.append(event.NAME)
                    if event.NAME == last:
                        break
            engine.close()
            return found
        found = asyncio.run(play())
        self.assertLess(found.index("join"), found.index("part"))

    def test_without_a_queue(self):
        with confab.Engine(events_max=0) as engine, \
                self.assertRaisesRegex(confab.UsageError, "CONFAB_ERR_STATE"):
            engine.next_event()


if __name__ == "__main__":
    unittest.main()
