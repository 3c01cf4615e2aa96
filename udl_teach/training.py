"""One way of learning for every model: a generator of steps that its caller advances.

`train` is the loop: shuffle, batch, loss, gradient, update, yield. It draws nothing, prints nothing and owns no bar;
a notebook cell, a playground, the command line and a test each advance it in their own way. `fitting.fit` is the
caller that most people want.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.modules import example_of
from udl_teach.threads import on_few_threads, products
from udl_teach.trial import checked_pair, learns_alone, numbers_of, terms_of, undone_if_refused


@dataclass(frozen=True, slots=True)
class Step:
    """What one update left behind: plain numbers, made after the update.

    Attributes:
        index: number of updates made so far, this one included; the first step has index 1.
        epoch: the pass over the data that the step belongs to; the first pass is 1.
        loss: loss of the batch just learned from, taken before the update.
        terms: the named parts of that loss, and whatever else the model tells (a rate, a radius).
    """

    index: int
    epoch: int
    loss: float
    terms: dict[str, float]


class LearningState:
    """All that learning needs to go on exactly where it stopped, apart from the model's own weights.

    Attributes:
        index: updates made so far.
        epoch: passes over the data finished so far.
        batch: batches already learned from in the pass that is under way.
        batches_per_epoch: batches that a pass has (0 before the first).
        order: generator of the shuffles, as it was before the pass that is under way was shuffled.
        noise: generator of everything else that a loss draws.
        optimizers: the optimizers by name, with their moving averages.
    """

    def __init__(self, seed: int = 0) -> None:
        self.index = self.epoch = self.batch = self.batches_per_epoch = 0
        self.order = inputs.generator(seed)
        # A second stream, so that a model that draws noise sees the same shuffles as one that draws none.
        self.noise = inputs.generator(int(seed) + 2**32)
        self.optimizers: dict[str, torch.optim.Optimizer] = {}
        self._restored: dict[str, dict[str, Any]] = {}

    def optimizer(self, name: str, new: torch.optim.Optimizer) -> torch.optim.Optimizer:
        """The optimizer of that name: the one in use, else `new` (with the averages of a restored state).

        Raises:
            ValueError: the one in use, or the restored averages, are those of another model than `new`.
        """
        own = _parameters(new)
        if name in self.optimizers:
            used = _parameters(self.optimizers[name])
            if len(used) == len(own) and all(a is b for a, b in zip(used, own, strict=True)):
                return self.optimizers[name]
            raise ValueError(
                "state belongs to another model, whose weights it would move; leave it out, or for a copy of that "
                "model pass a new LearningState after load_state_dict(state.state_dict())."
            )
        if name in self._restored:
            kept = self._restored[name]
            # The averages are kept by the number of their weight.
            averages = {number: averages["exp_avg"].shape for number, averages in kept["state"].items()}
            shapes = dict(enumerate(parameter.shape for parameter in own))
            if len(kept["param_groups"][0]["params"]) != len(own) or any(shapes[n] != a for n, a in averages.items()):
                raise ValueError(
                    "state was left by a model of other sizes; pass the model that it belongs to, or leave it out."
                )
            for group, made in zip(kept["param_groups"], new.param_groups, strict=True):
                group["fused"] = made["fused"]  # it depends on the device, which may be another one now
            new.load_state_dict(self._restored.pop(name))
        self.optimizers[name] = new
        return new

    def learned(self) -> None:
        """Count one batch as learned from: call it right after the update and before the yield."""
        self.index += 1
        self.batch += 1

    def finish_epoch(self, n: int) -> None:
        """Move on to the next pass over `n` samples: the shuffles advance by the one that is used up."""
        torch.randperm(n, generator=self.order)
        self.epoch, self.batch = self.epoch + 1, 0

    @property
    def at_end_of_epoch(self) -> bool:
        """Whether the batch just learned from was the last of its pass."""
        return self.batch == self.batches_per_epoch

    def state_dict(self) -> dict[str, Any]:
        """Everything as plain numbers, tensors and dictionaries; a copy, so learning on does not change it."""
        optimizers = {name: optimizer.state_dict() for name, optimizer in self.optimizers.items()} | self._restored
        return {
            "index": self.index,
            "epoch": self.epoch,
            "batch": self.batch,
            "batches_per_epoch": self.batches_per_epoch,
            "order": self.order.get_state(),
            "noise": self.noise.get_state(),
            "optimizers": {name: _copied(state) for name, state in optimizers.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go back to what `state_dict` returned."""
        self.index, self.epoch = int(state["index"]), int(state["epoch"])
        self.batch, self.batches_per_epoch = int(state["batch"]), int(state["batches_per_epoch"])
        self.order.set_state(state["order"])
        self.noise.set_state(state["noise"])
        for name, values in state["optimizers"].items():
            if name in self.optimizers:
                self.optimizers[name].load_state_dict(_copied(values))
            else:
                self._restored[name] = _copied(values)


def batches(
    x: torch.Tensor,
    y: torch.Tensor | None,
    *,
    epochs: int | None,
    batch_size: int,
    state: LearningState,
    alone: bool = True,
) -> Iterator[tuple[torch.Tensor, torch.Tensor | None]]:
    """Every pass in a new random order, cut into batches; the last batch of a pass may be smaller.

    Whoever learns from a batch calls `state.learned()` after the update; that is what moves on, so a pass that was
    broken off goes on, later, with just the batches that were not learned from.

    Args:
        x: samples, first axis n_samples.
        y: labels aligned with `x`, or None.
        epochs: passes to finish from here on (one that was broken off counts as the first); None goes on for ever.
        batch_size: samples a batch; more than there are samples means all of them.
        state: where learning stands, moved on in place.
        alone: whether a single sample that is left over makes a batch; else it joins the batch before it.

    Yields:
        (x of the batch, y of the batch or None).
    """
    n = len(x)
    state.batches_per_epoch = math.ceil(n / batch_size)
    joins = not alone and n % batch_size == 1 and state.batches_per_epoch > 1
    state.batches_per_epoch -= joins
    if state.batch >= state.batches_per_epoch:
        state.finish_epoch(n)
    last = math.inf if epochs is None else state.epoch + epochs
    while state.epoch < last:
        before = state.order.get_state()
        order = torch.randperm(n, generator=state.order).to(x.device)
        state.order.set_state(before)
        # One gather a pass and views from then on: gathering batch by batch costs a tenth of a small model's step.
        x_pass, y_pass = x[order], None if y is None else y[order]
        while state.batch < state.batches_per_epoch:
            end = (state.batch + 1) * batch_size
            cut = slice(state.batch * batch_size, n if joins and state.batch + 1 == state.batches_per_epoch else end)
            yield x_pass[cut], None if y_pass is None else y_pass[cut]
        state.finish_epoch(n)


def passes(epochs: int | None, state: LearningState) -> Iterator[None]:
    """Passes for a rule that sees all samples at once, so that a pass is one step (k-means, the batch map).

    As with `batches`, who has made the update calls `state.learned()`.

    Args:
        epochs: passes to finish from here on; None goes on for ever.
        state: where learning stands, moved on in place.
    """
    state.batches_per_epoch = 1
    if state.batch:
        state.finish_epoch(1)
    last = math.inf if epochs is None else state.epoch + epochs
    while state.epoch < last:
        yield
        state.finish_epoch(1)


def train(
    model: nn.Module,
    x: Any,
    y: Any = None,
    *,
    epochs: int | None = 20,
    batch_size: int = 128,
    learning_rate: float | Callable[[int], float] = 1e-3,
    seed: int = 0,
    given: Callable[[int], dict[str, Any]] | None = None,
    state: LearningState | None = None,
) -> Iterator[Step]:
    """Learn by gradient descent (Adam: Kingma and Ba 2015, algorithm 1), one step each time the caller asks.

    Args:
        model: a module whose `loss(x, generator=None)` returns a dict with the key "loss" and named terms, or the loss
            alone: a tensor that holds one number.
        x: samples, first axis n_samples; array or tensor of finite numbers.
        y: labels aligned with `x`, handed on as `model.loss(x, y=..., generator=...)`; None where there are none.
        epochs: passes over the data; None goes on for ever.
        batch_size: samples a batch; more than there are samples means all of them. A single sample that is left over
            joins the batch before it if the model cannot learn from one alone (batch normalization).
        learning_rate: a number, or a function from the number of updates made so far to a number.
        seed: of the shuffles and of what the loss draws; not used where `state` is given.
        given: what the loss needs for one step besides its batch: a function from the number of updates made so far to
            keyword arguments of `model.loss`, such as `lambda index: {"beta": min(1, index / 1000)}`.
        state: where to go on from, with the same model; moved on in place.

    Returns:
        An iterator of `Step`, each yielded after its update.

    Raises:
        TypeError, ValueError: an argument is not what it must be; raised at once, before anything has changed (what
            the loss returns, once it is asked).
        FloatingPointError: the loss became NaN or infinite; raised while learning, before the update that it spoils.
    """
    if epochs is not None:
        epochs = inputs.whole(epochs, "epochs", minimum=0)
    batch_size = inputs.whole(batch_size, "batch_size")
    rate = inputs.rate(learning_rate, "learning_rate")
    state = LearningState(seed) if state is None else state
    learns = isinstance(model, nn.Module) and hasattr(model, "loss") and next(model.parameters(), None) is not None
    if not learns:
        raise TypeError(
            f"model was {type(model).__name__}, which does not learn by steps; it must be a torch module with "
            "parameters and a method loss(x, generator=None)."
        )
    like = example_of(model)
    x, y = checked_pair(model, x, y)
    x, y = x.to(like), None if y is None else y.to(like.device)
    given = given or (lambda index: {})
    alone = learns_alone(model, x, y, batch_size, state, given)
    learning = {"adam": state.optimizer("adam", adam(model)), "rate": rate, "given": given}
    steps = _steps(model, x, y, epochs=epochs, batch_size=batch_size, state=state, alone=alone, **learning)
    return on_few_threads(steps, x, products(model, x, batch_size))


def _steps(model, x, y, *, epochs, batch_size, state, alone, adam, rate, given) -> Iterator[Step]:
    refusal = undone_if_refused(model)
    for x_batch, y_batch in batches(x, y, epochs=epochs, batch_size=batch_size, state=state, alone=alone):
        learning_rate = rate(state.index)
        # The caller may stand inside no_grad or have called model.eval() to draw a picture: neither may matter here.
        with torch.enable_grad():
            labels = {} if y_batch is None else {"y": y_batch}
            with refusal:
                if not model.training:
                    model.train()
                terms = terms_of(model.loss(x_batch, generator=state.noise, **labels, **given(state.index)), model)
                values = numbers_of(terms, model)
                stop_at_nan(values["loss"], state, learning_rate)
            refusal = nullcontext()
            adam.zero_grad()
            terms["loss"].backward()
            for group in adam.param_groups:
                group["lr"] = learning_rate
            adam.step()
        state.learned()
        yield Step(index=state.index, epoch=state.epoch + 1, loss=values.pop("loss"), terms=values)


def stop_at_nan(loss: float, state: LearningState, learning_rate: float) -> None:
    """Raise FloatingPointError, with what to try, where a loss is no longer a finite number."""
    if not math.isfinite(loss):
        raise FloatingPointError(
            f"the loss became {loss} at step {state.index + 1} (epoch {state.epoch + 1}), so learning stopped there "
            f"with the weights as they were: make the model anew and try a smaller learning_rate than "
            f"{learning_rate:g} (a tenth of it, say), or bring the columns of x to a similar scale."
        )


def adam(model: nn.Module, **options: Any) -> torch.optim.Adam:
    """Adam (Kingma and Ba 2015) over all parameters of a model; `options` are torch's, such as betas=(0.5, 0.99)."""
    parameters = list(model.parameters())
    # fused: the whole update in one call, several times as fast for small layers; not every device has it.
    fused = parameters[0].device.type in ("cpu", "cuda")
    return torch.optim.Adam(parameters, lr=1e-3, fused=fused, **options)


def _parameters(optimizer: torch.optim.Optimizer) -> list[torch.Tensor]:
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


def _copied(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_copied(item) for item in value)
    return value
