"""Codecs at equal bytes: streams, heads and curves."""

import numpy as np
import pytest
from machinery.playgrounds import tick

from udl_teach import metrics, play
from udl_teach.play import pictures
from udl_teach.play.rate_distortion.run import NAMES, RATES, head_of, pca_codec
from udl_teach.pretrained import pretrained

pytestmark = pytest.mark.usefixtures("nothing_left_open")


@pytest.mark.parametrize("picture", ["astronaut", "coins"])
def test_the_three_stand_at_equal_bytes_and_more_bytes_are_better(picture):
    curves = play.rate_distortion(picture=picture).snapshot.curves
    sizes = np.array([len(metrics.jpeg_compress(curves.image, quality)) for quality in range(1, 96)])
    for name in NAMES:
        points = curves.points[name]
        assert len(points) == len(RATES)
        for rate, point in zip(RATES, points, strict=True):
            wanted = rate * curves.image.size / 8
            if name == "JPEG":  # its quality is a whole number: no other one comes nearer
                assert point.size == sizes[np.abs(np.log(sizes / wanted)).argmin()]
            else:
                assert abs(point.size / wanted - 1) < 0.03, (name, rate)
        psnr = [point.psnr for point in points]
        assert psnr == sorted(psnr) and psnr[-1] > psnr[0] + 5


def segments_of_jpeg(stream):
    """Bytes up to where the coded picture begins, segment by segment as the standard has it."""
    place = 2
    while True:
        kind, length = stream[place + 1], int.from_bytes(stream[place + 2 : place + 4], "big")
        place += 2 + length
        if kind == 0xDA:
            return place


def test_heads_are_counted_from_the_streams():
    image = pictures.photographs(192)["camera"]
    stream = metrics.jpeg_compress(image, 30)
    assert head_of(stream) == segments_of_jpeg(stream) + 2  # and the mark of the end
    # Of a picture without anything in it hardly more than the head is left.
    grey = np.full((1, 192, 192), 0.5, dtype=np.float32)
    for codec in (pretrained("codec"), pca_codec()):
        stream = codec.compress(grey, 0.5)
        assert 0 <= len(stream) - head_of(stream) <= 80
    playground = play.rate_distortion()
    shares = [f"{100 * point.head / point.size:.0f} % of" for point in playground.snapshot.points]
    assert f"Headers and tables take {shares[0]} the codec's, {shares[1]} JPEG's, {shares[2]} PCA's" in playground.said


def test_play_climbs_the_rates_and_rests_at_the_last():
    playground = play.rate_distortion(rate=0.8)
    tick(playground)
    assert playground.inputs["rate"].value == playground.settings()["rate"] == 1.0
    assert playground.said.startswith("Astronaut at 1.00 bits per pixel")
    image, point = playground.snapshot.curves.image, playground.snapshot.points[0]
    assert playground.player.step.loss == pytest.approx(((point.picture - image) ** 2).mean(), rel=1e-5)
    tick(playground, 3)
    assert playground.settings()["rate"] == RATES[-1]
    assert playground.player.finished and "Finished" in playground.said
    playground.reset_button.click()
    assert playground.inputs["rate"].value == 0.8
