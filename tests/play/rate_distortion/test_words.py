"""What is said of three codecs."""

import numpy as np
import pytest

from udl_teach import play

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_the_verdict_subtracts_the_scores_that_are_shown_by_the_score_that_is_chosen():
    playground = play.rate_distortion(rate=0.4)
    codec, jpeg, pca = playground.snapshot.points

    def said(more, unit, digits):
        ahead = round(more, digits)
        return f"{abs(ahead):.{digits}f}{unit} {'ahead of' if ahead > 0 else 'behind'}"

    assert f"The codec is {said(codec.psnr - jpeg.psnr, ' dB', 1)} JPEG" in playground.said
    assert f"and {said(codec.psnr - pca.psnr, ' dB', 1)} PCA." in playground.said
    playground.inputs["score"].value = "SSIM"
    assert f"SSIM: codec {codec.ssim:.3f}, JPEG {jpeg.ssim:.3f}" in playground.said
    assert f"The codec is {said(codec.ssim - jpeg.ssim, '', 3)} JPEG" in playground.said
    line = playground._drawing.lines[1].get_data()[1]
    assert np.allclose(line, [point.ssim for point in playground.snapshot.curves.points["JPEG"]])
    low, high = playground._drawing.axes.get_ylim()
    assert low <= line.min() and line.max() <= high
