"""The picture of three codecs: points on their curves, and what was kept."""

import numpy as np
import pytest
from machinery.playgrounds import pixels

from udl_teach import play
from udl_teach.play.rate_distortion.picture import Drawing
from udl_teach.play.rate_distortion.run import NAMES

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_the_chosen_points_and_the_kept_ones_lie_on_their_curves():
    playground = play.rate_distortion(rate=0.3)
    playground.keep_button.click()
    kept = playground.snapshot
    playground.inputs["rate"].value = 0.8
    drawing = playground._drawing
    for place in range(3):
        now, before = playground.snapshot.points[place], kept.points[place]
        assert np.allclose(drawing.points[place].get_data(), [[now.bits_per_pixel], [now.psnr]])
        assert np.allclose(drawing.marks[place].get_data(), [[before.bits_per_pixel], [before.psnr]])
        assert drawing.before.titles[place].get_text() == f"kept: {NAMES[place]}"
    assert f"Kept: Astronaut at 0.30, PSNR: codec {kept.points[0].psnr:.1f} dB" in playground.said
    for name, value in (("differences", True), ("score", "SSIM"), ("differences", False)):
        playground.inputs[name].value = value
        fresh = Drawing(192)
        fresh.draw(playground.snapshot, playground.kept)
        assert np.abs(pixels(fresh.frame.png()) - pixels(playground.png)).max() <= 2
    assert np.allclose(drawing.marks[1].get_data()[1], [kept.points[1].ssim])  # one axis, one score
    playground.inputs["score"].value = "PSNR"
    playground.inputs["picture"].value = "coins"
    low, high = drawing.axes.get_ylim()
    for line in (*drawing.lines, *drawing.ghosts):
        assert low <= line.get_ydata().min() and line.get_ydata().max() <= high
    playground.drop_button.click()
    assert not drawing.before.axes.get_visible() and "Kept" not in playground.said
