#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The same handlers in C, C++, Python and JavaScript: what each costs a message, in one run; and
how much the asyncio host and the Node.js host deliver.

usage: languages.py BUILD [ROUNDS]    (with the Python that has confab installed)

A message goes to a room of two; 50 are fed at once, then flushed, without sockets. Each language
has a process, which plays a round of 2000 messages when it is told to; the rounds of all languages
and handlers go in turns, so that what slows the machine for a while slows them all, and medians are
compared. Deliveries go through sockets to clients in another process.

The handlers: one replaces a word of the text, one looks for another word and passes, one only sees.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
KINDS = {"none": "no handler", "rewrites": "rewrites", "judges": "judges", "sees": "only sees"}
# Least deliveries in a second, and most nanoseconds of a handler.
PYTHON_DELIVERIES, NODE_DELIVERIES = 20_000, 100_000
MOST = {"C": 1_000, "C++": 1_100, "Python": 20_000, "JavaScript": 10_000}


class Worker:
    """A process that measures one language."""

    def __init__(self, command, environment):
        self.process = subprocess.Popen(command, text=True, stdin=subprocess.PIPE, env=environment,
                                        stdout=subprocess.PIPE)

    def round_ns(self, kind):
        self.process.stdin.write(f"{kind}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        if self.process.wait(timeout=30) != 0:
            raise RuntimeError(f"{self.process.args} ends with {self.process.returncode}")


def costs(workers, rounds):
    """Medians by language and kind."""
    found = {(language, kind): [] for language in workers for kind in KINDS}
    for turn in range(rounds + 3):
        for kind in KINDS:
            for language, worker in workers.items():
                took = worker.round_ns(kind)
                if turn >= 3:  # the first ones warm up: JavaScript is compiled meanwhile
                    found[language, kind].append(took)
    return {key: statistics.median(all_of_it) for key, all_of_it in found.items()}


class Judge:
    """Prints what has a bound, and counts."""

    def __init__(self):
        self.passed = self.failed = 0

    def row(self, what, value, bound, unit, least=False):
        good = value >= bound if least else value <= bound
        self.passed += good
        self.failed += not good
        print(f"{what:<46} {value:>12,.0f} {unit:<5} (at {'least' if least else 'most'} {bound:,})"
              f"{'' if good else '  FAILED'}", flush=True)


def table(medians, languages):
    print("nanoseconds per message" + "".join(f"{each:>13}" for each in languages))
    for kind, name in KINDS.items():
        print(f"{name:<23}" + "".join(f"{medians[each, kind]:>13,.0f}" for each in languages))
    for kind, name in list(KINDS.items())[1:]:
        print(f"a handler that {name:<9}" + "".join(
            f"{medians[each, kind] - medians[each, 'none']:>+13,.0f}" for each in languages))


def deliveries(judge, command, environment, host, least):
    """Runs one of the hosts; its lines are NAME FIGURE...; the bound holds for the first kind."""
    done = subprocess.run(command, text=True, check=True, stdout=subprocess.PIPE, env=environment)
    for line in done.stdout.splitlines():
        name, *figures = line.split()
        figures = [float(each) for each in figures]
        delivered = figures[1] if host == "asyncio" else figures[0]
        judge.row(f"{host} host, deliveries a second, {KINDS[name]}", delivered, least, "1/s", True)
        other = (f"{figures[0]:,.0f} messages a second taken" if host == "asyncio" else
                 f"{figures[1]:,.0f} in a second of the host's processor")
        print(f"    {other}, {figures[2]:,.0f} deliveries in a write")


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 25
    judge = Judge()
    with tempfile.TemporaryDirectory() as addon:
        environment = {**os.environ, "CONFAB_NODE_BUILD": addon,
                       "CONFAB_LIBRARY": str(build / "lib" / "libconfab.so")}
        subprocess.run(["node", TOP / "bindings" / "node" / "tools" / "build.js"], check=True,
                       stdout=subprocess.DEVNULL, env=environment)
        python, node = [sys.executable, HERE / "python_host.py"], ["node", HERE / "node_host.js"]
        commands = {"C": [build / "tests" / "filter_c"], "C++": [build / "tests" / "filter_cpp"],
                    "Python": [*python, "worker"], "JavaScript": [*node, "worker"]}
        print(f"note: load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        workers = {name: Worker(command, environment) for name, command in commands.items()}
        medians = costs(workers, rounds)
        for worker in workers.values():
            worker.end()
        table(medians, commands)
        for language, most in MOST.items():
            cost = max(medians[language, kind] for kind in KINDS) - medians[language, "none"]
            judge.row(f"the dearest handler in {language}", cost, most, "ns")
        deliveries(judge, [*python, "deliveries"], environment, "asyncio", PYTHON_DELIVERIES)
        deliveries(judge, [*node, "deliveries"], environment, "Node.js", NODE_DELIVERIES)
    print(f"{judge.passed} passed, {judge.failed} failed")
    return 0 if judge.passed and not judge.failed else 1


if __name__ == "__main__":
    sys.exit(main())
