"""Figures that a run measures and prints at its end, without judging them: a machine's speed is no test."""

import pytest


def pytest_configure(config):
    config.pluginmanager.register(Figures(), "figures")


@pytest.fixture
def figure(request):
    """Call it with a name, a number, its unit and the budget in words; the line is printed when the run ends."""

    def note(name, value, unit, budget):
        request.node.user_properties.append(("figure", f"{name}: {value:.0f} {unit} (budget: {budget})"))

    return note


class Figures:
    """Collects the figures of all reports and prints them."""

    def __init__(self):
        self.lines = []

    def pytest_runtest_logreport(self, report):
        if report.when == "call":
            self.lines += [value for key, value in report.user_properties if key == "figure"]

    def pytest_terminal_summary(self, terminalreporter):
        if self.lines:
            terminalreporter.section("measured in the browser")
            for line in sorted(self.lines):
                terminalreporter.line(line)
