"""The picture of a game of two players: points over the discriminator's map, the sheet, the arrows, and the curves."""

from functools import partial

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from udl_teach import plots
from udl_teach.play.gan_game.flow import Flow
from udl_teach.play.gan_game.scene import SHOWN
from udl_teach.play.gan_game.snapshot import SIDE, Snapshot
from udl_teach.play.gan_game.words import found
from udl_teach.play.two_runs import Curve, TwoRuns
from udl_teach.plots.figures import quiet_axes, set_box, set_limits, set_title
from udl_teach.plots.points import cells
from udl_teach.plots.style import INK

# Pale, so that points stand out; blue and orange differ in lightness too.
TAKEN = LinearSegmentedColormap.from_list("taken", ["#F6B26B", "#FBE3C8", "#FFFFFF", "#D3E4F2", "#86B6DC"])
# Signs of the map stand in every fifth cell, where it is surer than this.
SOME, SURE = np.s_[2::5, 2::5], 0.15


class Panel:
    """One run in the plane: the discriminator's map, points, the folded sheet and the sample gradients."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once, from the lowest to the highest."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)))
        for side in self.axes.spines.values():
            side.set(color="#999999", position=("outward", 1))  # the map would cover the half of it
        self.heat = self.axes.imshow([[0.5]], cmap=TAKEN, vmin=0, vmax=1, origin="lower", interpolation="bilinear")
        self.axes.set_autoscale_on(False)  # the map's extent would move the limits
        marks = partial(self.axes.scatter, [], [])
        self.signs = [
            marks(s=22, marker=mark, c=tone, linewidths=0.9) for mark, tone in (("+", "#3D7BAA"), ("_", "#B9742A"))
        ]
        edge = {"edgecolors": "white", "linewidths": 0.4}
        self.real = marks(s=16, marker="o", c="#00476E", **edge)
        self.sheet = self.axes.add_collection(PolyCollection([], linewidths=0.5))
        self.made = marks(s=25, marker="^", c="#C85200", **edge)
        self.missed = marks(s=60, marker="x", c=INK, linewidths=1.8)
        self.arrows = self.axes.quiver(
            *np.zeros((4, 0)), angles="xy", scale_units="xy", scale=1, width=0.004,
            headwidth=3.6, headlength=4, headaxislength=3.6, minlength=0.5, color="#000000C0",
        )  # fmt: skip
        self.says = self.axes.text(0.0, -0.015, "", transform=self.axes.transAxes, va="top", fontsize=9, color=INK)
        levels = [self.heat, *self.signs, self.real, self.sheet, self.made, self.missed, self.arrows, self.says]
        for level, artist in enumerate(levels):
            artist.set_zorder(level)
        frame.moving(*levels)

    def draw(self, snapshot: Snapshot, title: str) -> None:
        """Show a snapshot."""
        scene = snapshot.scene
        set_title(self.axes, title)
        set_limits(self.axes, *scene.box)
        self.heat.set_data(snapshot.heat)
        self.heat.set_extent(np.ravel(scene.box))
        place, real = cells(scene.box, SIDE)[SOME], snapshot.heat[SOME]
        for mark, sure in zip(self.signs, (real > 0.5 + SURE, real < 0.5 - SURE), strict=True):
            mark.set_offsets(place[sure])
        self.real.set_offsets(scene.x[:SHOWN])
        self.made.set_offsets(snapshot.points)
        self.missed.set_offsets(scene.modes[~snapshot.found[0], :2])
        corners, strength = cells_of(snapshot.sheet, np.ptp(scene.box[0]))
        self.sheet.set_verts(corners)
        shade = np.column_stack([np.full((len(strength), 3), 0.1), strength])
        self.sheet.set_facecolor(shade * [1, 1, 1, 0.28])
        self.sheet.set_edgecolor(shade * [1, 1, 1, 0.55] + [0, 0, 0, 0.18])
        # A quiver's number of arrows is fixed when it is made, unless its places are handed over as well.
        self.arrows.N, self.arrows.XY = len(snapshot.starts), snapshot.starts
        self.arrows.set_offsets(snapshot.starts)
        self.arrows.set_UVC(*snapshot.arrows.T)
        self.says.set_text(f"step {snapshot.index:,}: {found(snapshot, short=True)}")


def cells_of(sheet: np.ndarray, width: float) -> tuple[np.ndarray, np.ndarray]:
    """Cells of the sheet, shape (n_cells, 4, 2), and how strongly each is drawn, from 0 to 1.

    All cells hold the same share of the latent vectors, so the smaller one is, the denser are the generated points in
    it: a cell as large as its share of a fifth of the picture is drawn half as strong as one that is a point.
    """
    corners = np.stack([sheet[:-1, :-1], sheet[:-1, 1:], sheet[1:, 1:], sheet[1:, :-1]], axis=2).reshape(-1, 4, 2)
    one, other = corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]
    area = np.abs(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]) / 2
    return corners, 1 / (1 + 5 * len(corners) * area / width**2)


class Drawing(TwoRuns):
    """The run (left), the kept run (middle, where there is one), the data's way and the curves (right)."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        super().__init__(
            Panel,
            ((0.01, 0.115, 0.4, 0.8), (0.475, 0.17, 0.22, 0.34), (0.765, 0.17, 0.215, 0.34)),
            ((0.01, 0.2, 0.325, 0.65), (0.345, 0.2, 0.325, 0.65), *((0.725, y, 0.258, 0.155) for y in (0.445, 0.17))),
            size=(9.0, 4.5),
            few_colours=True,
        )
        self.flow = Flow(self.frame)
        curve = partial(Curve, self.frame, log=False)
        self.curves = [
            curve(lambda run: run.losses, names=("D's loss", "G's loss"), limits_of=middle, xlabel=""),
            curve(lambda run: run.shares, names=("AUC", "found"), limits_of=np.ones_like),
        ]
        handles = {
            "real": self.now.real,
            "generated": self.now.made,
            "sample gradient": Line2D([], [], color=INK, linewidth=1.2, marker=">", markersize=4),
            "latent sheet": Patch(facecolor="#00000030", edgecolor="#333333", linewidth=0.6),
            "mode missed": self.now.missed,
            "+ taken for real": Patch(facecolor=TAKEN(1.0)),
            "− for generated": Patch(facecolor=TAKEN(0.0)),
        }
        place = {"loc": "lower left", "bbox_to_anchor": (0.003, 0.0), "ncols": 7, "borderaxespad": 0.2}
        looks = {"fontsize": 9, "frameon": False, "handletextpad": 0.4, "handlelength": 1.3, "columnspacing": 1.0}
        self.legend = self.frame.figure.legend(handles.values(), handles, **place, **looks)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        super().draw(snapshot, kept)
        set_box(self.flow.axes, (0.475, 0.63, 0.46, 0.35) if kept is None else (0.685, 0.68, 0.31, 0.31))
        self.flow.draw(snapshot.phase)


def middle(losses: np.ndarray) -> np.ndarray:
    """The ends of the middle 98 % of the losses."""
    return np.quantile(losses, (0.01, 0.99)) if len(losses) else losses
