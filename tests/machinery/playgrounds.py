"""What tests of playgrounds share: ticks of the timer, pixels of a picture, and no playground left open."""

import io

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def nothing_left_open():
    from udl_teach.play import open_playgrounds, view

    yield
    for playground in list(view._open.values()):
        playground.close()
    assert open_playgrounds() == 0


def tick(playground, times=1):
    for _ in range(times):
        playground.play.value += 1


def touch(playground, kind, x, y, axes=None):
    """As the browser says it: in pixels, from the upper left corner."""
    frame = playground._drawing.frame
    frame.settle()  # until it is drawn, axes of a given shape do not lie where they will
    across, up = (axes or playground._drawing.now.axes).transData.transform((x, y))
    place = {"x": float(across), "y": float(frame.size[1] - up)}
    playground._report(playground.canvas, {"event": "pointer", "kind": kind, **place}, [])


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)
