# SPDX-License-Identifier: MIT
"""How the public suite irctest (github.com/progval/irctest) starts and knows a confabd.

What lives here: what confabd claims, and its configuration for one test. A capability, behaviour
or token that is named here fails when it is missing; without its name it would be skipped. No test
and no code of the suite is copied: it is fetched, and imports this file.
"""
import glob
import os

from irctest import patma
from irctest.basecontrollers import BaseServerController, DirectoryBasedController
from irctest.runner import NotImplementedByController
from irctest.specifications import Capabilities, OptionalBehaviors

CONFIG = """
[server]
name = "My.Little.Server"
description = "test server"
password = "{password}"
motd = "Welcome"
admin = {{ location = "Here", organisation = "Tests", email = "root@example.org" }}

[limits]
commands_burst_max = 0
nick_changes_max = 0

[connections]
per_address = 0
per_prefix = 0
attempts_max = 0

[[operator]]
name = "operuser"
password = "operpassword"
"""

FAKETIME_LIBRARIES = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")


class ConfabdController(BaseServerController, DirectoryBasedController):
    """One confabd on 127.0.0.1 for each test."""

    software_name = "confabd"
    _port_wait_interval = 0.01
    supported_sasl_mechanisms = set()
    supports_sts = False
    extban_mute_char = None
    capabilities = frozenset((
        Capabilities.ECHO_MESSAGE, Capabilities.MULTI_PREFIX, Capabilities.SERVER_TIME))
    optional_behaviors = frozenset((
        OptionalBehaviors.BAN_EXCEPTION_MODE, OptionalBehaviors.CAP_REQ_MINUS,
        OptionalBehaviors.INVITE_EXCEPTION_MODE, OptionalBehaviors.INVITE_LIST,
        OptionalBehaviors.INVITE_OVERRIDES_LIMIT, OptionalBehaviors.MULTI_JOIN,
        OptionalBehaviors.MULTI_KICK, OptionalBehaviors.MULTI_NAMES_COMMAND,
        OptionalBehaviors.MULTI_PRIVMSG, OptionalBehaviors.NO_CTCP,
        OptionalBehaviors.NON_UTF8_MESSAGE, OptionalBehaviors.ELIST_C, OptionalBehaviors.ELIST_M,
        OptionalBehaviors.ELIST_N, OptionalBehaviors.ELIST_T, OptionalBehaviors.ELIST_U))
    isupport = {
        "CASEMAPPING": "ascii", "ELIST": "CMNTU", "EXCEPTS": "e", "INVEX": "I",
        "PREFIX": "(ov)@+", "STATUSMSG": "@+", "TARGMAX": patma.ANYSTR}

    def run(self, hostname, port, *, password, ssl, run_services, faketime,
            websocket_hostname, websocket_port):
        """Writes the configuration and starts the server; the harness waits for the port."""
        for wanted, what in ((ssl, "TLS"), (run_services, "accounts"),
                             (websocket_port is not None, "WebSocket")):
            if wanted:
                raise NotImplementedByController(what)
        assert self.proc is None
        self.hostname, self.port = hostname, port
        self.create_config()
        with self.open_file("confabd.toml", "w") as file:
            file.write(CONFIG.format(password=password or ""))
        environment = dict(os.environ)
        if faketime and FAKETIME_LIBRARIES:
            # Not by the command of that name: killed, it leaves shared memory behind.
            environment.update(LD_PRELOAD=FAKETIME_LIBRARIES[0], FAKETIME=faketime,
                               ASAN_OPTIONS="verify_asan_link_order=0")
            self.faketime_enabled = True
        self.proc = self.execute(["confabd", "--listen", f"127.0.0.1:{port}", "--config",
                                  str(self.directory / "confabd.toml")], env=environment)


def get_irctest_controller_class():
    """What the suite calls."""
    return ConfabdController
