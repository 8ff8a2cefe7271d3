# SPDX-License-Identifier: MIT
"""The asyncio host with real sockets, the example as the README starts it, and the README's code.
"""
import asyncio
import os
import pathlib
import re
import signal
import subprocess
import sys
import unittest

import confab
from confab import events
from confab.aio import AsyncioHost

TOP = pathlib.Path(__file__).resolve().parents[3]
README = TOP / "bindings" / "python" / "README.md"
EXAMPLE = TOP / "examples" / "python" / "chat_server.py"


class Client:
    """A client of IRC that reads line by line."""

    @classmethod
    async def connect(cls, port, nick):
        client = cls()
        client.reader, client.writer = await asyncio.open_connection("127.0.0.1", port)
        client.say(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        await client.until(f" 001 {nick} ")
        return client

    def say(self, *lines):
        self.writer.write("".join(line + "\r\n" for line in lines).encode())

    async def until(self, words):
        """The first line that has these words."""
        while True:
            line = await asyncio.wait_for(self.reader.readline(), 10)
            if not line:
                raise EOFError(f"the server closed before {words!r}")
            if words in line.decode():
                return line.decode().rstrip()

    async def ended(self):
        """Waits for the server to close."""
        while await asyncio.wait_for(self.reader.readline(), 10):
            pass


class Sockets(unittest.IsolatedAsyncioTestCase):
    """AsyncioHost."""

    async def serve(self, **options):
        host = AsyncioHost()
        engine = confab.Engine(host=host, server_name="test.example", **options)
        self.addCleanup(engine.close)
        server = await host.listen("127.0.0.1", 0)
        return engine, server.sockets[0].getsockname()[1]

    async def test_talk(self):
        engine, port = await self.serve()

        @engine.on(events.Message, stage="policy")
        async def ask(act, event):
            await asyncio.sleep(0.01)
            return confab.deny("no spam") if "spam" in event.text else None
        ann, bob = await Client.connect(port, "ann"), await Client.connect(port, "bob")
        ann.say("PRIVMSG bob :hello")
        self.assertIn(":hello", await bob.until(" PRIVMSG bob "))
        ann.say("PRIVMSG bob :spam")
        self.assertIn("no spam", await ann.until(" 404 "))
        ann.writer.close()
        bob.say("QUIT :bye")
        await bob.until("ERROR")
        await bob.ended()
        self.assertEqual(engine.stats().conns, 0)

    async def test_client_whose_messages_wait_is_read_later(self):
        engine, port = await self.serve(commands_burst_max=0, input_backlog_bytes_max=1024)

        @engine.on(events.Message, stage="policy")
        async def slow(act, event):
            await asyncio.sleep(0.001)
        ann, bob = await Client.connect(port, "ann"), await Client.connect(port, "bob")
        ann.say(*(f"PRIVMSG bob :{'x' * 40} {number}" for number in range(100)))
        for number in range(100):
            self.assertTrue((await bob.until(" PRIVMSG bob ")).endswith(f" {number}"))
        self.assertEqual(engine.host.unread, set())

    async def test_client_that_does_not_read(self):
        engine, port = await self.serve(output_backlog_bytes_max=100_000, commands_burst_max=0)
        ann, deaf = await Client.connect(port, "ann"), await Client.connect(port, "deaf")
        deaf.writer.transport.pause_reading()
        for _ in range(400):
            ann.say(*[f"PRIVMSG deaf :{'x' * 400}"] * 50)
            await ann.writer.drain()
            await asyncio.sleep(0)
            if engine.user("deaf") is None:
                break
        self.assertIsNone(engine.user("deaf"))
        ann.say("PING :alive")
        await ann.until("PONG")

    async def test_ping_comes_in_time(self):
        _, port = await self.serve(ping_interval_ms=50, ping_timeout_ms=50)
        ann = await Client.connect(port, "ann")
        await ann.until("PING")
        await ann.ended()

    async def test_closing_ends_everything(self):
        engine, port = await self.serve()
        ann = await Client.connect(port, "ann")

        @engine.on(events.Message)
        def end(call, event):
            engine.close()
        ann.say("PRIVMSG ann :the end")
        await ann.ended()
        self.assertFalse(engine.is_open)
        with self.assertRaises(OSError):
            await Client.connect(port, "bob")


class Readme(unittest.IsolatedAsyncioTestCase):
    """What the README shows is what happens."""

    def test_code(self):
        text = README.read_text(encoding="utf-8")
        blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
        self.assertEqual(len(blocks), 2)
        for block in blocks:
            done = subprocess.run([sys.executable, "-W", "error", "-c", block], text=True,
                                  timeout=30, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  check=False)
            self.assertEqual(done.returncode, 0, done.stdout)

    async def test_example(self):
        with subprocess.Popen([sys.executable, "-X", "dev", EXAMPLE, "0"], text=True, cwd=TOP,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
            try:
                port = int(server.stdout.readline().rsplit(":", 1)[1])
                ann, bob = await Client.connect(port, "ann"), await Client.connect(port, "bob")
                ann.say("JOIN #tea", "ROLL 1", "ROLL 20", "FIGURES")
                await ann.until("A die has")
                await ann.until("You rolled")
                await ann.until("2 users, 1 channels")
                bob.say("JOIN #tea")
                await bob.until(" 366 ")
                ann.say("PRIVMSG #tea :darn it", "PRIVMSG #tea :see https://www.debian.org/",
                        "PRIVMSG #tea :see http://x.example/")
                self.assertIn(":**** it", await bob.until(" PRIVMSG #tea "))
                self.assertIn("debian", await bob.until(" PRIVMSG #tea "))
                self.assertIn("not known here", await ann.until(" 404 "))
                bob.say("NICK administrator")
                self.assertIn("nobody is called that", await bob.until(" 432 "))
                server.send_signal(signal.SIGINT)
                await ann.until("The server goes home")
                output, errors = server.communicate(timeout=10)
            finally:
                server.kill()
        self.assertEqual(server.returncode, 0, errors)
        self.assertIn("ann joins #tea", output)
        self.assertNotIn("Traceback", errors)


if __name__ == "__main__":
    unittest.main()
