#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Starts a server with a shell command, asks the address that it prints for its page, and ends it.

usage: serve_and_ask.py FOLDER COMMANDS EXPECTED

Fails unless an http address is printed within five minutes and its page holds EXPECTED.
"""
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request


def main():
    folder, commands, expected = sys.argv[1:]
    # A session of its own: whatever the commands started ends with it.
    server = subprocess.Popen(["bash", "-euo", "pipefail", "-c", commands], cwd=folder,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env={**os.environ, "PORT": "0"}, start_new_session=True)

    def end():
        try:
            os.killpg(server.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass

    late = threading.Timer(300, end)
    late.start()
    page = ""
    try:
        for line in server.stdout:
            print(line, end="")
            found = re.search(r"http://127\.0\.0\.1:\d+/", line)
            if found:
                with urllib.request.urlopen(found[0], timeout=30) as answer:
                    page = answer.read().decode()
                break
    finally:
        late.cancel()
        end()
        server.wait(timeout=30)
    return 0 if expected in page else 1


if __name__ == "__main__":
    sys.exit(main())
