"""Colours that colour-blind readers can tell apart, and a mark for each, so that colour is never alone.

Source: Matplotlib's style sheet "tableau-colorblind10" (Tableau's colour-blind ten), the strongest contrasts first.
"""

COLOURS = (
    "#006BA4",
    "#FF800E",
    "#595959",
    "#5F9ED1",
    "#C85200",
    "#ABABAB",
    "#FFBC79",
    "#A2C8EC",
    "#898989",
    "#CFCFCF",
)
MARKERS = ("o", "^", "s", "P", "X", "v", "D", "*", "<", ">")

SCALE = "viridis"
INK = "#222222"
QUIET = "#8A8A8A"
PAPER = "#FFFFFF"


def colour(number: int) -> str:
    """Colour of group `number`; they begin again after ten."""
    return COLOURS[number % len(COLOURS)]


def marker(number: int) -> str:
    """Mark of group `number`; beyond ten groups colour and mark meet in new pairs."""
    return MARKERS[(number + number // len(COLOURS)) % len(MARKERS)]


def pale(number: int, strength: float = 0.28) -> tuple[float, float, float]:
    """Colour of group `number` mixed with white: a ground on which points in full colour stand out."""
    full = [int(colour(number)[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return tuple(1 - strength * (1 - part) for part in full)
