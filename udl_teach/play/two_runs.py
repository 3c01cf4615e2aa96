"""The picture of two runs: this one, the kept one beside it where there is one, and the curves of both."""

from collections.abc import Callable
from typing import Any

import numpy as np

from udl_teach import plots
from udl_teach.plots.curves import roomy
from udl_teach.plots.figures import set_box, set_limits, set_title
from udl_teach.plots.style import INK

Box = tuple[float, float, float, float]


class Curve:
    """A measure over the steps, of this run and of the kept one (dashed), in axes of its own.

    Args:
        frame: of the picture.
        of: function of a snapshot that returns (steps, values), shape (n,) each.
        title: above the axes.
        xlabel: below them.
        log: whether the values' axis is logarithmic.
        least: right end of the steps at the beginning; it doubles whenever the curve comes to it.
        limits_of: function of the values of a run that returns those which the axis must hold; default all.
        line: further properties of both lines, as Matplotlib names them.
    """

    def __init__(
        self,
        frame: plots.Frame,
        of: Callable[[Any], tuple[np.ndarray, np.ndarray]],
        title: str,
        *,
        xlabel: str = "step",
        log: bool = True,
        least: int = 100,
        limits_of: Callable[[np.ndarray], np.ndarray] | None = None,
        **line: Any,
    ) -> None:
        """Make the axes and both lines once."""
        self.of, self.log, self.least, self.limits_of = of, log, least, limits_of or (lambda values: values)
        self.axes = frame.figure.add_axes((0, 0, 1, 1))
        self.before = plots.draw_curve(self.axes, [], label="kept", log=log, number=1, dashed=True)
        self.now = plots.draw_curve(self.axes, [], label="this run", log=log)
        for one in (self.before, self.now):
            one.set(**line)
        self.axes.tick_params(labelsize=8)
        self.axes.xaxis.get_major_locator().set_params(integer=True)
        self.axes.set_xlabel(xlabel, fontsize=9, color=INK)
        set_title(self.axes, title)
        frame.moving(self.before, self.now)

    def draw(self, snapshot: Any, kept: Any = None) -> None:
        """Bring both lines up to date, and the limits where they grow out of them."""
        runs = [self.of(run) for run in (snapshot, kept) if run is not None]
        self.now.set_data(*runs[0])
        self.before.set_data(*(runs[1] if len(runs) > 1 else ([], [])))
        legend = self.axes.get_legend()
        if legend.get_visible() == (kept is None):
            legend.set_visible(kept is not None)
        longest = max((steps for steps, _ in runs), key=lambda steps: max(steps, default=0))
        values = np.concatenate([self.limits_of(np.asarray(values)) for _, values in runs])
        set_limits(self.axes, *roomy(longest, values, log=self.log, least=self.least))


class TwoRuns:
    """Base of a drawing: the panel of this run, that of the kept run where there is one, and curves.

    A subclass appends to `curves` and may draw more.

    Args:
        panel: class of a run's panel: made with the frame, it has `axes` and `draw(snapshot, title)`.
        alone: boxes (left, bottom, width, height) of the panel and of each curve, in shares of the figure.
        beside: boxes of this run's panel, the kept run's, and each curve.
        few_colours: as `plots.Frame` has it.

    Attributes:
        frame: of the picture.
        now: panel of this run.
        before: panel of the kept run.
        curves: drawn from top to bottom.
    """

    def __init__(
        self, panel: Callable[[plots.Frame], Any], alone: tuple[Box, ...], beside: tuple[Box, ...], *,
        few_colours: bool = False,
    ) -> None:  # fmt: skip
        """Make both panels once."""
        self.frame = plots.Frame(few_colours=few_colours)
        self.alone, self.beside = alone, beside
        self.now, self.before = panel(self.frame), panel(self.frame)
        self.curves: list[Curve] = []

    def draw(self, snapshot: Any, kept: Any = None) -> None:
        """Bring every artist up to date."""
        boxes = self.alone[:1] + (None,) + self.alone[1:] if kept is None else self.beside
        axes = (self.now.axes, self.before.axes, *(curve.axes for curve in self.curves))
        for one, box in zip(axes, boxes, strict=True):
            set_box(one, box)
        self.now.draw(snapshot, "this run")
        if kept is not None:
            self.before.draw(kept, "kept run")
        for curve in self.curves:
            curve.draw(snapshot, kept)
