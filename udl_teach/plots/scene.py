"""The moving artists of a frame as arrays in pixels: a browser draws them itself, over what stays.

Sent as arrays a picture costs a tenth of what it costs as a PNG. What is not a point, a line, a polygon, an arrow, a
small image or a text is unknown here; then `scene` returns None, and the whole picture is sent.
"""

from typing import Any

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import Collection, LineCollection, PathCollection
from matplotlib.colors import to_rgba_array
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.quiver import Quiver
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

Command = dict[str, Any]
LARGE = Affine2D().scale(32)


def scene(artists: list[Artist]) -> list[Command] | None:
    """Drawing commands, in order.

    Every array of places is float32 in pixels of the figure, x to the right and y down; colours are uint8 of shape
    (n or 1, 4). The commands:

        "polygons"  points (m, 2), counts (n,), fill, stroke, width, dash (one, or a list of one per line), closed:
                    shapes or lines of counts[i] points
        "marks"     places (n, 2), points and counts of one shape around 0, scale (n or 1,), fill, stroke, width
        "image"     pixels (height, width, 4), box [left, top, right, bottom], smooth
        "text"      text, place, size, colour, align, base, angle, bold

    and each may have "clip", the box outside which nothing is drawn.

    Args:
        artists: those to draw; what is not visible is left out.

    Returns:
        The commands, or None where an artist is none of those above.
    """
    commands = []
    for artist in artists:
        if not artist.get_visible() or (artist.axes is not None and not artist.axes.get_visible()):
            continue
        found = _command(artist)
        if found is None:
            return None
        box = artist.get_clip_box() if artist.get_clip_on() else None
        clip = {} if box is None else {"clip": _box(artist, box)}
        commands += [each | clip for each in (found if isinstance(found, list) else [found]) if each]
    return commands


def _command(artist: Artist) -> Command | list[Command] | None:
    # An empty command: nothing to draw.
    match artist:
        case Text():
            return _text(artist)
        case Line2D():
            return _line(artist)
        case AxesImage():
            return _image(artist)
        case Collection():
            return _collection(artist)
        case Patch():
            shapes = artist.get_transform().transform_path(artist.get_path()).to_polygons()
            looks = {"fill": _colours(artist.get_facecolor()), "stroke": _colours(artist.get_edgecolor())}
            counts = [len(shape) for shape in shapes]
            return _polygons(artist, np.concatenate(shapes), counts, **looks, width=artist.get_linewidth(), closed=True)
    return None


def _down(artist: Artist, points: Any) -> np.ndarray:
    # Matplotlib counts y upwards, a browser downwards.
    points = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    return np.stack([points[:, 0], artist.get_figure().bbox.height - points[:, 1]], axis=1).astype(np.float32)


def _box(artist: Artist, box: Any) -> list[float]:
    height = artist.get_figure().bbox.height
    return [float(box.x0), float(height - box.y1), float(box.x1), float(height - box.y0)]


def _pixels(artist: Artist, points: float) -> float:
    return float(points) * artist.get_figure().dpi / 72


def _colours(colours: Any, alpha: float | None = None) -> np.ndarray:
    return np.round(255 * to_rgba_array(colours, alpha)).astype(np.uint8)


def _moved(artist: Collection, *, closed: bool = False) -> tuple[np.ndarray, list[int]]:
    # All points of a collection's paths in pixels, at once; a closed path repeats its first point at its end.
    shapes = [path.vertices[:-1] if closed else path.vertices for path in artist.get_paths()]
    points = np.concatenate(shapes) if shapes else np.zeros((0, 2))
    return artist.get_transform().transform(points), [len(shape) for shape in shapes]


def _polygons(artist, points, counts, *, fill=None, stroke=None, width=1.0, dash=(), closed=False) -> Command:
    if not len(points):
        return {}
    return {
        "draw": "polygons",
        "points": _down(artist, points),
        "counts": np.asarray(counts, dtype=np.int32),
        "fill": fill if fill is not None and len(fill) else None,
        "stroke": stroke if stroke is not None and len(stroke) else None,
        "width": _pixels(artist, width),
        "dash": [_pixels(artist, part) for part in dash],
        "closed": closed,
    }


def _marks(artist, places, path, scale, fill, stroke, width) -> Command:
    places = np.ma.filled(np.ma.asarray(places, dtype=np.float64), np.nan)
    shown = np.isfinite(places).all(axis=1)
    if not shown.any():
        return {}
    # Curves become corners as fine as pixels are, so they are taken large and made small again.
    shapes = path.transformed(LARGE).to_polygons(closed_only=False)
    each = {
        name: value[shown] if len(value) == len(places) and len(value) > 1 else value
        for name, value in {"scale": scale, "fill": fill, "stroke": stroke}.items()
    }
    return {
        "draw": "marks",
        "places": _down(artist, places[shown]),
        # Around 0, so that only the sign of y turns.
        "points": (np.concatenate(shapes) * [1 / 32, -1 / 32]).astype(np.float32),
        "counts": np.array([len(shape) for shape in shapes], dtype=np.int32),
        "scale": each["scale"].astype(np.float32),
        "fill": each["fill"] if len(fill) else None,
        "stroke": each["stroke"] if len(stroke) else None,
        "width": _pixels(artist, width),
    }


def _line(line: Line2D) -> list[Command]:
    if not np.size(line.get_xdata()):
        return []
    points = line.get_transform().transform(np.asarray(line.get_xydata(), dtype=np.float64))
    found = [] if line.get_linestyle() == "None" else [_stroke(line, points)]
    if line.get_marker() not in (None, "None", "", " "):
        marker = line._marker
        path = marker.get_transform().transform_path(marker.get_path())
        looks = _colours(line.get_markerfacecolor()), _colours(line.get_markeredgecolor())
        fill = looks[0] if marker.is_filled() else np.zeros((0, 4), np.uint8)
        size = np.array([_pixels(line, line.get_markersize())])
        every = line.get_markevery()
        if every is not None and len(points):
            points = points[::every] if isinstance(every, int) else points[every]
        found.append(_marks(line, points, path, size, fill, looks[1], line.get_markeredgewidth()))
    return found


def _stroke(line: Line2D, points: np.ndarray) -> Command:
    # A gap where a value is no number.
    shapes = np.split(points, np.flatnonzero(~np.isfinite(points).all(axis=1)))
    shapes = [shape[np.isfinite(shape).all(axis=1)] for shape in shapes]
    dash = () if line.get_linestyle() == "-" else [part for part in line._dash_pattern[1] or ()]
    stroke = _colours(line.get_color(), line.get_alpha())
    shapes = [shape for shape in shapes if len(shape)]
    points = np.concatenate(shapes) if shapes else points[:0]
    counts = [len(shape) for shape in shapes]
    return _polygons(line, points, counts, stroke=stroke, width=line.get_linewidth(), dash=dash)


def _collection(artist: Collection) -> Command:
    artist.update_scalarmappable()
    fill, stroke = (np.asarray(each) for each in (artist.get_facecolor(), artist.get_edgecolor()))
    fill, stroke = (np.round(255 * each).astype(np.uint8) for each in (fill, stroke))
    widths = artist.get_linewidth()
    width = float(np.max(widths)) if len(np.atleast_1d(widths)) else 0.0
    if isinstance(artist, Quiver):
        # Its arrows are made while it is drawn.
        artist._init()
        places = (artist.XY,) if matplotlib.__version_info__ >= (3, 9) else ()
        shapes = artist._make_verts(*places, artist.U, artist.V, artist.angles)
        offsets = artist.get_offset_transform().transform(artist.get_offsets())
        turned = artist.get_transform().transform(np.asarray(shapes).reshape(-1, 2)).reshape(np.shape(shapes))
        points, counts = (turned + offsets[:, None]).reshape(-1, 2), [turned.shape[1]] * len(turned)
        return _polygons(artist, points, counts, fill=fill, closed=True, width=0.0)
    if isinstance(artist, LineCollection):
        found = _polygons(artist, *_moved(artist), stroke=stroke, width=width)
        dashes = [[_pixels(artist, part) for part in style[1] or ()] for style in artist.get_linestyle()]
        same = all(dash == dashes[0] for dash in dashes)
        return found and found | {"dash": dashes[0] if same else dashes}
    if isinstance(artist, PathCollection):
        if not len(artist.get_offsets()):
            return {}
        scale = np.sqrt(np.asarray(artist.get_sizes(), dtype=float)) * artist.get_figure().dpi / 72
        places = artist.get_offset_transform().transform(np.ma.filled(artist.get_offsets(), np.nan))
        return _marks(artist, places, artist.get_paths()[0], scale, fill, stroke, width)
    return _polygons(artist, *_moved(artist, closed=True), fill=fill, stroke=stroke, width=width, closed=True)


def _image(image: AxesImage) -> Command:
    pixels = image.to_rgba(image.get_array(), bytes=True, norm=True)
    if image.origin == "lower":
        pixels = pixels[::-1]
    left, right, bottom, top = image.get_extent()
    corners = image.get_transform().transform([(left, bottom), (right, top)])
    low, high = corners.min(axis=0), corners.max(axis=0)
    if corners[0][1] > corners[1][1]:  # the axis points downwards
        pixels = pixels if image.origin == "upper" else pixels[::-1]
    height = image.get_figure().bbox.height
    box = [float(low[0]), float(height - high[1]), float(high[0]), float(height - low[1])]
    smooth = image.get_interpolation() not in ("nearest", "none")
    return {"draw": "image", "pixels": np.ascontiguousarray(pixels), "box": box, "smooth": smooth}


def _text(text: Text) -> Command:
    if not text.get_text():
        return {}
    place = text.get_transform().transform(text.get_unitless_position())
    return {
        "draw": "text",
        "text": text.get_text(),
        "place": _down(text, place)[0].tolist(),
        "size": _pixels(text, text.get_fontsize()),
        "colour": _colours(text.get_color(), text.get_alpha()),
        "align": text.get_horizontalalignment(),
        "base": text.get_verticalalignment(),
        "angle": float(text.get_rotation()),
        "bold": text.get_fontweight() in ("bold", 700),
    }
