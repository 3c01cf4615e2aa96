"""Two ways of making the same steps, timed in turns."""

import time
from collections.abc import Iterator

import numpy as np


def beside(ours: Iterator, by_hand: Iterator, rounds: int, steps: int) -> tuple[float, float, float]:
    """(ours / by hand, ours, by hand): processor seconds a step, medians over the rounds; a first round warms up."""
    rows = []
    for _ in range(rounds + 1):
        taken = []
        for learning in (ours, by_hand):
            started = time.process_time()
            for _ in range(steps):
                next(learning)
            taken.append((time.process_time() - started) / steps)
        rows.append((taken[0] / taken[1], *taken))
    return tuple(np.median(rows[1:], axis=0))
