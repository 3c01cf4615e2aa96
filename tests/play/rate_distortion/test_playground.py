"""The playground of rate and distortion: its bytes are those of real streams, its words what was measured."""

import re
import zlib

import numpy as np
import pytest
from machinery.playgrounds import tick, touch

from udl_teach import data, metrics, play
from udl_teach.play import pictures
from udl_teach.play.rate_distortion.run import NAMES, RATES, pca_codec
from udl_teach.pretrained import pretrained


class Zipped:
    """Pixels rounded to steps and packed by zlib: a codec that is quick, and no match for any other."""

    def compress(self, image, step):
        numbers = np.rint(np.asarray(image)[0] / step).astype(np.uint8)
        return np.float32(step).tobytes() + zlib.compress(numbers.tobytes(), 9)

    def decompress(self, stream):
        numbers = np.frombuffer(zlib.decompress(stream[4:]), dtype=np.uint8).reshape(192, 192)
        return np.clip(numbers * np.frombuffer(stream[:4], dtype=np.float32), 0, 1)[None].astype(np.float32)


pytestmark = pytest.mark.usefixtures("nothing_left_open")


@pytest.mark.parametrize("rate", [0.15, 0.4, 1.0])
def test_bytes_and_scores_are_those_of_real_streams(rate):
    playground = play.rate_distortion(rate=rate)
    image = pictures.photographs(192)["astronaut"]
    codec, pca = pretrained("codec"), pca_codec()
    ways = {
        "codec": (codec.compress, codec.decompress),
        "JPEG": (metrics.jpeg_compress, metrics.jpeg_decompress),
        "PCA": (pca.compress, pca.decompress),
    }
    drawing = playground._drawing
    wall = np.asarray(drawing.now.wall.get_array())
    assert np.allclose(wall[2:194, 2:194], image[0])
    for place, (name, point) in enumerate(zip(NAMES, playground.snapshot.points, strict=True), 1):
        compress, decompress = ways[name]
        stream = compress(image, point.setting)
        picture = decompress(stream)
        assert point.size == len(stream) and np.allclose(point.picture, picture, atol=1e-6)
        assert point.bits_per_pixel == 8 * len(stream) / image.size
        assert point.psnr == pytest.approx(metrics.psnr(image, picture))
        assert point.ssim == pytest.approx(metrics.ssim(image, picture))
        assert f"{name} {point.psnr:.1f} dB" in playground.said
        line = drawing.now.lines[place].get_text()
        assert line.startswith(f"{len(stream):,} bytes") and f"\n{point.psnr:.1f} dB · SSIM {point.ssim:.2f}" in line
        left = 2 + place * 194
        assert np.allclose(wall[2:194, left : left + 192], picture[0], atol=1e-6)
        assert drawing.now.titles[place].get_text() == name


def test_what_acts_at_once_leaves_the_rate_and_the_run():
    playground = play.rate_distortion()
    tick(playground)
    first = playground.snapshot.curves.image
    playground.inputs["picture"].value = "coins"
    assert not np.array_equal(playground.snapshot.curves.image, first)
    playground.inputs["rate"].value = 0.25
    playground.inputs["differences"].value = True
    assert playground.player.index == 1 and playground.settings()["rate"] == 0.25
    assert playground.said.startswith("Coins at 0.25 bits per pixel (1,152 bytes of 36,864)")
    wall = np.asarray(playground._drawing.now.wall.get_array())
    point, image = playground.snapshot.points[2], playground.snapshot.curves.image
    assert np.allclose(wall[2:194, -194:-2], np.clip(0.5 + 3 * (point.picture - image)[0], 0, 1), atol=1e-6)
    assert "3 times as strong" in playground.said


def test_a_codec_and_a_picture_of_ones_own_and_bytes_that_are_out_of_reach():
    noise = np.random.default_rng(0).random((200, 192)).astype(np.float32)
    playground = play.rate_distortion(noise, Zipped(), rate=0.1)
    image = playground.snapshot.curves.image
    assert np.array_equal(image[0], noise[4:196])
    codec, jpeg, _ = playground.snapshot.points
    assert codec.size == len(Zipped().compress(image, codec.setting)) and codec.head is None
    assert jpeg.size == min(len(metrics.jpeg_compress(image, quality)) for quality in range(1, 96))
    assert f"JPEG comes no nearer than {jpeg.size:,} bytes" in playground.said
    assert "the codec's" not in playground.said and playground.said.startswith("Your picture at 0.10")


def test_a_picture_with_nothing_in_it_is_shown_too():
    flat = np.full((192, 192), 0.5, dtype=np.float32)
    playground = play.rate_distortion(flat)
    assert "Not equal in bytes" in playground.said and "nan" not in playground.said
    playground.inputs["score"].value = "SSIM"
    assert "Something went wrong" not in playground.said and "level with JPEG" in playground.said


def test_another_seed_cuts_another_square_of_the_same_photograph():
    first = play.rate_distortion(codec=Zipped(), picture="rocket").snapshot.curves.image
    other = play.rate_distortion(codec=Zipped(), picture="rocket", seed=3).snapshot.curves.image
    assert np.array_equal(other, pictures.photographs(192, seed=3)["rocket"]) and not np.array_equal(first, other)
    whole = data.unseen_photos()["rocket"][0]
    assert np.array_equal(first[0], whole[164:356, 224:416])


def test_the_rate_nearest_to_what_is_pointed_at_is_shown():
    playground = play.rate_distortion()
    drawing = playground._drawing
    for kind, place in (("down", 1), ("move", 5), ("up", 9)):
        now = playground.snapshot.curves.points["JPEG"][place]
        touch(playground, kind, now.bits_per_pixel, now.psnr, axes=drawing.axes)
        assert playground.settings()["rate"] == playground.inputs["rate"].value == RATES[place]
        assert np.allclose(drawing.points[1].get_data(), [[now.bits_per_pixel], [now.psnr]])
    assert f"at {RATES[9]:.2f} bits per pixel" in playground.said
    touch(playground, "down", 90, 90, axes=drawing.now.axes)
    assert playground.settings()["rate"] == RATES[9] and playground.player.index == 0
    assert play.rate_distortion(**playground.settings()).said == playground.said


BAD = [
    (lambda: play.rate_distortion(rate=0.33), ValueError, "rate was 0.33; it must be one of 0.1, 0.15"),
    (lambda: play.rate_distortion(rate=True), ValueError, "rate was True"),
    (lambda: play.rate_distortion(picture="lena"), ValueError, "picture was 'lena'"),
    (lambda: play.rate_distortion(picture="yours"), ValueError, "picture was 'yours'"),
    (lambda: play.rate_distortion(score="MSE"), ValueError, "score was 'MSE'"),
    (lambda: play.rate_distortion(pause=10), ValueError, "pause was 10"),
    (lambda: play.rate_distortion(seed=-1), ValueError, "seed was -1"),
    (lambda: play.rate_distortion(np.zeros((150, 200))), ValueError, "of at least 192 x 192 pixels"),
    (lambda: play.rate_distortion(codec="JPEG"), TypeError, "codec was str"),
]


@pytest.mark.parametrize(("make_it", "error", "says"), BAD)
def test_bad_settings_get_one_sentence(make_it, error, says):
    with pytest.raises(error, match=re.escape(says)):
        make_it()
    assert play.open_playgrounds() == 0
