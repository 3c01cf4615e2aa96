"""How long a small model learns on an idle and on a busy machine, on all of torch's threads and as the library does it.

64-256-64-2 and back on 3,000 digits in batches of 128, 60 epochs. The machine is made busy by one endless loop for
every core. A way that is too slow to wait for is stopped early, and its time for all epochs is reckoned from its pace.
"""

import argparse
import os
import subprocess
import sys
import time
from contextlib import contextmanager

import numpy as np
import torch

from udl_teach import data, training
from udl_teach.models import Autoencoder

EPOCHS = 60


def pace(x, seconds):
    """(wall time, processor time) of EPOCHS epochs, from as many of them as `seconds` allow."""
    model = Autoencoder(64, 2, (256, 64))
    steps = model.steps(x, epochs=EPOCHS)
    next(steps)
    started, used, last = time.perf_counter(), time.process_time(), None
    for step in steps:
        last = step
        if time.perf_counter() - started > seconds:
            break
    whole = EPOCHS * -(-len(x) // 128) / (last.index - 1)
    return whole * (time.perf_counter() - started), whole * (time.process_time() - used)


@contextmanager
def busy(loops):
    """So many endless loops beside us."""
    processes = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def main(seconds: float = 30, rounds: int = 2) -> None:
    x = np.tile(data.digits().x, (2, 1))[:3000]
    small, cores = training.SMALL, os.cpu_count()
    print(
        f"64-256-64-2 on {len(x)} digits, {EPOCHS} epochs, {cores} cores, torch takes {torch.get_num_threads()} threads"
    )
    print("seconds of wall time (of processor time), rounds in turns:")
    for loops in (0, cores):
        with busy(loops):
            for _ in range(rounds):
                for name, limit in (("all threads", 0), ("as it learns", small)):
                    training.SMALL = limit
                    wall, used = pace(x, seconds)
                    print(
                        f"  {f'{loops} busy loops,' if loops else 'idle,':<14} {name:<13} {wall:7.1f}  ({used:.1f})",
                        flush=True,
                    )
    training.SMALL = small


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=30, help="for each way, at most")
    parser.add_argument("--rounds", type=int, default=2)
    main(**vars(parser.parse_args()))
