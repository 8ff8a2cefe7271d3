# SPDX-License-Identifier: MIT
"""How the test scripts count: one line for a check that fails, and the totals as the last line."""
import subprocess
import sys


class Checks:
    """Counts checks; prints those that fail."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, name, problem=""):
        """One check: `problem` says what is wrong, and is empty when nothing is."""
        if problem:
            self.failed += 1
            print(f"FAILED {name}: {problem}", flush=True)
        else:
            self.passed += 1

    def equal(self, name, found, expected):
        """Compares two sets of names."""
        extra, missing = sorted(set(found) - set(expected)), sorted(set(expected) - set(found))
        self.check(name, "; ".join(filter(None, [
            f"unexpected: {', '.join(extra)}" if extra else "",
            f"missing: {', '.join(missing)}" if missing else ""])))

    def finish(self):
        """Prints the totals; returns the exit status."""
        print(f"{self.passed} passed, {self.failed} failed")
        return 0 if self.passed and not self.failed else 1


def run(command, **options):
    """Runs a command; returns (output of both streams, "" or what went wrong)."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode == 0:
        return done.stdout, ""
    words = " ".join(str(word) for word in command)
    return done.stdout, f"exit status {done.returncode} of {words}\n{done.stdout}"


def output(command):
    """The output of a command that must not fail."""
    text, problem = run(command)
    if problem:
        sys.exit(problem)
    return text
