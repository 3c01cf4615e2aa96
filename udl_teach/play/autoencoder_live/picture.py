"""The picture of an autoencoder that learns: points with their curve, or digits, and the losses."""

import numpy as np

from udl_teach import plots
from udl_teach.play.autoencoder_live.snapshot import Snapshot
from udl_teach.play.points import Pen
from udl_teach.play.two_runs import Curve, TwoRuns
from udl_teach.plots.figures import quiet_axes, set_box, set_limits, set_title
from udl_teach.plots.points import segments, steady_square


class Panel:
    """One run's picture: points with their curve or their links, or originals over reconstructions."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once; which are seen depends on the snapshot."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)))
        nothing = np.zeros((1, 2))
        self.links = plots.draw_links(self.axes, nothing, nothing)
        (self.cloud,) = plots.draw_points(self.axes, nothing, values=np.zeros(1), size=14)
        self.edge = plots.draw_path(self.axes, nothing, width=5.5)
        self.edge.set(color="white", array=None)
        self.path = plots.draw_path(self.axes, nothing)
        self.wall = plots.draw_images(self.axes, np.zeros((1, 8, 8)))
        self.axes.set_aspect("equal")
        self.step = self.axes.text(0.03, 0.97, "", transform=self.axes.transAxes, va="top", fontsize=9)
        self.plane: bool | None = None
        frame.moving(self.links, self.cloud, self.edge, self.path, self.wall, self.step)

    def draw(self, snapshot: Snapshot, title: str) -> None:
        """Show a snapshot."""
        set_title(self.axes, title)
        self.step.set_text(f"step {snapshot.index:,}")
        if snapshot.plane != self.plane:
            self._turn(snapshot.plane)
        if snapshot.plane:
            self._draw_plane(snapshot)
        else:
            self._draw_digits(snapshot)

    def _turn(self, plane: bool) -> None:
        self.plane = plane
        for artist in (self.links, self.cloud, self.edge, self.path):
            artist.set_visible(plane)
        self.wall.set_visible(not plane)
        for side in self.axes.spines.values():
            side.set_visible(plane)
        # Five columns and four rows of 8 x 8 pixels, one pixel apart.
        self.wall.set_extent((0, 46, 37, 0))
        places, names = ([], []) if plane else ((5, 14, 23, 32), ("real", "decoded") * 2)
        self.axes.set_yticks(places, names, fontsize=9, rotation=90, va="center")
        self.axes.tick_params(axis="y", length=0)
        self.step.set_position((0.03, 0.97) if plane else (0.0, -0.02))

    def _draw_plane(self, snapshot: Snapshot) -> None:
        middle, reach = snapshot.x.mean(axis=0), 1.25 * np.abs(snapshot.x - snapshot.x.mean(axis=0)).max()
        around = tuple((float(centre - reach), float(centre + reach)) for centre in middle)
        set_limits(self.axes, *(snapshot.box or around))
        colours = snapshot.codes[:, 0]
        self.cloud.set_offsets(snapshot.x)
        self.cloud.set_array(colours)
        self.cloud.set_clim(colours.min(), colours.max() + 1e-9)
        every = slice(None, None, 2)
        self.links.set_segments(np.stack([snapshot.x[every], snapshot.x_hat[every]], axis=1))
        pieces = segments(np.zeros((0, 2)) if snapshot.path is None else snapshot.path)
        self.edge.set_segments(pieces)
        self.path.set_segments(pieces)
        self.path.set_array(np.linspace(colours.min(), colours.max(), len(pieces)))
        self.path.set_clim(colours.min(), colours.max() + 1e-9)

    def _draw_digits(self, snapshot: Snapshot) -> None:
        real, learned = snapshot.x.reshape(-1, 8, 8), snapshot.x_hat.reshape(-1, 8, 8)
        wall = plots.mosaic(np.concatenate([real[:5], learned[:5], real[5:], learned[5:]]), columns=5)
        self.wall.set_data(wall)
        set_limits(self.axes, (0, wall.shape[1]), (wall.shape[0], 0))


ALONE = ((0.035, 0.06, 0.44, 0.86), (0.57, 0.14, 0.41, 0.76))
BESIDE = ((0.035, 0.12, 0.285, 0.78), (0.355, 0.12, 0.285, 0.78), (0.72, 0.14, 0.25, 0.76))


class Drawing(TwoRuns):
    """The run (left), the kept run or the map of codes (middle), and the losses (right)."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        super().__init__(Panel, ALONE, BESIDE)
        self.map = quiet_axes(self.frame.figure.add_axes((0, 0, 1, 1)), "map of the codes")
        self.groups = plots.draw_points(self.map, np.zeros((10, 2)), np.arange(10), size=13, legend=True)
        self.frame.moving(*self.groups)
        self.curves.append(Curve(self.frame, lambda run: run.history, "loss of each batch"))
        self.pen = Pen(self.frame, self.now.axes)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        mapped = kept is None and not snapshot.plane and snapshot.latent_size == 2
        self.alone = BESIDE[::2] if mapped else ALONE
        super().draw(snapshot, kept)
        set_box(self.map, (0.345, 0.12, 0.27, 0.78) if mapped else None)
        if mapped:
            self._draw_map(snapshot)

    def _draw_map(self, snapshot: Snapshot) -> None:
        set_limits(self.map, *steady_square(snapshot.codes))
        for number, artist in enumerate(self.groups):
            artist.set_offsets(snapshot.codes[snapshot.labels == number])
