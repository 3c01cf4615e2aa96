"""A real browser for the tests of this folder, or a sentence that says why they are skipped."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from lab import chromium, find_browser  # noqa: E402


def what_is_missing():
    """A sentence on what these tests lack here, or None."""
    if find_browser() is None:
        return "No Chromium or Chrome was found; install one (Debian: apt-get install chromium) to run these tests."
    for name in ("playwright", "jupyterlab"):
        if importlib.util.find_spec(name) is None:
            return f"{name} is not installed; pip install 'udl-teach[test]' to run these tests."
    return None


@pytest.fixture(scope="session")
def browser():
    if missing := what_is_missing():
        (pytest.fail if os.environ.get("UDL_TEACH_REQUIRE_BROWSER") == "1" else pytest.skip)(missing)
    with chromium() as opened:
        yield opened
