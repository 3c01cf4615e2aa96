"""Notebooks as tests (nbval runs them, a test a cell): made sturdy, and measured against the budgets."""

import re
import time
from collections import deque
from pathlib import Path
from queue import Empty

import pytest
import zmq
from nbval.plugin import IPyNbCell

SECONDS, MEGABYTES = 60, 1200
CELL_TIMEOUT, OUTPUT_TIMEOUT = 120, 60


def pytest_configure(config):
    # nbval opens this for a kernel's stderr and leaves the closing to the garbage collector.
    config.addinivalue_line(
        "filterwarnings", r"ignore:unclosed file <_io.TextIOWrapper name='/dev/null':ResourceWarning"
    )
    config.option.nbval_cell_timeout = min(config.option.nbval_cell_timeout, CELL_TIMEOUT)
    config.pluginmanager.register(Measured(), "notebooks-measured")


def pytest_collection_modifyitems(items):
    for item in items:
        if isinstance(item, IPyNbCell):
            item.output_timeout = OUTPUT_TIMEOUT


def read_while_waiting(kernel):
    """Makes a kernel of nbval take in outputs while it waits for a cell to end.

    nbval waits first and reads then; a cell with more than a thousand messages (a progress bar, a playground that
    plays) fills the socket meanwhile, the last message, "idle", is lost and nbval reports a timeout.
    """
    outputs, client = deque(), kernel.kc
    plain_await_reply, plain_get_message = kernel.await_reply, kernel.get_message
    poller = zmq.Poller()
    for channel in (client.iopub_channel, client.shell_channel):
        poller.register(channel.socket, zmq.POLLIN)

    def await_reply(msg_id, timeout=None):
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            left = None if end is None else max(0, int(1000 * (end - time.monotonic())))
            ready = dict(poller.poll(left))
            if not ready:
                raise Empty
            if client.shell_channel.socket in ready:
                return plain_await_reply(msg_id, timeout=timeout)
            outputs.append(plain_get_message("iopub", timeout=1))

    def get_message(stream, timeout=None):
        if stream == "iopub" and outputs:
            return outputs.popleft()
        return plain_get_message(stream, timeout=timeout)

    kernel.await_reply, kernel.get_message = await_reply, get_message


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
    if "read_while_waiting" not in item.parent.__dict__:
        item.parent.read_while_waiting = True
        read_while_waiting(kernel)
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
