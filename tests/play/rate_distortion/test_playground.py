"""The playground of rate and distortion: its bytes are those of real streams, its words what was measured."""

import re
import zlib

import numpy as np
import pytest
from machinery.playgrounds import pixels, tick

from udl_teach import data, metrics, play
from udl_teach.play import pictures, rates_picture, rates_run
from udl_teach.play.rates_run import NAMES, RATES
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
    codec, pca = pretrained("codec"), rates_run.pca_codec()
    ways = {
        "codec": (codec.compress, codec.decompress),
        "JPEG": (metrics.jpeg_compress, metrics.jpeg_decompress),
        "PCA": (pca.compress, pca.decompress),
    }
    drawing = playground._drawing
    wall = np.asarray(drawing.now.wall.get_array())
    assert np.allclose(wall[2:194, 2:194], image[0])
    for place, (name, point) in enumerate(zip(NAMES, playground.look.points, strict=True), 1):
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


@pytest.mark.parametrize("picture", ["astronaut", "coins"])
def test_the_three_stand_at_equal_bytes_and_more_bytes_are_better(picture):
    curves = play.rate_distortion(picture=picture).look.curves
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


def test_the_verdict_subtracts_the_scores_that_are_shown_by_the_score_that_is_chosen():
    playground = play.rate_distortion(rate=0.4)
    codec, jpeg, pca = playground.look.points

    def said(more, unit, digits):
        ahead = round(more, digits)
        return f"{abs(ahead):.{digits}f}{unit} {'ahead of' if ahead > 0 else 'behind'}"

    assert f"The codec is {said(codec.psnr - jpeg.psnr, ' dB', 1)} JPEG" in playground.said
    assert f"and {said(codec.psnr - pca.psnr, ' dB', 1)} PCA." in playground.said
    playground.inputs["score"].value = "SSIM"
    assert f"SSIM: codec {codec.ssim:.3f}, JPEG {jpeg.ssim:.3f}" in playground.said
    assert f"The codec is {said(codec.ssim - jpeg.ssim, '', 3)} JPEG" in playground.said
    line = playground._drawing.lines[1].get_data()[1]
    assert np.allclose(line, [point.ssim for point in playground.look.curves.points["JPEG"]])
    low, high = playground._drawing.axes.get_ylim()
    assert low <= line.min() and line.max() <= high


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
    assert rates_run.head_of(stream) == segments_of_jpeg(stream) + 2  # and the mark of the end
    # Of a picture without anything in it hardly more than the head is left.
    grey = np.full((1, 192, 192), 0.5, dtype=np.float32)
    for codec in (pretrained("codec"), rates_run.pca_codec()):
        stream = codec.compress(grey, 0.5)
        assert 0 <= len(stream) - rates_run.head_of(stream) <= 80
    playground = play.rate_distortion()
    shares = [f"{100 * point.head / point.size:.0f} % of" for point in playground.look.points]
    assert f"Heads and tables take {shares[0]} the codec's, {shares[1]} JPEG's, {shares[2]} PCA's" in playground.said


def test_play_climbs_the_rates_and_rests_at_the_last():
    playground = play.rate_distortion(rate=0.8)
    tick(playground)
    assert playground.inputs["rate"].value == playground.settings()["rate"] == 1.0
    assert playground.said.startswith("Astronaut at 1.00 bits per pixel")
    image, point = playground.look.curves.image, playground.look.points[0]
    assert playground.player.step.loss == pytest.approx(((point.picture - image) ** 2).mean(), rel=1e-5)
    tick(playground, 3)
    assert playground.settings()["rate"] == RATES[-1]
    assert playground.player.finished and "Finished" in playground.said
    playground.reset_button.click()
    assert playground.inputs["rate"].value == 0.8


def test_what_acts_at_once_leaves_the_rate_and_the_run():
    playground = play.rate_distortion()
    tick(playground)
    first = playground.look.curves.image
    playground.inputs["picture"].value = "coins"
    assert not np.array_equal(playground.look.curves.image, first)
    playground.inputs["rate"].value = 0.25
    playground.inputs["differences"].value = True
    assert playground.player.index == 1 and playground.settings()["rate"] == 0.25
    assert playground.said.startswith("Coins at 0.25 bits per pixel (1,152 bytes of 36,864)")
    wall = np.asarray(playground._drawing.now.wall.get_array())
    point, image = playground.look.points[2], playground.look.curves.image
    assert np.allclose(wall[2:194, -194:-2], np.clip(0.5 + 3 * (point.picture - image)[0], 0, 1), atol=1e-6)
    assert "3 times as strong" in playground.said


def test_the_chosen_points_and_the_kept_ones_lie_on_their_curves():
    playground = play.rate_distortion(rate=0.3)
    playground.keep_button.click()
    kept = playground.look
    playground.inputs["rate"].value = 0.8
    drawing = playground._drawing
    for place in range(3):
        now, before = playground.look.points[place], kept.points[place]
        assert np.allclose(drawing.points[place].get_data(), [[now.bits_per_pixel], [now.psnr]])
        assert np.allclose(drawing.marks[place].get_data(), [[before.bits_per_pixel], [before.psnr]])
        assert drawing.before.titles[place].get_text() == f"kept: {NAMES[place]}"
    assert f"Kept: Astronaut at 0.30, PSNR: codec {kept.points[0].psnr:.1f} dB" in playground.said
    for name, value in (("differences", True), ("score", "SSIM"), ("differences", False)):
        playground.inputs[name].value = value
        fresh = rates_picture.Drawing(192)
        fresh.draw(playground.look, playground.kept)
        assert np.abs(pixels(fresh.frame.png()) - pixels(playground.png)).max() <= 2
    assert np.allclose(drawing.marks[1].get_data()[1], [kept.points[1].ssim])  # one axis, one score
    playground.inputs["score"].value = "PSNR"
    playground.inputs["picture"].value = "coins"
    low, high = drawing.axes.get_ylim()
    for line in (*drawing.lines, *drawing.ghosts):
        assert low <= line.get_ydata().min() and line.get_ydata().max() <= high
    playground.drop_button.click()
    assert not drawing.before.axes.get_visible() and "Kept" not in playground.said


def test_a_codec_and_a_picture_of_ones_own_and_bytes_that_are_out_of_reach():
    noise = np.random.default_rng(0).random((200, 192)).astype(np.float32)
    playground = play.rate_distortion(noise, Zipped(), rate=0.1)
    image = playground.look.curves.image
    assert np.array_equal(image[0], noise[4:196])
    codec, jpeg, _ = playground.look.points
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
    first = play.rate_distortion(codec=Zipped(), picture="rocket").look.curves.image
    other = play.rate_distortion(codec=Zipped(), picture="rocket", seed=3).look.curves.image
    assert np.array_equal(other, pictures.photographs(192, seed=3)["rocket"]) and not np.array_equal(first, other)
    whole = data.unseen_photos()["rocket"][0]
    assert np.array_equal(first[0], whole[164:356, 224:416])


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
