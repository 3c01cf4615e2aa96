"""How many threads a step of learning takes: one, if the model is small and the user has not chosen otherwise."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

# A step that multiplies fewer numbers than this is made on one thread: sharing out so little gains next to nothing on
# an idle machine, and on a busy one threads wait for each other, up to a hundred times as long.
SMALL = 2**24


def on_few_threads(steps: Iterator[Any], x: torch.Tensor, products: int) -> Iterator[Any]:
    """The same steps, each made on one thread if that is enough; between two steps the caller's setting holds."""
    few = few_threads(x, products)
    while True:
        with few():
            step = next(steps, None)
        if step is None:
            return
        yield step


def few_threads(x: torch.Tensor, products: int) -> Callable[[], Any]:
    """What makes a context in which torch uses one thread, if a step multiplies few numbers and `x` is on the CPU.

    A setting of the user's own is left alone: OMP_NUM_THREADS or MKL_NUM_THREADS in the environment, or another number
    in torch.set_num_threads than that of the machine's cores, which torch takes by itself.
    """
    own = {os.cpu_count(), torch.get_num_interop_threads()}
    if hasattr(os, "sched_getaffinity"):
        own.add(len(os.sched_getaffinity(0)))
    chosen = "OMP_NUM_THREADS" in os.environ or "MKL_NUM_THREADS" in os.environ
    small = x.device.type == "cpu" and products < SMALL

    @contextmanager
    def few() -> Iterator[None]:
        threads = torch.get_num_threads()
        if chosen or not small or threads == 1 or threads not in own:
            yield
            return
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(threads)

    return few


def products(model: nn.Module, x: torch.Tensor, batch_size: int) -> int:
    """About how many products a model's forward pass takes: filters are used at every place of an image."""
    places = x.shape[2:].numel() if x.ndim > 2 else x.shape[-1]
    weights = [*model.parameters()] or [*model.buffers()]
    return min(batch_size, len(x)) * sum(weight.numel() * (places if weight.ndim > 2 else 1) for weight in weights)
