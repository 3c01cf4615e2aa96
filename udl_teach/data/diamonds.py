"""Diamonds: price, weight, grades and measures of 53,940 round cut diamonds, with rules that fakes break.

H. Wickham (2016), ggplot2: Elegant Graphics for Data Analysis; the prices are of 2008. plotnine ships the file (MIT).
"""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

# From the worst grade to the best.
GRADES = {
    "cut": ["Fair", "Good", "Very Good", "Premium", "Ideal"],
    "color": ["J", "I", "H", "G", "F", "E", "D"],
    "clarity": ["I1", "SI2", "SI1", "VS2", "VS1", "VVS2", "VVS1", "IF"],
}


def diamonds() -> Any:
    """The table, a pandas DataFrame of 53,940 rows and 10 columns; nothing is downloaded.

    Columns: `carat` (weight, 0.2 g), `cut`, `color` and `clarity` (ordered categories, the best grade last), `depth`
    (per cent, 200 z / (x + y)), `table` (width of the top, per cent), `price` (US dollars), and the measures `x`, `y`
    and `z` (mm), of which a few are missing and stand as 0.

    Raises:
        ModuleNotFoundError: plotnine, whose package holds the table, is not installed.
    """
    import pandas as pd

    package = find_spec("plotnine")  # read by path: importing plotnine would take seconds
    if package is None:
        raise ModuleNotFoundError("data.diamonds() needs the package plotnine, which holds the table: install it.")
    frame = pd.read_csv(Path(package.submodule_search_locations[0]) / "data" / "diamonds.csv")
    for name, grades in GRADES.items():
        frame[name] = pd.Categorical(frame[name], grades, ordered=True)
    return frame


def diamond_rules() -> dict[str, Callable[[Any], np.ndarray]]:
    """What holds for nearly every diamond: rule -> function from the frame to True where the row keeps it.

    `metrics.rule_violations(frame, data.diamond_rules())` gives the share of rows that break each. The slack of a rule
    lets more than 99 of 100 real diamonds pass.
    """
    return {
        "depth is 200 z / (x + y)": lambda frame: (
            np.abs(frame["depth"] * (frame["x"] + frame["y"]) - 200 * frame["z"]) <= 0.5 * (frame["x"] + frame["y"])
        ).to_numpy(),
        # A diamond of 1 carat fills 163 mm^3 of its box, give or take a twentieth.
        "carat follows x y z": lambda frame: (
            np.abs(frame["x"] * frame["y"] * frame["z"] / (163 * frame["carat"]) - 1) <= 0.1
        ).to_numpy(),
        "round: x is y": lambda frame: (np.abs(frame["x"] - frame["y"]) <= 0.03 * frame["x"]).to_numpy(),
    }
