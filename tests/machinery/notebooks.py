"""Notebooks as tests (nbval runs them, a test a cell): made sturdy, and measured against the budgets."""

import re
from pathlib import Path

import nbval.kernel
import pytest
import zmq
from jupyter_client.manager import KernelManager
from nbval.plugin import IPyNbCell

SECONDS, MEGABYTES = 60, 1200
CELL_TIMEOUT, OUTPUT_TIMEOUT = 120, 60


def pytest_configure(config):
    # nbval opens this for a kernel's stderr and leaves the closing to the garbage collector.
    config.addinivalue_line(
        "filterwarnings", r"ignore:unclosed file <_io.TextIOWrapper name='/dev/null':ResourceWarning"
    )
    nbval.kernel.KernelManager = RoomyKernelManager
    config.option.nbval_cell_timeout = min(config.option.nbval_cell_timeout, CELL_TIMEOUT)
    config.pluginmanager.register(Measured(), "notebooks-measured")


def pytest_collection_modifyitems(items):
    for item in items:
        if isinstance(item, IPyNbCell):
            item.output_timeout = OUTPUT_TIMEOUT


class RoomyKernelManager(KernelManager):
    """Keeps every message of a kernel until nbval reads it.

    nbval waits for a cell to end and reads its outputs then; a cell that sends more than a thousand messages (a
    playground that plays) would fill the socket, its last one, "idle", would be lost and nbval report a timeout.
    """

    def client(self, **options):
        client = super().client(**options)
        client.context.setsockopt(zmq.RCVHWM, 0)
        return client


def peak_megabytes(pid):
    """The most memory that a process has held so far, as Linux counts it; None on other systems."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    return int(found[1]) / 1024 if found else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Notes a notebook's peak memory after each of its cells; the note travels with the report."""
    if not isinstance(item, IPyNbCell):
        return (yield)
    kernel = item.parent.kernel
    pid = kernel.km.provisioner.pid if kernel.is_alive() else None
    try:
        return (yield)
    finally:
        item.user_properties.append(("peak_megabytes", peak_megabytes(pid)))


class Measured:
    """Adds up what the reports say of each notebook, and prints it at the end of the run."""

    def __init__(self):
        self.seconds, self.megabytes = {}, {}

    def pytest_runtest_logreport(self, report):
        name = report.nodeid.split("::")[0]
        if not name.endswith(".ipynb") or report.when == "teardown":
            return
        self.seconds[name] = self.seconds.get(name, 0.0) + report.duration
        for key, value in report.user_properties:
            if key == "peak_megabytes" and value is not None and report.when == "call":
                self.megabytes[name] = max(self.megabytes.get(name, 0.0), value)

    def pytest_terminal_summary(self, terminalreporter):
        if not self.seconds:
            return
        terminalreporter.section("notebooks: seconds (start of the kernel included) and peak memory of the kernel")
        width = max(map(len, self.seconds))
        terminalreporter.line(f"{'notebook':{width}}  seconds  (budget {SECONDS})  peak MB  (budget {MEGABYTES})")
        for name, seconds in sorted(self.seconds.items()):
            megabytes = self.megabytes.get(name)
            over = seconds > SECONDS or (megabytes or 0) > MEGABYTES
            peak = "       ?" if megabytes is None else f"{megabytes:8.0f}"
            line = f"{name:{width}}  {seconds:7.1f}{'':13}{peak}"
            terminalreporter.line(line + ("    OVER BUDGET" if over else ""), red=over, bold=over)
