"""Notebooks as tests (nbval runs them, a test a cell): made sturdy, and measured against the budgets."""

import os
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


# What takes long begins first, so that no worker is left with it at the end.
LONG = ("test_notebook_runs", "test_sittings", "test_running", "test_sturdy", "test_play_playgrounds", "test_play")


def pytest_collection_modifyitems(items):
    for item in items:
        if isinstance(item, IPyNbCell):
            item.output_timeout = OUTPUT_TIMEOUT
    items.sort(key=lambda item: not isinstance(item, IPyNbCell) and 1 + _place(item.path.stem))


def _place(name):
    return next((place for place, start in enumerate(LONG) if name.startswith(start)), len(LONG))


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


def cpu_seconds(pid):
    """The processor seconds that a process has used so far, as Linux counts them; None on other systems."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Notes a notebook's peak memory and processor time after each of its cells; the notes travel with the report."""
    if not isinstance(item, IPyNbCell):
        return (yield)
    kernel = item.parent.kernel
    pid = kernel.km.provisioner.pid if kernel.is_alive() else None
    try:
        return (yield)
    finally:
        item.user_properties.append(("peak_megabytes", peak_megabytes(pid)))
        item.user_properties.append(("cpu_seconds", cpu_seconds(pid)))


class Measured:
    """Adds up what the reports say of each notebook, and prints it at the end of the run."""

    def __init__(self):
        self.seconds, self.most = {}, {"peak_megabytes": {}, "cpu_seconds": {}}

    def pytest_runtest_logreport(self, report):
        name = report.nodeid.split("::")[0]
        if not name.endswith(".ipynb") or report.when == "teardown":
            return
        self.seconds[name] = self.seconds.get(name, 0.0) + report.duration
        for key, value in report.user_properties:
            if key in self.most and value is not None and report.when == "call":
                self.most[key][name] = max(self.most[key].get(name, 0.0), value)

    def pytest_terminal_summary(self, terminalreporter):
        if not self.seconds:
            return
        terminalreporter.section("notebooks: seconds (start of the kernel included) and peak memory of the kernel")
        width = max(map(len, self.seconds))
        head = f"{'notebook':{width}}  seconds  (budget {SECONDS})  CPU seconds  peak MB  (budget {MEGABYTES})"
        terminalreporter.line(head)
        for name, seconds in sorted(self.seconds.items()):
            megabytes, cpu = (self.most[key].get(name) for key in ("peak_megabytes", "cpu_seconds"))
            over = seconds > SECONDS or (megabytes or 0) > MEGABYTES
            spent = f"{'?' if cpu is None else format(cpu, '.1f'):>11}"
            peak = f"{'?' if megabytes is None else format(megabytes, '.0f'):>7}"
            line = f"{name:{width}}  {seconds:7.1f}{'':13}  {spent}  {peak}"
            terminalreporter.line(line + ("    OVER BUDGET" if over else ""), red=over, bold=over)
