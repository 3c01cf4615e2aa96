"""The picture of two runs: this one, the kept one beside it where there is one, and the curves of both."""

from collections.abc import Callable
from typing import Any

import numpy as np

from udl_teach import plots
from udl_teach.plots.curves import roomy
from udl_teach.plots.figures import Box, set_box, set_limits, set_new, set_title
from udl_teach.plots.style import INK, marker


class Curve:
    """A measure over the steps, of this run and of the kept one (dashed), in axes of its own; or several measures.

    Args:
        frame: of the picture.
        of: function of a snapshot that returns (steps, values), shape (n,) each; with `names`, values of shape
            (n_names, n).
        title: above the axes.
        names: of several measures, which the legend says; each has its colour, and its last value a mark.
        xlabel: below them.
        log: whether the values' axis is logarithmic.
        least: right end of the steps at the beginning; it doubles whenever the curve comes to it.
        limits_of: function of the values of a run that returns those which the axis must hold; default all.
        line: further properties of all lines, as Matplotlib names them.
    """

    def __init__(
        self,
        frame: plots.Frame,
        of: Callable[[Any], tuple[np.ndarray, np.ndarray]],
        title: str = "",
        *,
        names: tuple[str, ...] = (),
        xlabel: str = "step",
        log: bool = True,
        least: int = 100,
        limits_of: Callable[[np.ndarray], np.ndarray] | None = None,
        **line: Any,
    ) -> None:
        """Make the axes and all lines once."""
        self.of, self.log, self.least, self.limits_of = of, log, least, limits_of or (lambda values: values)
        self.axes = frame.figure.add_axes((0, 0, 1, 1))
        self.before, self.now, self.names = [], [], names
        for number, name in enumerate(names or ("this run",)):
            kept = {"number": number} if names else {"number": 1, "label": "kept"}
            self.before.append(plots.draw_curve(self.axes, [], log=log, dashed=True, **kept))
            self.now.append(plots.draw_curve(self.axes, [], label=name, log=log, number=number))
            if names:
                self.before[-1].set_linewidth(1.0)
                self.now[-1].set(marker=marker(number), markersize=4.5, markevery=[-1])
        for one in (*self.before, *self.now):
            one.set(**line)
        if names:
            place = {"loc": "lower left", "bbox_to_anchor": (-0.02, 0.98), "ncols": len(names), "borderaxespad": 0.1}
            self.axes.legend(**place, fontsize=9, frameon=False, handlelength=1.3, columnspacing=0.8)
        self.axes.tick_params(labelsize=9)
        self.axes.xaxis.get_major_locator().set_params(integer=True)
        self.axes.set_xlabel(xlabel, fontsize=9, color=INK)
        set_title(self.axes, title)
        frame.moving(*self.before, *self.now)

    def draw(self, snapshot: Any, kept: Any = None) -> None:
        """Bring all lines up to date, and the limits where they grow out of them."""
        runs = [self.of(run) for run in (snapshot, kept) if run is not None]
        for lines, (steps, values) in zip((self.now, self.before), runs, strict=False):
            for one, each in zip(lines, np.atleast_2d(values), strict=True):
                one.set_data(steps, each)
        for one in self.before:
            one.set_visible(kept is not None)
        set_new(self.axes.get_legend(), visible=kept is not None or bool(self.names))
        longest = max((steps for steps, _ in runs), key=lambda steps: max(steps, default=0))
        values = np.concatenate([self.limits_of(np.ravel(values)) for _, values in runs])
        set_limits(self.axes, *roomy(longest, values, log=self.log, least=self.least))


class TwoRuns:
    """Base of a drawing: the panel of this run, that of the kept run where there is one, and curves.

    A subclass appends to `curves` and may draw more.

    Args:
        panel: class of a run's panel: made with the frame, it has `axes` and `draw(snapshot, title)`.
        alone: boxes (left, bottom, width, height) of the panel and of each curve, in shares of the figure.
        beside: boxes of this run's panel, the kept run's, and each curve.
        size: of the figure, (width, height) in inches.
        few_colours: as `plots.Frame` has it.

    Attributes:
        frame: of the picture.
        now: panel of this run.
        before: panel of the kept run.
        curves: drawn from top to bottom.
    """

    def __init__(
        self, panel: Callable[[plots.Frame], Any], alone: tuple[Box, ...], beside: tuple[Box, ...], *,
        size: tuple[float, float] = (8.4, 3.9), few_colours: bool = False,
    ) -> None:  # fmt: skip
        """Make both panels once."""
        self.frame = plots.Frame(*size, few_colours=few_colours)
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
