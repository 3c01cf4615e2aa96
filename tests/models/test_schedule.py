"""Schedules: constants and exponential decay."""

import pytest

from udl_teach.models.schedule import schedule


def test_a_pair_decays_exponentially_and_then_keeps_its_end():
    at = schedule((8.0, 0.5), "radius", (1, 1), 5)
    assert [at(step) for step in range(6)] == pytest.approx([8, 4, 2, 1, 0.5, 0.5])
    assert [schedule(None, "radius", (3.0, 3.0), 4)(2), schedule(0.7, "radius", (1, 1), 4)(2)] == [3.0, 0.7]
