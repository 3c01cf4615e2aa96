"""The way of the data through the two players, drawn small, with the part that is at work shown strong."""

from udl_teach import plots
from udl_teach.plots.figures import quiet_axes
from udl_teach.plots.style import INK, colour, pale

D, G = "discriminator", "generator"
PLACES = {"noise": (0, 1), G: (1, 1), "generated": (2, 1), "real": (2, 0), D: (1, 0), "score": (0, 0)}
LINKS = (("noise", G), (G, "generated"), ("generated", D), ("real", D), (D, "score"))


# Of each moment of a step: what it is in words; things and links at work; whose weights move, back along the links.
PHASES = {
    None: ("nobody has moved yet", (), (), ()),
    "D1": ("discriminator's half, 1 of 3: noise becomes points", ("noise", G, "generated"), (0, 1), ()),
    "D2": ("discriminator's half, 2 of 3: both kinds are scored", ("generated", "real", D, "score"), (2, 3, 4), ()),
    "D3": ("discriminator's half, 3 of 3: it alone moves", ("score",), (4,), (D,)),
    "G1": ("generator's half, 1 of 3: noise becomes points", ("noise", G, "generated"), (0, 1), ()),
    "G2": ("generator's half, 2 of 3: its points are scored", ("generated", D, "score"), (2, 4), ()),
    "G3": ("generator's half, 3 of 3: it alone moves", ("score", D, "generated"), (4, 2, 1), (G,)),
    "both": ("both moved, the discriminator first", (), (), (D, G)),
    "play": ("both play in turn, the discriminator first", (), (), (D, G)),
}
# Colour of a box and width of its edge.
MOVES, WORKS, RESTS = (pale(1, 0.75), 2.4), (pale(0, 0.35), 1.2), ("#F4F4F4", 0.5)


class Flow:
    """The diagram; `draw(phase)` updates it in place. It changes seldom, so nothing moves in the frame's sense."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)), frame=False)
        self.axes.set(xlim=(-0.35, 2.4), ylim=(-1, 1.4))
        looks = {"bbox": {"boxstyle": "round,pad=0.5", "edgecolor": INK}, "ha": "center", "va": "center"}
        self.boxes = {name: self.axes.text(*at, name, fontsize=9, color=INK, **looks) for name, at in PLACES.items()}
        edges, self.links = {name: box.get_bbox_patch() for name, box in self.boxes.items()}, []
        for start, end in LINKS:
            way = {"arrowstyle": "-|>", "patchA": edges[start], "patchB": edges[end]}
            self.links.append(self.axes.annotate("", PLACES[end], PLACES[start], arrowprops=way).arrow_patch)
        self.says = self.axes.text(-0.35, -0.8, "", fontsize=9, color=INK, va="center")
        self.phase: str | None = ""

    def draw(self, phase: str | None) -> None:
        """Show a phase: what works is blue, who moves is orange with a thick edge."""
        if phase == self.phase:
            return
        self.phase, (says, works, links, moves) = phase, PHASES[phase]
        for name, box in self.boxes.items():
            face, edge = MOVES if name in moves else WORKS if name in works else RESTS
            box.get_bbox_patch().set(facecolor=face, linewidth=edge)
        for number, link in enumerate(self.links):
            strong, back = number in links, number in links and len(moves) > 0
            link.set(color=colour(4) if back else INK if strong else "#B5B5B5", linewidth=2.0 if strong else 0.9)
            link.set_arrowstyle("<|-" if back else "-|>")
        self.says.set_text(says)
