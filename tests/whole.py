"""Every part of the check, whatever fails, and a line on each at the end: `make test` runs it.

A part is a target of the Makefile. CPU seconds stand beside those of the clock, so that a machine that was busy with
other work is told from a part that became slow.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree

PARTS = {
    "lint": "style",
    "test-library": "library and lessons",
    "test-browser": "browser",
    "test-lowest": "oldest versions",
}


def cpu_seconds():
    """Processor seconds of all processes that this one has started and that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def counted(report):
    """(passed, failed, skipped) of a pytest report in XML; zeros where none was written."""
    if not report.exists():
        return 0, 0, 0
    suites = list(ElementTree.parse(report).iter("testsuite"))
    count = {
        name: sum(int(suite.get(name, 0)) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
    }
    failed = count["failures"] + count["errors"]
    return count["tests"] - failed - count["skipped"], failed, count["skipped"]


def run(target, folder, make):
    """Run one part; returns its row: (ended well, passed, failed, skipped, seconds, CPU seconds)."""
    report = Path(folder) / f"{target}.xml"
    environment = os.environ | {"PYTEST_ADDOPTS": f"{os.environ.get('PYTEST_ADDOPTS', '')} --junitxml={report}"}
    started, spent = time.perf_counter(), cpu_seconds()
    done = subprocess.run([make, "--no-print-directory", target], env=environment, stdin=subprocess.DEVNULL)
    return done.returncode == 0, *counted(report), time.perf_counter() - started, cpu_seconds() - spent


def table(rows):
    """The rows as aligned lines, their sum last."""
    lines = [f"{'part':20}  {'':6}  {'passed':>6}  {'failed':>6}  {'skipped':>7}  {'seconds':>7}  {'CPU seconds':>11}"]
    whole = ("together", all(row[1] for row in rows), *(sum(column) for column in list(zip(*rows, strict=True))[2:]))
    for name, well, passed, failed, skipped, seconds, cpu in [*rows, whole]:
        word = "ok" if well else "FAILED"
        lines.append(f"{name:20}  {word:6}  {passed:6}  {failed:6}  {skipped:7}  {seconds:7.0f}  {cpu:11.0f}")
    return "\n".join(lines)


def main(make="make", parts=PARTS):
    """Run all parts and print their table; returns the exit code."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for target, name in parts.items():
            print(f"\n== {name}", flush=True)
            rows.append((name, *run(target, folder, make)))
    print("\n" + table(rows), flush=True)
    return 0 if all(row[1] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
