#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs suites that are built and adds up what they report; tests/run calls it.

usage: run_suites.py SUITE:PRESET...

A suite is a CTest label in build/PRESET. Each of its tests ends its output with
"N passed, M failed"; a test that does not (a crash, a time-out), or that fails without naming a
failure, counts as one failure. A line of it that begins with "note: " is shown.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

NOTES = re.compile(r"^note: (.+)$", re.MULTILINE)
COUNTS = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)
OUTPUT_BYTES_MAX = 1_000_000


def count(case):
    """(passed, failed) of one test, by its own words and by CTest's."""
    found = COUNTS.findall(case.findtext("system-out") or "")
    passed, failed = (int(number) for number in found[-1]) if found else (0, 0)
    if case.get("status") != "run" or not found or passed + failed == 0:
        failed = max(failed, 1)
    return passed, failed


def run_suite(suite, build):
    """Runs one suite; returns its (passed, failed, [failing cases])."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "junit.xml"
        command = ["ctest", "--test-dir", str(build), "-L", f"^{suite}$",
                   "-j", str(os.cpu_count() or 1), "--output-junit", str(report),
                   "--test-output-size-passed", str(OUTPUT_BYTES_MAX),
                   "--test-output-size-failed", str(OUTPUT_BYTES_MAX)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if not report.exists():
            print(f"{suite}: ctest ended with status {done.returncode} and left no report")
            print(done.stdout)
            return 0, 1, []
        cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    if not cases:
        print(f"{suite}: no tests in {build}")
        return 0, 1, []
    passed = failed = 0
    failing = []
    for case in cases:
        case_passed, case_failed = count(case)
        for note in NOTES.findall(case.findtext("system-out") or ""):
            print(f"{suite}: {note}")
        passed += case_passed
        failed += case_failed
        if case_failed:
            failing.append(case)
    return passed, failed, failing


def main(runs):
    top = pathlib.Path(__file__).resolve().parents[2]
    total_passed = total_failed = 0
    for run in runs:
        suite, preset = run.split(":")
        started = time.monotonic()
        passed, failed, failing = run_suite(suite, top / "build" / preset)
        for case in failing:
            print(f"--- {case.get('name')} ({case.get('status')})")
            print((case.findtext("system-out") or "").strip())
        seconds = time.monotonic() - started
        print(f"{suite} ({preset}): {passed} passed, {failed} failed, {seconds:.1f} s", flush=True)
        total_passed += passed
        total_failed += failed
    print(f"{total_passed} passed, {total_failed} failed")
    return 0 if total_passed > 0 and total_failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
