"""The picture of a game of two players: points over the discriminator's map, the sheet, the arrows, and the curves."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from udl_teach import plots
from udl_teach.play.gan_game.flow import Flow
from udl_teach.play.gan_game.panel import GENERATED, REAL_ONE, TAKEN, Panel
from udl_teach.play.gan_game.snapshot import Snapshot
from udl_teach.plots.curves import roomy
from udl_teach.plots.figures import set_box, set_limits
from udl_teach.plots.style import INK, colour


class Drawing:
    """The run (left), the kept run (middle, where there is one), the data's way and the curves (right)."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        self.frame = plots.Frame(9.0, 4.5, few_colours=True)
        figure = self.frame.figure
        self.now, self.before, self.flow = Panel(self.frame), Panel(self.frame), Flow(self.frame)
        self.losses, self.shares = (figure.add_axes((0, 0, 1, 1)) for _ in range(2))
        self.lines = {}
        for axes, names in ((self.losses, ("discriminator", "generator")), (self.shares, ("AUC", "found"))):
            for number, name in enumerate(names):
                kept = plots.draw_curve(axes, [], log=False, number=number, dashed=True)
                kept.set(linewidth=1.0, alpha=0.7)
                line = plots.draw_curve(axes, [], log=False, number=(0, 4)[number])
                line.set(marker="ov"[number], markersize=4.5, markevery=[-1], linewidth=1.4)
                self.frame.moving(kept, line)
                self.lines[name] = (line, kept)
            keys = [Line2D([], [], color=colour((0, 4)[k]), marker="ov"[k], markersize=4) for k in range(2)]
            place = {"loc": "lower left", "bbox_to_anchor": (-0.02, 0.98), "ncols": 2, "borderaxespad": 0.1}
            style = {"fontsize": 8, "frameon": False, "handlelength": 1.3, "handletextpad": 0.4, "columnspacing": 0.8}
            said = ("D's loss", "G's loss") if axes is self.losses else names
            axes.legend(keys, said, **place, **style)
            axes.tick_params(labelsize=7)
            axes.xaxis.get_major_locator().set_params(nbins=4, integer=True)
            axes.set_xlabel("step" if axes is self.shares else "", fontsize=8, color=INK, labelpad=1)
        set_limits(self.shares, (0, 100), (-0.03, 1.03))
        self.shares.set_yticks([0, 0.5, 1])
        self.legend = figure.legend(
            handles=[
                Line2D([], [], **REAL_ONE, linestyle="none", label="real"),
                Line2D([], [], **GENERATED, linestyle="none", label="generated"),
                Line2D([], [], color=INK, linewidth=1.2, marker=">", markersize=4, label="sample gradient"),
                Patch(facecolor="#00000030", edgecolor="#333333", linewidth=0.6, label="latent sheet"),
                Line2D([], [], color=INK, marker="x", linestyle="none", markersize=6, label="mode missed"),
                Patch(facecolor=TAKEN(1.0), label="+ taken for real"),
                Patch(facecolor=TAKEN(0.0), label="− for generated"),
            ],
            loc="lower left",
            bbox_to_anchor=(0.003, 0.0),
            ncols=7,
            fontsize=8,
            frameon=False,
            handletextpad=0.4,
            handlelength=1.3,
            columnspacing=1.0,
            borderaxespad=0.2,
        )

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        self._place(kept is not None)
        self.now.draw(snapshot, "this run" if kept is not None else "")
        if kept is not None:
            self.before.draw(kept, "kept run")
        self.flow.draw(snapshot.phase)
        for name, (line, before) in self.lines.items():
            line.set_data(snapshot.noted, snapshot.curves[name])
            before.set_data(*(([], []) if kept is None else (kept.noted, kept.curves[name])))
        runs = [run for run in (snapshot, kept) if run is not None]
        longest = max((run.noted for run in runs), key=lambda noted: max(noted, default=0))
        across = roomy(longest, [])[0]
        set_limits(self.shares, across, (-0.03, 1.03))
        values = np.concatenate([run.curves[name] for run in runs for name in ("discriminator", "generator")])
        set_limits(self.losses, across, loss_limits(values))

    def _place(self, two: bool) -> None:
        set_box(self.now.axes, (0.01, 0.115, 0.4, 0.8) if not two else (0.01, 0.2, 0.325, 0.65))
        set_box(self.before.axes, (0.345, 0.2, 0.325, 0.65) if two else None)
        set_box(self.flow.axes, (0.685, 0.68, 0.31, 0.31) if two else (0.475, 0.63, 0.46, 0.35))
        set_box(self.losses, (0.725, 0.435, 0.265, 0.17) if two else (0.475, 0.17, 0.22, 0.34))
        set_box(self.shares, (0.725, 0.175, 0.265, 0.16) if two else (0.765, 0.17, 0.22, 0.34))


def loss_limits(values: np.ndarray) -> tuple[float, float]:
    """Round limits around the middle 98 % of the losses, with 0 in them: first spikes would flatten the rest."""
    values = values[np.isfinite(values)]
    if len(values) == 0:
        return (0.0, 2.0)
    low, high = np.quantile(values, (0.01, 0.99))
    ends = [
        0.0 if part == 0 else float(np.copysign(_round_up(abs(part)), part)) for part in (min(low, 0), max(high, 0))
    ]
    return (ends[0], ends[1]) if ends[0] < ends[1] else (ends[0], ends[0] + 1.0)


def _round_up(value: float) -> float:
    power = 10.0 ** np.floor(np.log10(max(value, 1e-6)))
    return float(next(power * step for step in (1, 2, 5, 10) if power * step >= value))
