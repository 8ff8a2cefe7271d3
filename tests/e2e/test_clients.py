#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Two people chat through confabd, one with irssi and one with weechat, over TCP and over TLS.

What is checked is what they see: irssi's screen (inside tmux) and weechat's log of each buffer.
The protocol itself is tested elsewhere. The environment variable CONFABD names the binary.
"""
import contextlib
import glob
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
from checks import Checks
from confabd_process import Server

PATIENCE_S = 20
POLL_S = 0.05
ROOMS = ("#garden", "#cellar")


class Person:
    """Somebody at a client, who reads each place ("server", a channel, a nick) from top to bottom.

    A client class says how to type, what a place shows, and (`PHRASES`) how it words what happens.
    """
    PHRASES = {}

    def __init__(self, nick):
        self.nick = nick
        self.read = {}
        self.folder = tempfile.TemporaryDirectory(prefix="confabd-clients-")
        self.environment = {"HOME": self.folder.name, "PATH": os.environ.get("PATH", os.defpath),
                            "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC",
                            "TERM": "screen-256color"}

    def path(self, *names):
        return os.path.join(self.folder.name, *names)

    def write(self, name, text):
        """Writes a file so that the client finds all of it or what was there before."""
        with open(self.path(name + ".new"), "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(self.path(name + ".new"), self.path(name))

    def poll(self, what, condition):
        """Waits until `condition` returns something; fails with all that the client shows."""
        end = time.monotonic() + PATIENCE_S
        while not (result := condition()):
            if time.monotonic() > end:
                raise AssertionError(f"{self.nick} never got: {what}\n{self.dump()}")
            time.sleep(POLL_S)
        return result

    def sees(self, place, phrase, **words):
        """Waits for a phrase below what was already read there; returns its line."""
        pattern = self.PHRASES[phrase].format(
            **{name: re.escape(word) for name, word in words.items()})

        def find():
            start = self.read.get(place, 0)
            for number, line in enumerate(self.lines(place)[start:], start):
                if re.search(pattern, line):
                    self.read[place] = number + 1
                    return line
            return None
        return self.poll(f"{phrase} in {place} ({pattern})", find)

    def whois_place(self, nick, phrase):
        """Where an answer to WHOIS shows, when there is a private conversation already."""
        raise NotImplementedError

    def refusal_place(self, room):
        """Where it shows that one may not join."""
        raise NotImplementedError

    def lines(self, place):
        raise NotImplementedError

    def dump(self):
        raise NotImplementedError


class Irssi(Person):
    """irssi on a tmux server of its own, whose screen is so high that nothing scrolls away."""
    PHRASES = {
        "welcome": r"Welcome to the .*\b{nick}\b",
        "motd": r"End of (/MOTD|MOTD|message of the day)",
        "tls": r"-!- Irssi: Protocol: TLSv1\.[23] ",
        "join": r"-!- {nick} \[.*@.*\] has joined {room}",
        "text": r"<[@+ ]?{nick}> {text}$",
        "topic": r"-!- {nick} changed the topic of {room} to: {text}$",
        "kick": r"-!- {nick} was kicked from {room} by {by} \[{text}\]$",
        "ban": r"-!- mode/{room} \[\+b .*{user}@.*\] by {by}$",
        "unban": r"-!- mode/{room} \[-b .*{user}@.*\] by {by}$",
        "banned": r"-!- Cannot join to channel {room} \(You are banned\)$",
        "away": r"-!- You have been marked as being away",
        "back": r"-!- You are no longer marked as being away",
        "whois": r"-!- {nick} \[.*{nick}@.*\]$",
        "whois name": r"-!-  ircname  : {name}$",
        "whois room": r"-!-  channels : .*{room}\b",
        "whois away": r"-!-  away     : {away}$",
        "whois end": r"-!- End of WHOIS$",
        "quit": r"-!- {nick} \[.*@.*\] has quit \[.*{text}\]$",
    }
    PLACES = ("server", *ROOMS)
    CONFIG = """
servers = ( {{ address = "127.0.0.1"; port = "{port}"; chatnet = "confab"; autoconnect = "yes";
               use_tls = "{use_tls}"; tls_verify = "no"; {pin} }} );
chatnets = {{ confab = {{ type = "IRC"; }}; }};
settings = {{
  core = {{ nick = "{nick}"; user_name = "{nick}"; real_name = "The real {nick}";
            quit_message = "leaving"; server_reconnect_time = "-1"; }};
  "fe-common/core" = {{ autoclose_windows = "no"; autoclose_query = "0"; }};
  "irc/core" = {{ cmd_queue_speed = "10msec"; }};
}};
windows = {{
  1 = {{ immortal = "yes"; name = "(status)"; level = "ALL"; }};
{windows}}};
"""
    WINDOW = ('  {number} = {{ items = ( {{ type = "{type}"; chat_type = "IRC"; name = "{name}"; '
              'tag = "confab"; }} ); }};\n')

    def __init__(self, nick, other, port, fingerprint):
        super().__init__(nick)
        self.places = [*self.PLACES, other]
        windows = "".join(
            self.WINDOW.format(number=number, name=name,
                               type="CHANNEL" if name.startswith("#") else "QUERY")
            for number, name in enumerate(self.places[1:], 2))
        pin = ":".join(re.findall("..", fingerprint.upper()))
        self.write("config", self.CONFIG.format(
            nick=nick, port=port, windows=windows, use_tls="yes" if pin else "no",
            pin=f'tls_pinned_cert = "{pin}";' if pin else ""))
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", "180", "-y", "250",
                  f"exec irssi --home='{self.folder.name}'")
        self.process_id = int(self.tmux("display-message", "-p", "#{pane_pid}"))

    def whois_place(self, nick, phrase):
        return nick

    def refusal_place(self, room):
        return "server"

    def tmux(self, *words):
        done = subprocess.run(["tmux", "-S", self.path("tmux"), *words], capture_output=True,
                              encoding="utf-8", errors="replace", timeout=PATIENCE_S,
                              check=False, env=self.environment)
        if done.returncode:
            raise AssertionError(f"tmux {words}: {done.stderr}")
        return done.stdout

    def screen(self):
        return self.tmux("capture-pane", "-p").split("\n")[:-1]

    def type(self, text):
        self.tmux("send-keys", "-l", text)
        self.tmux("send-keys", "Enter")

    def show(self, place):
        """Makes a place's window the visible one; returns the screen with it."""
        number = self.places.index(place) + 1

        def shown():
            screen = self.screen()
            return screen if re.search(rf"\[{number}[:\]]", screen[-2]) else None
        if screen := shown():
            return screen
        self.type(f"/window goto {number}")
        return self.poll(f"window {number}", shown)

    def lines(self, place):
        """The rows between the topic above and the status bar and prompt below."""
        rows = self.show(place)[1:-2]
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def command(self, place, text):
        self.show(place)
        self.type(text)

    def dump(self):
        try:
            return "\n".join(f"irssi | {line}" for line in self.screen() if line)
        except AssertionError as error:
            return f"irssi | there is no screen any more: {error}"

    def close(self):
        try:
            self.tmux("kill-server")
            os.kill(self.process_id, signal.SIGKILL)
        except (AssertionError, ProcessLookupError):
            pass  # tmux ends with irssi, so both have ended already.
        self.folder.cleanup()


class Weechat(Person):
    """weechat-headless, which logs each buffer to a file.

    It has no input, and the fifo that could stand in for one is in a plugin that need not be
    there. So SIGUSR1 makes it read an alias from a file, and run that.
    """
    PHRASES = {
        "welcome": r"\tWelcome to the .*\b{nick}\b",
        "motd": r"\tEnd of (/MOTD|MOTD|message of the day)",
        "tls": r"\tgnutls: certificate fingerprint matches$",
        "join": r"-->\t{nick} \(.*@.*\) has joined {room}$",
        "text": r"\t[@+]?{nick}\t{text}$",
        "topic": r"--\t{nick} has (changed|set) topic (for|to) {room} .*{text}",
        "kick": r"<--\t{by} has kicked {nick} \({text}\)$",
        "ban": r"--\tMode {room} \[\+b .*{user}@.*\] by {by}$",
        "unban": r"--\tMode {room} \[-b .*{user}@.*\] by {by}$",
        "banned": r"--\t{room}: Cannot join channel \(\+b\)",
        "away": r"--\tYou have been marked as being away",
        "back": r"--\tYou are no longer marked as being away",
        "whois": r"--\t\[{nick}\] \(.*{nick}@.*\): {name}$",
        "whois room": r"--\t\[{nick}\] .*{room}\b",
        "whois away": r"--\t\[{nick}\] .*{away}$",
        "whois end": r"--\t\[{nick}\] End of /WHOIS list",
        "quit": r"<--\t{nick} \(.*@.*\) has quit \(.*{text}\)$",
    }
    IRC = """
[network]
ban_mask_default = "*!$ident@$host"
[server_default]
anti_flood_prio_high = 0
anti_flood_prio_low = 0
autoreconnect = off
msg_quit = "leaving"
[server]
confab.addresses = "127.0.0.1/{port}"
confab.ssl = {tls}
confab.ssl_fingerprint = "{fingerprint}"
confab.autoconnect = on
confab.nicks = "{nick}"
confab.username = "{nick}"
confab.realname = "The real {nick}"
"""

    def __init__(self, nick, port, fingerprint):
        super().__init__(nick)
        self.commands = 0
        self.write("weechat.conf", '[signal]\nsigusr1 = "/reload alias;/step"\n'
                                   '[plugin]\nautoload = "alias,irc,logger"\n')
        self.write("alias.conf", '[cmd]\nstep = "/print nothing"\n')
        self.write("logger.conf", "[file]\nflush_delay = 0\n")
        self.write("irc.conf", self.IRC.format(
            nick=nick, port=port, fingerprint=fingerprint, tls="on" if fingerprint else "off"))
        with open(self.path("output"), "wb") as output:
            self.process = subprocess.Popen(
                ["weechat-headless", "--stdout", "--dir", self.folder.name], stdout=output,
                stdin=subprocess.DEVNULL, stderr=output, env=self.environment)

    def command(self, place, text):
        """Runs a command, or says a text, in a place, and waits until weechat has done so."""
        if not text.startswith("/"):
            text = f"/msg * {text}"
        buffer = "irc." + ("server.confab" if place == "server" else f"confab.{place}")
        self.commands += 1
        done = f"command {self.commands} is done"
        steps = f"/command -buffer {buffer} * {text};/print -core {done}"
        self.write("alias.conf", f'[cmd]\nstep = "{steps}"\n')
        self.process.send_signal(signal.SIGUSR1)
        self.poll(done, lambda: any(line.endswith(done) for line in self.log("core.weechat")))

    def whois_place(self, nick, phrase):
        return nick if phrase == "whois away" else "server"

    def refusal_place(self, room):
        return room

    def log(self, buffer):
        try:
            with open(self.path("logs", f"{buffer}.weechatlog"), encoding="utf-8",
                      errors="replace") as file:
                return file.read().split("\n")[:-1]
        except FileNotFoundError:
            return []

    def lines(self, place):
        return self.log("irc." + ("server.confab" if place == "server" else f"confab.{place}"))

    def dump(self):
        files = [self.path("output"), *sorted(glob.glob(self.path("logs", "*")))]
        text = []
        for name in files:
            with open(name, encoding="utf-8", errors="replace") as file:
                text += [f"{os.path.basename(name)} | {line.rstrip()}" for line in file
                         if "New key binding" not in line]
        return "\n".join(text)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


# ---------------------------------------------------------------- what they do
# Each takes the channel's operator, its other member, and the channel.

def both_join(op, guest, room):
    op.command("server", f"/join {room}")
    op.sees(room, "join", nick=op.nick, room=room)
    guest.command("server", f"/join {room}")
    guest.sees(room, "join", nick=guest.nick, room=room)
    op.sees(room, "join", nick=guest.nick, room=room)


def talk_both_ways(op, guest, room):
    for speaker, listener in ((op, guest), (guest, op)):
        text = f"Grüße from {speaker.nick}, 100% – ok?"
        speaker.command(room, text)
        speaker.sees(room, "text", nick=speaker.nick, text=text)
        listener.sees(room, "text", nick=speaker.nick, text=text)


def topic_is_seen(op, guest, room):
    op.command(room, f"/topic All about {room[1:]}s")
    for person in (op, guest):
        person.sees(room, "topic", nick=op.nick, room=room, text=f"All about {room[1:]}s")


def kick_and_rejoin(op, guest, room):
    op.command(room, f"/kick {guest.nick} mind the step")
    for person in (op, guest):
        person.sees(room, "kick", nick=guest.nick, by=op.nick, room=room, text="mind the step")
    rejoin(op, guest, room)


def rejoin(op, guest, room):
    guest.command("server", f"/join {room}")
    guest.sees(room, "join", nick=guest.nick, room=room)
    op.sees(room, "join", nick=guest.nick, room=room)


def banned_stays_out(op, guest, room):
    op.command(room, f"/ban {guest.nick}")
    for person in (op, guest):
        person.sees(room, "ban", user=guest.nick, by=op.nick, room=room)
    op.command(room, f"/kick {guest.nick} and stay out")
    for person in (op, guest):
        person.sees(room, "kick", nick=guest.nick, by=op.nick, room=room, text="and stay out")
    guest.command("server", f"/join {room}")
    guest.sees(guest.refusal_place(room), "banned", room=room)


def unbanned_rejoins(op, guest, room):
    mask = re.findall(r" \[\+b (\S+)\] by ", "\n".join(op.lines(room)))[-1]
    op.command(room, f"/unban {mask}")
    op.sees(room, "unban", user=guest.nick, by=op.nick, room=room)
    rejoin(op, guest, room)
    talk_both_ways(op, guest, room)


def away_shows_in_whois(op, guest, room):
    guest.command("server", "/away picking apples")
    guest.sees("server", "away")
    op.command("server", f"/whois {guest.nick}")
    for phrase in (phrase for phrase in op.PHRASES if phrase.startswith("whois")):
        op.sees(op.whois_place(guest.nick, phrase), phrase, nick=guest.nick, room=room,
                name=f"The real {guest.nick}", away="picking apples")
    guest.command("server", "/away")
    guest.sees("server", "back")


def private_messages(op, guest, room):
    for speaker, listener in ((op, guest), (guest, op)):
        text = f"not for all of {room}"
        speaker.command("server", f"/msg {listener.nick} {text}")
        listener.sees(speaker.nick, "text", nick=speaker.nick, text=text)


STEPS = (both_join, talk_both_ways, topic_is_seen, kick_and_rejoin, banned_stays_out,
         unbanned_rejoins, away_shows_in_whois, private_messages)


# ---------------------------------------------------------------- the evening

class Evening:
    """Runs the steps over one transport, and counts them; the first that fails is the last."""

    def __init__(self, checks, transport):
        self.checks = checks
        self.transport = transport
        self.going = True

    def step(self, name, function, *arguments):
        if not self.going:
            return
        problem = ""
        try:
            function(*arguments)
        except (AssertionError, OSError, ValueError, IndexError,
                subprocess.SubprocessError) as error:
            problem = f"{type(error).__name__}: {error}"
            self.going = False
        name = f"{self.transport}, {name}"
        self.checks.check(name, problem)
        if not problem:
            print(f"ok {name}", flush=True)


def arrives(person, tls):
    if tls:
        person.sees("server", "tls")
    person.sees("server", "welcome", nick=person.nick)
    person.sees("server", "motd")


def leaves(leaver, other, rooms):
    leaver.command("server", "/quit gone home")
    for room in rooms:
        other.sees(room, "quit", nick=leaver.nick, text="gone home")


def spend(evening, alice, bob, tls):
    evening.step("irssi connects", arrives, alice, tls)
    evening.step("weechat connects", arrives, bob, tls)
    for op, guest, room, who in ((alice, bob, ROOMS[0], "irssi is the operator"),
                                 (bob, alice, ROOMS[1], "weechat is the operator")):
        for function in STEPS:
            evening.step(f"{who}: {function.__name__.replace('_', ' ')}", function, op, guest, room)
    leaver, other, who = (bob, alice, "weechat") if tls else (alice, bob, "irssi")
    evening.step(f"{who} quits and the other sees it", leaves, leaver, other, ROOMS)


def run(checks, tls):
    evening = Evening(checks, "TLS" if tls else "TCP")
    began = []
    with contextlib.ExitStack() as ends:
        def confabd():
            began.append(ends.enter_context(
                Server("[tls]\nself_signed = true\n", ["--tls-listen", "127.0.0.1:0"])))

        def client(kind, *nicks):
            server = began[0]
            fingerprint = server.events("tls.self_signed")[0]["sha256"] if tls else ""
            began.append(kind(*nicks, server.port(tls=tls), fingerprint))
            ends.callback(began[-1].close)
        evening.step("confabd starts", confabd)
        evening.step("irssi starts", client, Irssi, "alice", "bob")
        evening.step("weechat starts", client, Weechat, "bob")
        if evening.going:
            spend(evening, *began[1:], tls)


def main():
    checks = Checks()
    for tls in (False, True):
        run(checks, tls)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
