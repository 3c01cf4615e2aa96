"""The way of the data through the two players, drawn small, with the half that is at work shown strong."""

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from udl_teach import plots
from udl_teach.plots.figures import quiet_axes
from udl_teach.plots.style import INK, colour, pale

# Each thing with its middle and half its width: those in capitals are players.
PLACES = {
    "noise": (0.5, 2.3, 0.42),
    "GENERATOR": (1.75, 2.3, 0.62),
    "generated": (3.15, 2.3, 0.5),
    "real": (3.15, 1.2, 0.5),
    "DISCRIMINATOR": (1.75, 1.2, 0.76),
    "score": (0.5, 1.2, 0.42),
}
HALF = 0.3
LINKS = (
    ("noise", "GENERATOR"),
    ("GENERATOR", "generated"),
    ("generated", "DISCRIMINATOR"),
    ("real", "DISCRIMINATOR"),
    ("DISCRIMINATOR", "score"),
)


@dataclass(frozen=True)
class Phase:
    """A moment of a step."""

    says: str  # what it is, in words
    works: tuple[str, ...] = ()  # things at work
    links: tuple[int, ...] = ()  # numbers of the links at work
    backward: bool = False  # whether the way is the gradient's, against the data
    moves: tuple[str, ...] = ()  # players whose weights move


MADE, WAY = ("noise", "GENERATOR", "generated"), (0, 1)
D, G = "DISCRIMINATOR", "GENERATOR"
PHASES = {
    None: Phase("nobody has moved yet"),
    "D1": Phase("discriminator's half, 1 of 3: noise becomes points", MADE, WAY),
    "D2": Phase("discriminator's half, 2 of 3: both kinds are scored", ("generated", "real", D, "score"), (2, 3, 4)),
    "D3": Phase("discriminator's half, 3 of 3: it alone moves", ("score",), (4,), True, (D,)),
    "G1": Phase("generator's half, 1 of 3: noise becomes points", MADE, WAY),
    "G2": Phase("generator's half, 2 of 3: its points are scored", ("generated", D, "score"), (2, 4)),
    "G3": Phase("generator's half, 3 of 3: it alone moves", ("score", D, "generated"), (4, 2, 1), True, (G,)),
    "both": Phase("both moved, the discriminator first", moves=(D, G)),
    "play": Phase("both play in turn, the discriminator first", moves=(D, G)),
}
AT_WORK, MOVES, REST = pale(0, 0.35), pale(1, 0.75), "#F4F4F4"


def _ends(start: str, end: str) -> tuple[tuple[float, float], tuple[float, float]]:
    (x, y, wide), (u, v, broad) = PLACES[start], PLACES[end]
    if y == v:
        side = 1 if u > x else -1
        return (x + side * wide, y), (u - side * broad, v)
    return (x - 0.5 * wide, y - HALF), (u + 0.6 * broad, v + HALF)


def _arrow(start: tuple, end: tuple) -> np.ndarray:
    start, end = np.array(start), np.array(end)
    back = (end - start) / np.hypot(*(end - start)) * -0.14
    across = np.array([-back[1], back[0]]) * 0.7
    return np.array([start, end, end + back + across, end, end + back - across])


FORWARD = [_arrow(*_ends(*link)) for link in LINKS]
BACKWARD = [_arrow(*_ends(*link)[::-1]) for link in LINKS]


class Flow:
    """The diagram; `draw(phase)` updates it in place."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)), frame=False)
        self.axes.set(xlim=(0, 3.72), ylim=(0.3, 2.68))
        boxes = [
            [(x - wide, y - HALF), (x + wide, y - HALF), (x + wide, y + HALF), (x - wide, y + HALF)]
            for x, y, wide in PLACES.values()
        ]
        self.boxes = self.axes.add_collection(PolyCollection(boxes, edgecolors=INK, zorder=2))
        self.links = self.axes.add_collection(LineCollection(FORWARD, zorder=3))
        for name, (x, y, _) in PLACES.items():
            self.axes.text(x, y, name.lower(), ha="center", va="center", fontsize=8, color=INK, zorder=4)
        self.says = self.axes.text(0.02, 0.52, "", fontsize=8, color=INK, va="center", zorder=4)
        # Nothing here moves in the frame's sense: a phase changes seldom, and then the whole picture is drawn.
        self.phase: str | None = ""

    def draw(self, phase: str | None) -> None:
        """Show a phase: what works is blue, who moves is orange with a thick edge."""
        if phase == self.phase:
            return
        self.phase, now = phase, PHASES[phase]
        self.boxes.set_facecolor([MOVES if n in now.moves else AT_WORK if n in now.works else REST for n in PLACES])
        self.boxes.set_linewidth([2.4 if n in now.moves else 1.2 if n in now.works else 0.5 for n in PLACES])
        strong = [k in now.links for k in range(len(LINKS))]
        way = BACKWARD if now.backward else FORWARD
        self.links.set_segments([way[k] if strong[k] else FORWARD[k] for k in range(len(LINKS))])
        self.links.set_color([(colour(4) if now.backward else INK) if on else "#B5B5B5" for on in strong])
        self.links.set_linewidth([2.0 if on else 0.9 for on in strong])
        self.says.set_text(now.says)
