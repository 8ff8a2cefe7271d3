#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Plugins in a running confabd, with real clients: loading, rehash, draining, the command PLUGIN,
and what is broken. Then check_plugin, over the shipped plugins and over broken ones.

The environment variable CONFABD names the binary. Each function test_* is one test.
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
from checks import Checks
from confabd_process import CONFABD, PATIENCE_S, Server, run_confabd
from plugin_builder import build, shipped

CHECK_PLUGIN = os.path.join(os.path.dirname(CONFABD), "check_plugin")
BASE = """[server]
plugin_dir = "{folder}"
metrics_file = "{folder}/metrics"
[limits]
commands_burst_max = 0
[[operator]]
name = "root"
password = "secret"
"""


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def expect_in(part, whole):
    expect(part in whole, f"{part!r} is not in {whole!r}")


class Plugins:
    """A folder of plugins, and a server that loads them from there."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="confabd-plugins-")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def build(self, name, source=None, *defines):
        return build(self.folder.name, name, source or name, *defines)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def config(self, *sections):
        return BASE.format(folder=self.folder.name) + "".join(sections)

    def server(self, *sections):
        return Server(self.config(*sections))

    def check(self, *sections):
        """--check-config; (exit status, errors without the file's name, the file)."""
        file = self.path("c.toml")
        with open(file, "w", encoding="utf-8") as out:
            out.write(self.config(*sections))
        status, _, error = run_confabd("--check-config", "--config", file)
        return status, error.replace(file, "c.toml").replace(self.folder.name, "DIR"), file


def section(path, name=None, settings="", extra=""):
    return (f'[[plugins]]\npath = "{path}"\n' + (f'name = "{name}"\n' if name else "") + extra +
            (f"[plugins.settings]\n{settings}\n" if settings else ""))


def two_in_a_room(server):
    """Two users in #room."""
    alice, bob = server.user("alice"), server.user("bob")
    for one in (alice, bob):
        one.send("JOIN #room")
        one.until("366")
    alice.sync()
    return alice, bob


def says(speaker, text, listener):
    """What the speaker is answered, and what the other gets, when something is said in #room."""
    speaker.send(f"PRIVMSG #room :{text}")
    return "\n".join(speaker.sync()), "\n".join(listener.sync())


def expect_passes(speaker, text, listener):
    answer, heard = says(speaker, text, listener)
    expect(not answer and f"PRIVMSG #room :{text}" in heard, f"{answer!r} {heard!r}")


def expect_refused(speaker, text, listener, by):
    answer, heard = says(speaker, text, listener)
    expect(by in answer and not heard, f"{answer!r} {heard!r}")


def operator(server, nick="root"):
    client = server.user(nick)
    client.send("OPER root secret")
    client.until("381")
    client.sync()
    return client


def plugin_command(client, words):
    """The answers to PLUGIN ..., as far as they have come."""
    client.send(f"PLUGIN {words}")
    return answers(client) + answers(client)  # the work is done at the end of that turn


def answers(client):
    lines = [line for line in client.sync() if "PLUGIN " in line]
    return [line.split("PLUGIN ", 1)[1] for line in lines]


def wait_answer(client, words):
    """Waits for a line that begins with these words."""
    end = time.monotonic() + PATIENCE_S
    seen = []
    while time.monotonic() < end:
        seen += answers(client)
        if any(line.startswith(words) for line in seen):
            return seen
        time.sleep(0.02)
    raise AssertionError(f"no {words!r} in {seen}")


# ---------------------------------------------------------------- at the start

def test_loads_at_the_start_and_filters():
    with Plugins() as plugins:
        plugins.build("word")
        with plugins.server(section("word", settings='word = "bad"')) as server:
            expect(server.events("plugin.loaded")[0]["plugin"] == "word", server.log())
            alice, bob = two_in_a_room(server)
            expect_passes(alice, "spam is fine here", bob)
            expect_refused(alice, "a bad thing", bob, "refused by version 1")
            server.signal(signal.SIGTERM)
            expect(server.wait_exit() == 0, "exit status")


def test_two_instances_of_one_file():
    with Plugins() as plugins:
        plugins.build("word")
        with plugins.server(section("word", "one", 'word = "red"'),
                            section("word", "two", 'word = "blue"')) as server:
            alice, bob = two_in_a_room(server)
            expect_refused(alice, "red", bob, "version 1")
            expect_refused(alice, "blue", bob, "version 1")
            expect_passes(alice, "green", bob)


def test_mistakes_are_found_before_anything_runs():
    with Plugins() as plugins:
        whole = plugins.build("word")
        plugins.build("major", "word", "MAJOR=99")
        plugins.build("minor", "word", "MINOR=999")
        plugins.build("magic", "word", "MAGIC=1")
        plugins.build("nameless", "word", "CONFAB_PLUGIN_SYMBOL=another")
        plugins.build("links", "word", "LINKS")
        plugins.build("badid", "word", 'ID="not an id"')
        with open(whole, "rb") as file:
            content = file.read()
        for name, data in (("cut", content[:3000]), ("half", content[:len(content) // 2]),
                           ("text", b"hello\n"), ("empty", b"")):
            with open(plugins.path(f"{name}.so"), "wb") as file:
                file.write(data)
        os.mkdir(plugins.path("folder.so"))
        for name, words in (
                ("gone", "No such file or directory"),
                ("text", "is not a shared object"), ("empty", "is not a shared object"),
                ("cut", "is cut off"), ("half", "is cut off"), ("folder", "is not a file"),
                ("nameless", "has no symbol confab_plugin"), ("magic", "wrong magic number"),
                ("major", "was made for version 99 of the ABI; this is version"),
                ("minor", ".999 of the ABI; this is version"),
                ("links", "wants confab_abi_major linked"), ("badid", "its entry is wrong: id")):
            status, error, _ = plugins.check(section(name))
            expect(status == 2, f"{name}: {status} {error}")
            expect(error.startswith(f"c.toml:10:8: plugins.{name}: DIR/{name}.so: "), error)
            expect_in(words, error)
            # The same is no way to start, and nothing at all when it is not enabled.
            status, error, file = plugins.check(section(name, extra="enabled = false\n"))
            expect(status == 0, f"{name}: {error}")
            with open(file, "w", encoding="utf-8") as out:
                out.write(plugins.config(section(name)))
            status, _, error = run_confabd("--config", file, "--listen", "127.0.0.1:0")
            expect(status == 2 and words in error, f"{name}: {status} {error}")


def test_mistakes_in_settings_have_their_place():
    with Plugins() as plugins:
        plugins.build("word")
        for settings, at, words in (
                ('wrod = "x"', "12:8", "settings.wrod: "),
                ('level = 11', "12:9", "settings.level: "),
                ('level = "many"', "12:9", "settings.level: "),
                ('word = ""', "12:8", "settings.word: "),
                ('mode = "tender"', "12:8", "settings.mode: "),
                ('names = ["a", "b", "c", "d"]', "12:9", "settings.names: ")):
            status, error, _ = plugins.check(section("word", settings=settings))
            expect(status == 2, f"{settings}: {error}")
            expect(error.startswith(f"c.toml:{at}: plugins.word: {words}"), error)
        status, error, _ = plugins.check(section("word", settings='names = [["a"]]'))
        expect_in("c.toml:12:9: plugins.settings.names: its entries must be texts", error)
        status, error, _ = plugins.check(section("word"), section("word", "WORD"))
        expect(status == 2 and 'plugins.name: "WORD" is there twice' in error, error)
        status, error, _ = plugins.check(section("word", extra='drain = "soon"\n'))
        expect_in('plugins.drain: must be a time', error)


def test_a_create_that_fails_is_no_way_to_start():
    with Plugins() as plugins:
        plugins.build("fails", "word", "FAILS=1")
        status, error, file = plugins.check(section("fails"))
        expect(status == 0, error)  # that only running it can tell
        status, _, error = run_confabd("--config", file, "--listen", "127.0.0.1:0")
        expect(status == 1, f"{status} {error}")
        expect_in("plugins.fails: ", error)


def test_print_config_shows_settings_and_no_secrets():
    with Plugins() as plugins:
        plugins.build("word")
        settings = 'word = "a \\"b\\""\nlevel = 7\nnames = ["x", "y"]\ntoken = "hush"'
        status, error, file = plugins.check(section("word", "mine", settings))
        expect(status == 0, error)
        status, printed, error = run_confabd("--print-config", "--config", file)
        expect(status == 0, error)
        for part in ('name = "mine"\n', 'path = "word"\n', 'drain = "5s"\n',
                     "# What is refused. A text, 1 to 40 bytes. Default: spam.\n"
                     'word = "a \\"b\\""\n',
                     "# How much. A whole number, 1 to 10. Default: 3. A change loads the plugin "
                     "again.\nlevel = 7\n",
                     "# Who we are. A text. Default: none.\n# token = \"(not shown)\"\n",
                     "# Whose. A list of texts, at most 3 entries. Default: none.\n"
                     'names = ["x", "y"]\n',
                     '# How. One of soft hard. Default: soft.\n# mode = "soft"\n'):
            expect_in(part, printed)
        expect("hush" not in printed, printed)
        with open(file, "w", encoding="utf-8") as out:
            out.write(printed)
        status, again, error = run_confabd("--print-config", "--config", file)
        expect(status == 0 and again == printed.replace("(not shown)", "(not given)"), error)


# ---------------------------------------------------------------- rehash

def test_rehash_adds_changes_and_removes():
    with Plugins() as plugins:
        plugins.build("word")
        with plugins.server() as server:
            alice, bob = two_in_a_room(server)
            expect_passes(alice, "red", bob)
            server.write_config(plugins.config(section("word", settings='word = "red"')))
            lines = server.rehash()
            expect([l["plugin"] for l in lines if l["event"] == "plugin.loaded"] == ["word"], lines)
            expect_refused(alice, "red", bob, "version 1")

            server.write_config(plugins.config(section("word", settings='word = "blue"')))
            lines = server.rehash()
            expect([l["plugin"] for l in lines if l["event"] == "plugin.configured"] == ["word"],
                   lines)
            expect(not [l for l in lines if l["event"] == "plugin.gone"], lines)
            expect_passes(alice, "red", bob)
            expect_refused(alice, "blue", bob, "version 1")

            # What cannot change while it runs is changed by loading it again.
            server.write_config(plugins.config(
                section("word", settings='word = "blue"\nlevel = 9\ntoken = "hush"')))
            lines = server.rehash()
            expect([l["event"] for l in lines if l["event"].startswith("plugin.")] ==
                   ["plugin.gone", "plugin.loaded"], lines)
            changed = [l for l in lines if l["event"] == "rehash.changed"]
            expect({l["key"]: l["after"] for l in changed} ==
                   {"plugins word settings.level": '"9"',
                    "plugins word settings.token": "(not shown)"}, changed)

            server.write_config(plugins.config())
            lines = server.rehash()
            expect([l["plugin"] for l in lines if l["event"] == "plugin.gone"] == ["word"], lines)
            expect_passes(alice, "blue", bob)


def test_rehash_with_a_mistake_changes_nothing():
    with Plugins() as plugins:
        plugins.build("word")
        plugins.build("fails", "word", "FAILS=1")
        first = section("word", settings='word = "red"')
        with plugins.server(first) as server:
            alice, bob = two_in_a_room(server)
            other = section("word", settings='word = "blue"')
            for mistake, words in (
                    (section("gone"), "No such file"),
                    (section("word", "two", "level = 99"), "settings.level"),
                    (section("fails"), "plugins.fails"),
                    (section("word", "two", 'word = "unbearable"'), "plugins.two")):
                server.write_config(plugins.config(other, section("word", "three"), mistake) +
                                    '[log]\nlevel = "debug"\n')
                lines = server.rehash()
                failed = [l for l in lines if l["event"] == "rehash.failed"]
                expect(failed and words in failed[0]["reason"], lines)
                expect_refused(alice, "red", bob, "version 1")
                expect_passes(alice, "blue", bob)
                expect_passes(alice, "spam", bob)
            server.write_config(plugins.config(section("word", settings='word = "unbearable"')))
            failed = [l for l in server.rehash() if l["event"] == "rehash.failed"]
            expect(failed and "it refuses its settings" in failed[0]["reason"], failed)
            expect_refused(alice, "red", bob, "version 1")
            server.write_config(plugins.config(other))
            expect(server.rehash()[-1]["event"] == "rehash.done", server.log()[-5:])
            expect_refused(alice, "blue", bob, "version 1")


def test_rehash_loads_a_changed_file():
    with Plugins() as plugins:
        plugins.build("word")
        with plugins.server(section("word", "one"),
                            section("word", "two", 'word = "red"')) as server:
            alice, bob = two_in_a_room(server)
            expect_refused(alice, "spam", bob, "version 1")
            expect(not [l for l in server.rehash() if l["event"].startswith("plugin.")],
                   "an unchanged file was loaded again")
            plugins.build("word", "word", 'VERSION="2"')
            server.rehash()
            server.wait_for_event("plugin.loaded", 4)
            expect_refused(alice, "spam", bob, "version 2")
            expect_refused(alice, "red", bob, "version 2")


def test_a_file_that_is_written_over_does_no_harm():
    with Plugins() as plugins:
        path = plugins.build("word")
        with plugins.server(section("word")) as server:
            alice, bob = two_in_a_room(server)
            with open(path, "r+b") as file:  # the very file, not another in its place
                file.truncate(0)
                file.write(b"\x7fELF" + b"\xff" * 5000)
            expect_refused(alice, "spam", bob, "version 1")
            lines = server.rehash()
            expect(lines[-1]["event"] == "rehash.failed", lines)
            expect_refused(alice, "spam", bob, "version 1")
            plugins.build("word", "word", 'VERSION="3"')
            expect(server.rehash()[-1]["event"] == "rehash.done", server.log()[-5:])
            expect_refused(alice, "spam", bob, "version 3")


def test_the_old_version_comes_back_when_the_new_one_fails():
    with Plugins() as plugins:
        plugins.build("word")
        with plugins.server(section("word")) as server:
            alice, bob = two_in_a_room(server)
            plugins.build("word", "word", 'VERSION="2"', "FAILS=1")
            server.rehash()
            server.wait_for_event("plugin.old_version_restored")
            expect_refused(alice, "spam", bob, "version 1")
            plugins.build("word", "word", 'VERSION="3"')
            server.rehash()
            expect_refused(alice, "spam", bob, "version 3")


def test_a_new_name_for_what_can_be_there_once():
    """A SINGLE plugin under another name: the old one goes before the new one can come."""
    with Plugins() as plugins:
        plugins.build("word", "word", "SINGLE=1")
        with plugins.server(section("word", "old")) as server:
            alice, bob = two_in_a_room(server)
            server.write_config(plugins.config(section("word", "new")))
            server.rehash()
            server.wait_for_event("plugin.loaded", 2)
            expect(server.events("plugin.loaded")[-1]["plugin"] == "new", server.log())
            expect_refused(alice, "spam", bob, "version 1")
            server.write_config(plugins.config(section("word", "new"), section("word", "more")))
            lines = server.rehash()
            expect(lines[-1]["event"] == "rehash.failed" and "plugins.more" in lines[-1]["reason"],
                   lines)


# ---------------------------------------------------------------- draining

def test_a_rehash_that_removes_lets_it_answer_first():
    with Plugins() as plugins:
        plugins.build("holds")
        with plugins.server(section("holds", settings='after = "700ms"')) as server:
            alice, bob = two_in_a_room(server)
            alice.send("PRIVMSG #room :held")
            alice_waits = time.monotonic()
            time.sleep(0.1)
            server.write_config(plugins.config())
            lines = server.rehash()
            expect([l for l in lines if l["event"] == "plugin.draining"], lines)
            expect_in("held", bob.until("PRIVMSG"))
            expect(time.monotonic() - alice_waits > 0.5, "it did not wait")
            server.wait_for_event("plugin.gone")
            expect_passes(alice, "free", bob)


def test_what_is_not_answered_is_decided_by_policy():
    with Plugins() as plugins:
        plugins.build("holds")
        with plugins.server(section("holds", extra='drain = "300ms"\n')) as server:
            alice, bob = two_in_a_room(server)
            carol = server.user("carol")
            alice.send("PRIVMSG #room :lost", "PRIVMSG #room :behind it")
            time.sleep(0.1)
            server.write_config(plugins.config())
            server.rehash()
            server.wait_for_event("plugin.gone")
            heard = "\n".join(bob.sync())
            expect("lost" not in heard and "behind it" in heard, heard)
            carol.sync()


def test_a_reload_waits_for_answers():
    with Plugins() as plugins:
        plugins.build("holds")
        with plugins.server(section("holds", settings='after = "400ms"')) as server, \
                operator(server) as root:
            alice, bob = two_in_a_room(server)
            alice.send("PRIVMSG #room :held")
            time.sleep(0.1)
            lines = plugin_command(root, "RELOAD holds")
            expect(lines and lines[0] == "holds DRAINING 1 waiting", lines)
            expect(plugin_command(root, "STATUS holds")[0].startswith("holds DRAINING 1 waiting"),
                   "status")
            wait_answer(root, "holds LOADED")
            expect_in("held", bob.until("PRIVMSG"))
            alice.send("PRIVMSG #room :once more")
            expect_in("once more", bob.until("PRIVMSG"))


def test_unloading_twice_and_ending_while_acts_wait():
    with Plugins() as plugins:
        plugins.build("holds")
        with plugins.server(section("holds", extra='drain = "1h"\n')) as server, \
                operator(server) as root:
            alice, _ = two_in_a_room(server)
            alice.send("PRIVMSG #room :held")
            time.sleep(0.1)
            for _ in range(2):
                lines = plugin_command(root, "UNLOAD holds")
                expect(lines == ["holds DRAINING 1 waiting"], lines)
            lines = plugin_command(root, "LOAD holds")
            expect(lines == ["holds REFUSED the name is taken"], lines)
            server.signal(signal.SIGTERM)
            expect(server.wait_exit() == 0, "exit status")


# ---------------------------------------------------------------- the command

def test_plugin_command():
    with Plugins() as plugins:
        plugins.build("word")
        plugins.build("fails", "word", "FAILS=1")
        with open(plugins.path("text.so"), "w", encoding="utf-8") as file:
            file.write("hello\n")
        off = section("word", "off", 'word = "blue"', "enabled = false\n")
        with plugins.server(section("word", "one", 'word = "red"'), off) as server, \
                operator(server) as root:
            alice, bob = two_in_a_room(server)
            alice.send("PLUGIN LIST")
            alice.until("481")
            expect(plugin_command(root, "LIST") ==
                   ["one LOADED org.example.word 1", "off DISABLED", "1 in all"], "list")
            lines = plugin_command(root, "LOAD word")
            expect(lines == ["word LOADED"], lines)
            expect_refused(alice, "spam", bob, "version 1")
            expect(plugin_command(root, "load word again") == ["again LOADED"], "a second name")
            lines = plugin_command(root, "LOAD off")  # as the configuration has it
            expect(lines == ["off LOADED"], lines)
            expect_refused(alice, "blue", bob, "version 1")
            expect_in("word LOADED org.example.word 1 by hand", plugin_command(root, "LIST"))
            lines = plugin_command(root, "STATUS word")
            expect(lines == ["word LOADED org.example.word 1 from word; 1 hooks, 0 additions, 0 "
                             "timers, 0 waiting; 0 messages, 0 failed"], lines)
            for words, answer in (
                    ("LOAD word", "word REFUSED the name is taken"),
                    ("LOAD ../word", "../word REFUSED only names"),
                    ("LOAD /bin/ls", "/bin/ls REFUSED only names"),
                    ("LOAD .hidden", ".hidden REFUSED only names"),
                    ("LOAD word a/b", 'a/b REFUSED "a/b" cannot be a name'),
                    ("LOAD none", "none REFUSED No such file"),
                    ("LOAD text", "text REFUSED is not a shared"),
                    ("LOAD fails", "fails REFUSED "),
                    ("UNLOAD nobody", "nobody GONE: there is no such plugin"),
                    ("RELOAD nobody", "nobody GONE: there is no such plugin"),
                    ("STATUS nobody", "nobody GONE: there is no such plugin"),
                    ("STATUS", "LIST | STATUS"), ("DANCE now", "LIST | STATUS")):
                lines = plugin_command(root, words)
                expect(len(lines) == 1 and lines[0].startswith(answer), f"{words}: {lines}")
            expect(plugin_command(root, "UNLOAD again") == ["again GONE"], "unload")
            expect(plugin_command(root, "UNLOAD word") == ["word GONE"], "unload")
            expect_passes(alice, "spam", bob)
            expect(server.events("plugin.command"), "no trace of the commands")


def test_the_command_has_help():
    with Plugins() as plugins, plugins.server() as server, operator(server) as root:
        root.send("HELP PLUGIN")
        expect_in("PLUGIN LIST", "\n".join(root.sync()))


def test_reload_by_hand_takes_all_that_run_the_old_file():
    with Plugins() as plugins:
        plugins.build("word")
        with plugins.server(section("word", "one", 'word = "red"'),
                            section("word", "two", 'word = "blue"')) as server, \
                operator(server) as root:
            alice, bob = two_in_a_room(server)
            expect(plugin_command(root, "RELOAD one") == ["one LOADED"], "the same file again")
            plugins.build("word", "word", 'VERSION="2"')
            lines = plugin_command(root, "LOAD word three")
            expect(lines == ["three REFUSED its file has changed since another instance was "
                             "loaded: RELOAD that first"], lines)
            plugin_command(root, "RELOAD one")
            wait = server.wait_for_event("plugin.loaded", 5)
            expect(sorted(l["plugin"] for l in wait[-2:]) == ["one", "two"], wait)
            expect_refused(alice, "red", bob, "version 2")
            expect_refused(alice, "blue", bob, "version 2")
            with open(plugins.path("word.so"), "wb") as file:
                file.write(b"nonsense")
            lines = plugin_command(root, "RELOAD one")
            expect(len(lines) == 1 and lines[0].startswith("one REFUSED ") and
                   lines[0].endswith("it goes on as it was before"), lines)
            plugins.build("word", "word", 'VERSION="3"', "FAILS=1")
            lines = plugin_command(root, "RELOAD two")
            expect(any(l.startswith("two REFUSED ") and "as it was before" in l for l in lines),
                   lines)
            expect_refused(alice, "blue", bob, "version 2")


def test_what_was_loaded_by_hand_outlasts_a_rehash():
    with Plugins() as plugins:
        plugins.build("word")
        with plugins.server() as server, operator(server) as root:
            alice, bob = two_in_a_room(server)
            plugin_command(root, "LOAD word")
            server.rehash()
            expect_refused(alice, "spam", bob, "version 1")
            # Once the configuration names it, it is the configuration's.
            server.write_config(plugins.config(section("word", settings='word = "red"')))
            server.rehash()
            expect_refused(alice, "red", bob, "version 1")
            server.write_config(plugins.config())
            server.rehash()
            expect_passes(alice, "red", bob)
            # And what was unloaded by hand comes back with it.
            server.write_config(plugins.config(section("word")))
            server.rehash()
            plugin_command(root, "UNLOAD word")
            expect_passes(alice, "spam", bob)
            root.send("REHASH")
            root.until("382")
            root.sync()
            server.wait_for_event("plugin.loaded", 3)
            expect_refused(alice, "spam", bob, "version 1")


# ---------------------------------------------------------------- what breaks its contract

def test_no_verdict_and_too_much_time():
    with Plugins() as plugins:
        plugins.build("wrong", "wrong", "VERDICT=77")
        plugins.build("slow", "wrong", "SLEEP_MS=60")
        hooks = "[hooks]\ncall_us_max = 20000\nfailures_max = 3\nretry_ms = 60000\n"
        for name, kind in (("wrong", "verdict"), ("slow", "call_time")):
            with plugins.server(hooks, section(name)) as server:
                alice, bob = two_in_a_room(server)
                for _ in range(5):
                    answer, heard = says(alice, "hello", bob)
                    expect(answer and not heard, f"{name}: {answer} {heard}")  # it fails closed
                failed = server.events("hook.failed")
                expect(len(failed) == 3 and failed[0]["kind"] == kind and
                       failed[0]["name"] == name, failed)
                expect([l["state"] for l in server.events("hook.breaker")] == ["open"], name)
                server.write_config(plugins.config(hooks))
                server.rehash()
                expect_passes(alice, "free", bob)


def test_metrics():
    with Plugins() as plugins:
        plugins.build("word")
        with plugins.server(section("word", "mine")) as server:
            alice, bob = two_in_a_room(server)
            expect_refused(alice, "spam", bob, "version 1")
            server.signal(signal.SIGUSR1)
            server.wait_for_event("metrics.written")
            with open(plugins.path("metrics"), encoding="utf-8") as file:
                text = file.read()
            expect(text.endswith("\n") and not os.path.exists(plugins.path("metrics.new")), text)
            hooks = [line for line in text.split("\n")
                     if line.startswith("confab_hook_denied_total{") and 'name="mine"' in line]
            expect(len(hooks) == 1 and hooks[0].endswith(" 1"), text[-2000:])
            server.write_config(plugins.config().replace("metrics_file", "#"))
            server.rehash()
            server.signal(signal.SIGUSR1)
            expect_in("not set", server.wait_for_event("metrics.failed")[0]["reason"])


# ---------------------------------------------------------------- check_plugin

# What shipped plugins must be told, since they have no default for it.
SETTINGS = {"channel_block": "--set file={folder}/list.txt", "message_filter": "--set words=spam",
            "transcript": "--set directory={folder}/{name} --set-second mode_letter=J"}


def run_check(*arguments):
    """Runs check_plugin in a folder of its own, {folder} in the arguments."""
    with tempfile.TemporaryDirectory() as folder:  # some read or write files where they are
        with open(os.path.join(folder, "list.txt"), "w", encoding="utf-8") as file:
            file.write("#secret\n")
        done = subprocess.run([os.path.abspath(CHECK_PLUGIN), *(word.replace("{folder}", folder)
                                                               for word in arguments)],
                              capture_output=True, text=True, timeout=120, check=False,
                              cwd=folder)
    return done.returncode, done.stdout, done.stderr


def test_check_plugin_passes_the_shipped_ones():
    found = shipped()
    print(f"check_plugin: {len(found)} shipped plugins")
    for path in found:
        name = os.path.basename(path).removesuffix(".so")
        status, out, error = run_check(os.path.abspath(path), *SETTINGS.get(name, "").split())
        expect(status == 0, f"{path}: {status}\n{out}{error}")
        expect(out.strip().endswith(", 0 failed"), out)


def test_check_plugin_fails_the_broken_ones():
    with Plugins() as plugins:
        status, out, error = run_check(plugins.build("word"))
        expect(status == 0 and out.endswith(" 0 failed\n"), f"{status} {out} {error}")
        for name, source, defines, words in (
                ("fails", "word", ["FAILS=1"], "FAILED  create makes an instance: "),
                ("major", "word", ["MAJOR=99"], "FAILED  the entry can be read before"),
                ("nameless", "word", ["CONFAB_PLUGIN_SYMBOL=x"], "FAILED  the entry can be read"),
                ("links", "word", ["LINKS"], "FAILED  it links nothing of confab: confab_abi_m"),
                ("badid", "word", ['ID="no id"'], "FAILED  the library takes the entry"),
                ("wrong", "wrong", ["VERDICT=77"], "FAILED  handlers keep their contract"),
                ("slow", "wrong", ["SLEEP_MS=120"], "FAILED  handlers keep their contract")):
            status, out, error = run_check(plugins.build(name, source, *defines))
            expect(status == 1, f"{name}: {status} {out} {error}")
            expect_in(words, out)
            expect(not out.strip().endswith(" 0 failed"), out)
        path = plugins.build("word")
        status, out, _ = run_check(path, "--set", "level=99")
        expect(status == 1 and "FAILED  it takes these settings" in out, out)
        status, out, _ = run_check(path, "--set", "level=4", "--set", "names=a", "--set", "names=b")
        expect(status == 0, out)
        for arguments in ([], ["--set", "x"], [path, path], ["--bogus"], [path, "--set", "none"]):
            status, out, error = run_check(*arguments)
            expect(status == 2 and error.startswith("usage:") and not out, f"{arguments} {status}")


def main():
    checks = Checks()
    if shutil.which("cc") is None:
        checks.check("a C compiler", "there is none")
        return checks.finish()
    chosen = sys.argv[1:]
    for name, test in list(globals().items()):
        if not name.startswith("test_") or (chosen and name not in chosen):
            continue
        try:
            test()
            problem = ""
        except (AssertionError, OSError, subprocess.SubprocessError) as error:
            problem = f"{type(error).__name__}: {error}"
        checks.check(name, problem)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
