#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""One confabd, four protocols: plain IRC, IRC with capabilities, IRCX and MIC in one channel.

The environment variable CONFABD names the server, MIC_TALK the client of MIC. Each function test_*
is one test.
"""
import os
import queue
import signal
import socket
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
from checks import Checks
from confabd_process import PATIENCE_S, Server

MIC_TALK = os.environ.get("MIC_TALK", "build/release/bin/mic_talk")


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


class Mic:
    """A client of MIC in a process of its own; a context manager."""

    def __init__(self, port):
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen([MIC_TALK, "127.0.0.1", str(port)], text=True, bufsize=1,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.lines = queue.Queue()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def say(self, line):
        self.process.stdin.write(line + "\n")

    def expect(self, start):
        """The next event that begins like that; what a client could not understand fails."""
        seen = []
        while True:
            try:
                line = self.lines.get(timeout=PATIENCE_S)
            except queue.Empty:
                raise AssertionError(f"no {start!r}, only {seen}") from None
            expect(not line.startswith("trouble:"), line)
            if line.startswith(start):
                return line
            seen.append(line)

    def login(self, nick):
        self.expect("YESMIC")
        self.say(f"login {nick}")
        self.expect("EVENTADDUSER")

    def finish(self):
        self.say("quit")
        self.expect("closed")
        expect(self.process.wait(timeout=PATIENCE_S) == 0, "trouble")


def hears(client, part):
    """The next line that holds `part`."""
    seen = []
    while (line := client.line()) is not None:
        seen.append(line)
        if part in line:
            return line
    raise AssertionError(f"the connection ended before {part!r}: {seen}")


def ircx_user(server, nick):
    client = server.client()
    client.send("MODE ISIRCX")
    expect(" 800 * 0 0 " in hears(client, " 800 "), "the state before")
    client.send("IRCX")
    expect(" 800 * 1 0 " in hears(client, " 800 "), "the state after")
    client.register(nick)
    return client


def v3_user(server, nick):
    client = server.client()
    client.send("CAP REQ :server-time multi-prefix")
    hears(client, " ACK ")
    client.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}", "CAP END")
    client.until("376", "422")
    return client


def test_four_clients_in_one_channel():
    with Server() as server, Mic(server.port()) as dora:
        anna, berta = server.user("anna"), v3_user(server, "berta")
        carol = ircx_user(server, "carol")
        dora.login("dora")
        for client in (anna, berta, carol):
            client.send("JOIN #tea")
            hears(client, " 366 ")
        dora.say("open #tea")
        dora.expect("EVENTADDCHANNEL #tea")
        listed = dora.expect("DATAMEMBERLIST #tea")
        expect(all(nick in listed for nick in ("anna", "berta", "carol")), listed)
        dora.expect("EVENTADDMEMBER #tea dora")
        hears(anna, "JOIN #tea")
        for client in (anna, berta, carol):
            hears(client, ":dora!")
        dora.say("say #tea hello, all of you")
        for client in (anna, berta, carol):
            expect("PRIVMSG #tea :hello, all of you" in hears(client, "PRIVMSG"), "a message")
        anna.send("PRIVMSG #tea :hello, dora")
        for client in (berta, carol):
            hears(client, "hello, dora")
        dora.expect("EVENTMSG anna to #tea :hello, dora")
        carol.send("WHISPER #tea dora,anna :psst")
        dora.expect("EVENTWHISPER carol :psst")
        hears(anna, "PRIVMSG anna :psst")
        anna.send("TOPIC #tea :Earl Grey")
        for client in (berta, carol):
            hears(client, "TOPIC #tea :Earl Grey")
        dora.expect("EVENTPROP anna of #tea 3403")
        anna.send("MODE #tea +o dora")
        dora.expect("EVENTPROP anna of dora 1002")
        dora.say("kick #tea berta too hot")
        hears(berta, "KICK #tea berta")
        dora.expect("EVENTDELMEMBER berta by dora")
        carol.send("PART #tea")
        dora.expect("EVENTDELMEMBER carol")
        dora.finish()
        expect("dora" in hears(anna, "QUIT"), "she left")


def test_a_channel_for_mic_only():
    with Server() as server, Mic(server.port()) as dora, Mic(server.port()) as emma:
        anna, carol = server.user("anna"), ircx_user(server, "carol")
        dora.login("dora")
        dora.say("create #den mic")
        dora.expect("EVENTADDMEMBER #den dora")
        anna.send("JOIN #den")
        hears(anna, " 900 ")
        carol.send("JOIN #den")
        hears(carol, " 913 ")
        emma.login("emma")
        emma.say("open #den")
        emma.expect("EVENTADDMEMBER #den emma")
        dora.expect("EVENTADDMEMBER #den emma")
        emma.finish()
        dora.expect("EVENTDELMEMBER emma")
        dora.finish()


def test_a_listener_may_leave_protocols_out():
    plain = '[[listen]]\naddress = "127.0.0.1:0"\nprotocols = ["irc"]\n'
    with Server(plain, listen=False) as server, Mic(server.port()) as dora:
        dora.expect("not MIC")
        client = server.client()
        client.send("MODE ISIRCX")
        hears(client, " 451 ")


DATAGRAMS = '[[listen]]\naddress = "127.0.0.1:0"\ndatagrams = true\n'


def test_datagrams_of_mic():
    with Server(DATAGRAMS, listen=False) as server, Mic(server.port()) as dora, \
            Mic(server.port()) as emma, Mic(server.port()) as fritz:
        anna = server.user("anna")
        for client, nick in ((dora, "dora"), (emma, "emma"), (fritz, "fritz")):
            client.login(nick)
            client.say("open #tea")
            line = client.expect("EVENTADDCHANNEL #tea")
            expect(" with datagrams " in line, line)
            client.expect(f"EVENTADDMEMBER #tea {nick}")
        anna.send("JOIN #tea")
        hears(anna, " 366 ")
        for client in (dora, emma):
            client.say("listen #tea")
            client.expect("EVENTRESULT 0 of 0f")
        dora.say("datagram #tea one lump")
        emma.expect("EVENTUDP dora to #tea :one lump")
        emma.say("datagram #tea or two")
        dora.expect("EVENTUDP emma to #tea :or two")
        # One that proves nothing is nobody's, and has no answer; the next is heard first.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.connect(("127.0.0.1", server.port()))
            for bytes_ in (b"", b"x", b"\x0a\x02\x11\0" + 12 * b"\1" + b"x", 9000 * b"x"):
                stranger.send(bytes_)
            emma.say("forge #tea poison")
            emma.say("datagram #tea milk")
            dora.expect("EVENTUDP emma to #tea :milk")
            stranger.setblocking(False)
            try:
                raise AssertionError(f"an answer: {stranger.recv(100)!r}")
            except BlockingIOError:
                pass
        # Fritz, who listens to none, and Anna of IRC heard nothing of all that.
        anna.send("PRIVMSG #tea :cake")
        seen = []
        while not fritz.lines.empty():
            seen.append(fritz.lines.get())
        fritz.say("say #tea thanks")
        expect(not any("EVENTUDP" in line for line in seen), f"{seen}")
        expect("PRIVMSG #tea :thanks" in hears(anna, "PRIVMSG"), "no datagram before")
        server.signal(signal.SIGTERM)
        expect(server.wait_exit() == 0, "it ends as it should")


def test_datagrams_come_and_go_with_a_rehash():
    without = DATAGRAMS.replace("true", "false")
    with Server(without, listen=False) as server, Mic(server.port()) as dora:
        dora.login("dora")
        dora.say("open #a")
        expect("with datagrams" not in dora.expect("EVENTADDCHANNEL #a"), "off by default")
        server.write_config(DATAGRAMS)
        changed = [line for line in server.rehash() if line["event"] == "rehash.changed"]
        expect(len(changed) == 1 and changed[0]["key"].endswith("datagrams"), f"{changed}")
        dora.say("open #b")
        expect("with datagrams" not in dora.expect("EVENTADDCHANNEL #b"), "of an older connection")
        with Mic(server.port()) as emma, Mic(server.port()) as fritz:
            for client, nick in ((emma, "emma"), (fritz, "fritz")):
                client.login(nick)
                client.say("open #a")
                expect("with datagrams" in client.expect("EVENTADDCHANNEL #a"), "now it has")
                client.expect(f"EVENTADDMEMBER #a {nick}")
            fritz.say("listen #a")
            fritz.expect("EVENTRESULT 0 of 0f")
            emma.say("datagram #a here")
            fritz.expect("EVENTUDP emma to #a :here")
            server.write_config(without)
            expect(server.rehash()[-1]["event"] == "rehash.done", "off again")
            emma.say("say #a by the connection")
            fritz.expect("EVENTMSG emma to #a :by the connection")


def main():
    checks = Checks()
    for name, test in sorted(globals().items()):
        if name.startswith("test_"):
            problem = ""
            try:
                test()
            except (AssertionError, OSError) as error:
                problem = str(error)
            checks.check(name, problem)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
