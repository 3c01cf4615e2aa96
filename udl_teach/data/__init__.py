"""Where data comes from: every function here returns a `Dataset`, and nothing is downloaded unless its name says so.

Offline, from a seed or from what is installed: `digits`, `glyphs`, `photos`, `patches`, `ring`, `grid`, `moons`,
`spiral`. Fetched once and checked: `mnist`, `fashion_mnist`. Your own: `table` (a CSV file), `images` (a folder).
"""

from udl_teach.data.dataset import Dataset
from udl_teach.data.digits import digits
from udl_teach.data.scaling import Scaling
from udl_teach.data.shapes import grid, moons, ring, spiral

__all__ = [
    "Dataset",
    "Scaling",
    "digits",
    "grid",
    "moons",
    "ring",
    "spiral",
]
