"""Numbers -> Axes: nothing here computes with a model, and nothing touches pyplot's state.

Every `draw_*` function takes the axes first and returns its artists, so that a caller can update them in place.
"""

from udl_teach.plots.curves import draw_curve
from udl_teach.plots.figures import Frame, new_figure
from udl_teach.plots.images import draw_images, mosaic
from udl_teach.plots.maps import draw_map
from udl_teach.plots.points import draw_links, draw_path, draw_points
from udl_teach.plots.sheets import draw_sheet, sheet_segments
from udl_teach.plots.style import COLOURS, MARKERS

__all__ = [
    "COLOURS",
    "MARKERS",
    "Frame",
    "draw_curve",
    "draw_images",
    "draw_links",
    "draw_map",
    "draw_path",
    "draw_points",
    "draw_sheet",
    "mosaic",
    "new_figure",
    "sheet_segments",
]
