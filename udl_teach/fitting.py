"""`fit`: advance a model's steps to their end, with a bar, held-out data and a history.

Everything here is the caller's side of `training.train`: what it adds (bar, validation, early stopping, a calm end on
Interrupt) is done between steps and never changes what the steps are.
"""

import inspect
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from torch import nn
from tqdm import tqdm

from udl_teach import inputs
from udl_teach.modules import device_of, draws_apart, example_of, fingerprint, modes_of, set_modes
from udl_teach.places import in_notebook
from udl_teach.renamed import Renamed
from udl_teach.threads import few_threads, products
from udl_teach.training import LearningState, Step, train
from udl_teach.trial import checked_pair, terms_of


class History:
    """What happened while a model learned.

    Attributes:
        loss: loss of every step (of its batch, before its update).
        terms: the named parts of the loss, each a list as long as `loss`.
        epochs: the pass that each step belongs to, from 1.
        validation: loss on the held-out data after every pass; empty without validation data.
        seconds: time spent learning.
        stopped: why learning ended early, as a sentence; None where it ran to its end.
        state: where learning stands, for `fit(..., resume=history)`.
        fingerprint: of the weights with which learning ended; by it `resume` knows the model. None where it is unknown.
    """

    def __init__(self, state: LearningState) -> None:
        self.loss: list[float] = []
        self.terms: dict[str, list[float]] = {}
        self.epochs: list[int] = []
        self.validation: list[float] = []
        self.seconds = 0.0
        self.stopped: str | None = None
        self.state = state
        self.fingerprint: int | None = None

    def add(self, step: Step) -> None:
        """Write one step down."""
        self.loss.append(step.loss)
        self.epochs.append(step.epoch)
        if isinstance(step.terms, Renamed) and not isinstance(self.terms, Renamed):
            # Answers to old names as the step does; the history of an older file has its terms under those.
            new = step.terms.old
            self.terms = type(step.terms)({new.get(name, name): values for name, values in self.terms.items()})
        for name, value in step.terms.items():
            self.terms.setdefault(name, []).append(value)

    def __len__(self) -> int:
        return len(self.loss)

    def __repr__(self) -> str:
        if not self.loss:
            return "History(no steps yet)"
        ending = "" if self.stopped is None else f", stopped: {self.stopped}"
        return (
            f"History({len(self)} steps in {self.epochs[-1]} epochs, {self.seconds:.1f} s, "
            f"loss {self.loss[0]:.4g} -> {self.loss[-1]:.4g}{ending})"
        )

    def plot(self, axes: Any = None) -> Any:
        """Draw the loss over the steps, and the validation loss where there is one; returns the axes.

        Args:
            axes: where to draw; None makes a new pyplot figure, which a notebook shows by itself.
        """
        from udl_teach import plots

        if axes is None:
            import matplotlib.pyplot as plt

            axes = plt.subplots(figsize=(6, 3.2))[1]
        plots.draw_curve(axes, self.loss, label="loss of the batch")
        if self.validation:
            ends = [
                index for index, epoch in enumerate(self.epochs, start=1) if self.epochs[index : index + 1] != [epoch]
            ]
            plots.draw_curve(
                axes, self.validation, ends[-len(self.validation) :], label="validation", number=1, dashed=True
            )
        axes.set_ylabel("loss")
        return axes


def fit(
    model: nn.Module,
    x: Any,
    y: Any = None,
    *,
    epochs: int | None = None,
    batch_size: int | None = None,
    learning_rate: float | Callable[[int], float] | None = None,
    seed: int = 0,
    device: str = "auto",
    progress: bool = True,
    validation: Any = None,
    patience: int | None = None,
    resume: History | None = None,
    **options: Any,
) -> History:
    """Let a model learn from data.

    A small model learns on one thread, since threads that wait for each other on a busy machine are far slower, unless
    OMP_NUM_THREADS or torch.set_num_threads says otherwise.

    An argument that has no meaning for the model is refused: k-means has neither batches nor a learning rate.

    Args:
        model: a model of this library, or any module with `loss(x, generator=None)`; changed in place.
        x: samples, first axis n_samples.
        y: labels aligned with `x`, where the model is conditional on them.
        epochs: passes over the data; with `resume`, further passes. None takes the model's own number, 20 for all
            that follow a gradient.
        batch_size: samples a batch; more than there are samples means all of them. A single sample that is left over
            joins the batch before it if the model cannot learn from one alone (batch normalization). None takes the
            model's own, 128 for all that follow a gradient.
        learning_rate: a number, or a function from the number of updates made so far to a number. None takes the
            model's own, 0.001 for all that follow a gradient.
        seed: of the shuffles and of what the loss draws; not used with `resume`.
        device: "auto" takes CUDA, then MPS, then the CPU; or a name that torch knows.
        progress: whether to show a bar.
        validation: held-out samples, or a pair (samples, labels); their loss is taken after every pass.
        patience: stop once the validation loss has not improved for so many passes, and go back to the best one.
        resume: the history of an earlier `fit` on the same data: go on where it stopped, with that model, a copy of it
            or what `load` returns. Five epochs and five more equal ten, bit for bit.
        options: handed on to `model.steps` (a radius, a rule).

    Returns:
        The history; with `resume` that of both parts together.

    Raises:
        TypeError, ValueError: an argument is not what it must be; nothing has changed then.
        FloatingPointError: the loss became NaN or infinite; its attribute `history` holds what happened before.
    """
    if epochs is not None:
        epochs = inputs.whole(epochs, "epochs", minimum=0)
    if patience is not None:
        patience = inputs.whole(patience, "patience")
        if validation is None:
            raise ValueError("patience was given without validation data; pass validation=held_out.x as well.")
    if not isinstance(model, nn.Module):
        raise TypeError(f"model was {type(model).__name__}; it must be a model, that is, a torch module.")
    place = _device(device)
    history = History(LearningState(seed)) if resume is None else _continued(resume, model)
    state, before = history.state, history.state.index
    steps_of = model.steps if hasattr(model, "steps") else partial(train, model)
    if epochs is None:
        epochs = _own_epochs(steps_of)
    chosen = _taken(steps_of, model, {"batch_size": batch_size, "learning_rate": learning_rate} | options, seed)
    watched = None if validation is None else _Watched(model, validation, seed, patience)
    moved_from = device_of(model)
    model.to(place)
    try:
        steps = steps_of(x, y, epochs=epochs, state=state, **chosen)
        if watched is not None:
            watched.loss()
    except Exception:
        model.to(moved_from)
        raise
    started, first_epoch = time.perf_counter(), state.epoch
    try:
        with _bar(epochs, shown=progress) as bar, _calm_interrupt() as interrupted:
            for step in steps:
                history.add(step)
                _advance(bar, state, first_epoch, step)
                if state.at_end_of_epoch and watched is not None:
                    history.validation.append(watched.look(state))
                    if watched.gives_up:
                        history.stopped = (
                            f"no better on the validation data for {patience} epochs; back at the best, epoch "
                            f"{watched.best_epoch}"
                        )
                        break
                if interrupted():
                    history.stopped = f"interrupted after step {state.index}; what was learned is kept"
                    break
            if bar.n < epochs and not interrupted():
                bar.total = bar.n  # nothing more to come, so a bar that stands half full would be untrue
                bar.refresh()
    except FloatingPointError as error:
        history.fingerprint = fingerprint(model)
        error.history = history
        raise
    finally:
        history.seconds += time.perf_counter() - started
        if state.index > before:
            model.eval()
        else:
            model.to(moved_from)
    if watched is not None:
        watched.go_back(state)
    history.fingerprint = fingerprint(model)
    return history


class _Watched:
    """The loss on held-out data, and the best weights seen so far."""

    def __init__(self, model: nn.Module, validation: Any, seed: int, patience: int | None) -> None:
        self.model, self.seed, self.patience = model, seed, patience
        if isinstance(validation, tuple) and len(validation) != 2:
            raise ValueError(
                f"validation was a tuple of {len(validation)}; it must be samples or a pair (samples, labels)."
            )
        x, y = validation if isinstance(validation, tuple) else (validation, None)
        if not hasattr(model, "loss"):
            raise TypeError(
                f"validation was given, but {type(model).__name__} has no loss that could be taken of it: leave it out."
            )
        try:
            self.x, self.y = checked_pair(model, x, y)
        except (TypeError, ValueError) as error:
            raise type(error)(f"validation: {error}") from None
        self.best, self.best_epoch, self.bad_epochs, self.kept = float("inf"), 0, 0, None

    def loss(self) -> float:
        """Loss on the held-out data; draws from a generator of its own, the same every time, and leaves no trace."""
        generator, total, like = inputs.generator(self.seed), 0.0, example_of(self.model)
        modes = modes_of(self.model)
        try:
            with torch.no_grad(), draws_apart(like.device), few_threads(self.x, products(self.model, self.x, 128))():
                self.model.eval()
                for start in range(0, len(self.x), 4096):
                    x = self.x[start : start + 4096].to(like)
                    given = {} if self.y is None else {"y": self.y[start : start + 4096].to(like.device)}
                    terms = terms_of(self.model.loss(x, generator=generator, **given), self.model)
                    total += float(terms["loss"]) * len(x)
        finally:
            set_modes(modes)
        return total / len(self.x)

    def look(self, state: LearningState) -> float:
        loss = self.loss()
        if loss < self.best:
            self.best, self.bad_epochs, self.best_epoch = loss, 0, state.epoch + 1
            if self.patience is not None:
                weights = {name: value.detach().clone() for name, value in self.model.state_dict().items()}
                self.kept = (weights, state.state_dict())
        else:
            self.bad_epochs += 1
        return loss

    @property
    def gives_up(self) -> bool:
        return self.patience is not None and self.bad_epochs >= self.patience

    def go_back(self, state: LearningState) -> None:
        if self.kept is not None and self.bad_epochs > 0:
            weights, learning = self.kept
            self.model.load_state_dict(weights)
            state.load_state_dict(learning)


def _continued(resume: Any, model: nn.Module) -> History:
    """A history that goes on from `resume`, which stays as it is: other copies of its model may go on from it too."""
    if not isinstance(resume, History):
        raise TypeError(f"resume was {type(resume).__name__}; it must be the History that an earlier fit returned.")
    if resume.fingerprint not in (None, fingerprint(model)):
        raise ValueError(
            f"resume was a history that did not end with the weights of this {type(model).__name__}: pass the model "
            "as that fit left it, a copy of it or what load returned with the history, or leave resume out to learn "
            "anew."
        )
    state = LearningState()
    state.load_state_dict(resume.state.state_dict())
    history = History(state)
    history.loss, history.epochs = list(resume.loss), list(resume.epochs)
    history.terms = type(resume.terms)({name: list(values) for name, values in resume.terms.items()})
    history.validation, history.seconds = list(resume.validation), resume.seconds
    return history


def _taken(steps: Callable, model: nn.Module, options: dict[str, Any], seed: int) -> dict[str, Any]:
    """The options that were given, and the seed, as far as the model's steps take them; else a TypeError names one."""
    taken = inspect.signature(steps).parameters
    anything = any(parameter.kind == parameter.VAR_KEYWORD for parameter in taken.values())
    given = {name: value for name, value in options.items() if value is not None}
    if seed != 0 or anything or "seed" in taken:  # 0 is the default of fit, not a choice
        given["seed"] = seed
    for name in given:
        if not (anything or name in taken):
            known = ", ".join(other for other in taken if other not in ("x", "y", "state"))
            raise TypeError(f"{name} was given, but {type(model).__name__} learns without it; its steps take {known}.")
    return given


def _own_epochs(steps: Callable) -> int:
    own = getattr(inspect.signature(steps).parameters.get("epochs"), "default", None)
    return own if isinstance(own, int) else 20


def _device(device: str) -> torch.device:
    if device == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        place = torch.device(device)
        torch.empty(0, device=place)
    except (RuntimeError, AssertionError, TypeError):
        raise ValueError(
            f'device was {device!r}, which this machine does not have; it must be "auto", "cpu" or the name of a '
            'device that is there: take "auto" if in doubt.'
        ) from None
    return place


class _TextBar(tqdm):
    """A bar whose text a notebook replaces in place: what is saved is its last line, and no widget."""

    def display(self, msg: str | None = None, pos: int | None = None) -> None:
        from IPython.display import display

        line = {"text/plain": msg or str(self)}
        if not hasattr(self, "_line"):
            self._line = display(line, raw=True, display_id=True)
        else:
            self._line.update(line, raw=True)

    def close(self) -> None:
        if not self.disable:
            self.display()
        super().close()


def _bar(epochs: int, *, shown: bool) -> tqdm:
    form = "{l_bar}{bar}| {n:.0f} of {total:.0f} epochs [{elapsed}<{remaining}{postfix}]"
    if shown and in_notebook():
        return _TextBar(total=epochs, bar_format=form, ncols=80, gui=True)
    return tqdm(total=epochs, disable=not shown, bar_format=form)


def _advance(bar: tqdm, state: LearningState, first_epoch: int, step: Step) -> None:
    if bar.disable:
        return
    done = state.epoch - first_epoch + state.batch / max(state.batches_per_epoch, 1)
    bar.set_postfix_str(f"loss {step.loss:.4g}", refresh=False)
    bar.update(done - bar.n)


@contextmanager
def _calm_interrupt() -> Iterator[Callable[[], bool]]:
    """Turn the first Interrupt into a question that is asked between two steps; a second one acts at once.

    A KeyboardInterrupt raised inside an update could leave half of the weights new and half of them old.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    asked = []
    usual = signal.getsignal(signal.SIGINT)

    def note(number, frame):
        asked.append(number)
        signal.signal(signal.SIGINT, usual)

    signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, usual)
