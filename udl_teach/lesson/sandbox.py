"""Calls a learner's function: with a time limit, with its printing held back, and with whatever it raises caught."""

import _thread
import io
import linecache
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from types import FrameType
from typing import Any

LINES_SHOWN = 10
CHARACTERS_SHOWN = 300


class TimeUp(BaseException):
    """The function ran longer than it may. Not an Exception, so that `except Exception` does not catch it."""


class FirstLines(io.TextIOBase):
    """A place to print to that keeps the first ten lines and counts the others."""

    def __init__(self) -> None:
        """Start empty."""
        self.lines: list[str] = []
        self.left_out = 0
        self._open = ""

    def writable(self) -> bool:
        """Say yes: it is written to."""
        return True

    def write(self, text: str) -> int:
        """Take in printed text."""
        *finished, rest = text.split("\n")
        for line in finished:
            self._keep(self._open + line)
            self._open = ""
        self._open = (self._open + rest)[: CHARACTERS_SHOWN + 1]
        return len(text)

    def finish(self) -> None:
        """Count a last line that was not ended."""
        if self._open:
            self._keep(self._open)
            self._open = ""

    def _keep(self, line: str) -> None:
        if len(self.lines) < LINES_SHOWN:
            self.lines.append(line if len(line) <= CHARACTERS_SHOWN else line[:CHARACTERS_SHOWN] + " …")
        else:
            self.left_out += 1


@dataclass(frozen=True)
class Outcome:
    """What a call came to: a result, or an error with the learner's own line (0 where there is none)."""

    result: Any = None
    error: BaseException | None = None
    line: int = 0
    line_text: str = ""
    seconds: float = 0.0


def call(function: Callable, arguments: tuple, output: FirstLines, *, seconds: float, own: tuple = ()) -> Outcome:
    """Call a function that may do anything.

    Args:
        function: the function.
        arguments: its arguments.
        output: where its printing (and its warnings) go.
        seconds: how long it may take.
        own: the global namespaces (dicts) that count as the learner's, to find the line that failed.

    Returns:
        The outcome; only a KeyboardInterrupt goes through.
    """
    start = time.monotonic()
    result, error = None, None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            with redirect_stdout(output), redirect_stderr(output), time_limit(seconds):
                result = function(*arguments)
        except KeyboardInterrupt:
            raise
        except BaseException as problem:
            error = problem
    output.finish()
    told = list(dict.fromkeys(f"{warning.category.__name__}: {warning.message}" for warning in caught))
    if told:
        # One line: a mean of nothing alone makes NumPy warn twice, and what counts is the verdict.
        more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
        output.write(told[0] + more + "\n")
    line, line_text = _own_line(error, own)
    return Outcome(result, error, line, line_text, time.monotonic() - start)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeUp` in the body after so many seconds; outside the main thread nothing can, and there is no limit."""
    if threading.current_thread() is not threading.main_thread():
        yield
    elif hasattr(signal, "setitimer"):
        with _limit_by_alarm(seconds):
            yield
    else:
        with _limit_by_thread(seconds):
            yield


@contextmanager
def _limit_by_alarm(seconds: float) -> Iterator[None]:
    armed, rung = True, False

    # A bare `except:` in the learner's loop swallows TimeUp. So the alarm rings on, twenty times a second, and from the
    # second time on TimeUp is raised once more by the next line that runs: that below the `except:`, outside its `try`.
    def at_next_line(frame: FrameType, event: str, _: Any) -> Any:
        if armed and event == "line":
            raise TimeUp
        return None

    def ring(_: int, frame: FrameType | None) -> None:
        nonlocal rung
        if not armed:
            return
        if rung:
            while frame is not None and frame.f_code is not call.__code__:
                frame.f_trace = at_next_line
                frame = frame.f_back
            sys.settrace(at_next_line)
        rung = True
        raise TimeUp

    tracing = sys.gettrace()
    previous = signal.signal(signal.SIGALRM, ring)
    remaining, interval = signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001), 0.05)
    try:
        try:
            yield
        finally:
            armed = False
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_REAL, remaining, interval)
        signal.signal(signal.SIGALRM, previous)
        if sys.gettrace() is at_next_line:
            sys.settrace(tracing)


@contextmanager
def _limit_by_thread(seconds: float) -> Iterator[None]:
    # The one thread of the project: Windows has no alarm signal, and the loop to be stopped holds the main thread, so
    # only somebody else can knock. It knocks until it is heard, and ends with this block.
    done, rang = threading.Event(), threading.Event()

    def knock() -> None:
        pause = seconds
        while not done.wait(pause):
            rang.set()
            _thread.interrupt_main()
            pause = 0.05

    # Where Interrupt is ignored, as in a process started in the background, nobody would hear the knocking.
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    thread = threading.Thread(target=knock, daemon=True)
    thread.start()
    try:
        try:
            yield
        finally:
            done.set()
            thread.join()
    except KeyboardInterrupt:
        done.set()
        if not rang.is_set():
            raise
        raise TimeUp from None
    finally:
        signal.signal(signal.SIGINT, usual)


def _own_line(error: BaseException | None, own: tuple) -> tuple[int, str]:
    found = (0, "")
    traceback = error.__traceback__ if error is not None else None
    while traceback is not None:
        frame = traceback.tb_frame
        if any(frame.f_globals is namespace for namespace in own):
            text = linecache.getline(frame.f_code.co_filename, traceback.tb_lineno, frame.f_globals).strip()
            found = (traceback.tb_lineno, text)
        traceback = traceback.tb_next
    return found
