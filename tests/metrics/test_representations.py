"""Alignment, uniformity and effective rank: known cases, and loops."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from udl_teach import metrics

RNG = np.random.default_rng(0)
Z1, Z2 = RNG.standard_normal((2, 40, 5))


def on_sphere(z):
    return z / np.linalg.norm(z, axis=1, keepdims=True)


def test_alignment_is_the_mean_squared_distance_on_the_sphere():
    wanted = ((on_sphere(Z1) - on_sphere(Z2)) ** 2).sum(axis=1).mean()
    assert metrics.alignment(Z1, Z2) == pytest.approx(wanted)
    assert metrics.alignment(Z1, 7 * Z1) == pytest.approx(0) and metrics.alignment(Z1, -Z1) == pytest.approx(4)


def test_uniformity_is_the_log_of_the_mean_potential():
    wanted = np.log(np.exp(-2 * pdist(on_sphere(Z1), "sqeuclidean")).mean())
    assert metrics.uniformity(Z1) == pytest.approx(wanted)
    assert metrics.uniformity(np.ones((9, 3))) == pytest.approx(0)
    assert metrics.uniformity(RNG.standard_normal((500, 200))) == pytest.approx(-4, abs=0.1)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_the_effective_rank_of_known_matrices(k):
    # Columns of a Hadamard matrix are orthogonal, equally long, and (but for the first) of mean 0.
    from scipy.linalg import hadamard

    z = hadamard(16)[:, 1 : k + 1].astype(float)
    assert metrics.effective_rank(z) == pytest.approx(k)
    turned = 3 + z @ np.linalg.qr(RNG.standard_normal((6, 6)))[0][:k]  # neither a rotation nor an offset counts
    assert metrics.effective_rank(turned) == pytest.approx(k)
    values = np.array([3.0, 1.0])
    share = values / 4
    assert metrics.effective_rank(hadamard(16)[:, 1:3] * values) == pytest.approx(
        np.exp(-(share * np.log(share)).sum())
    )


def test_the_effective_rank_of_a_collapse_is_0():
    assert metrics.effective_rank(np.full((9, 3), 0.3)) == 0
    assert metrics.effective_rank(np.zeros((9, 3))) == 0


def test_a_probes_curve_holds_linear_probes_and_its_interval():
    labels = np.arange(400) % 4
    codes = np.eye(4)[labels] + 0.7 * RNG.standard_normal((400, 4))
    parts = codes[:200], labels[:200], codes[200:], labels[200:]
    curve = metrics.probe_curve(*parts, per_class=(2, 10), draws=5)
    assert [score.per_class for score in curve] == [2, 10]
    for score in curve:
        assert score.accuracy == metrics.linear_probe(*parts, per_class=score.per_class, draws=5)
        assert score.low < score.accuracy < score.high
    narrow = metrics.probe_curve(*parts, per_class=(10,), draws=5, level=0.5)[0]
    assert curve[1].low < narrow.low < narrow.high < curve[1].high


def test_the_interval_of_a_probe_covers_other_held_out_samples():
    # One held-out set after another from the same source: about 95 of 100 intervals should hold the true accuracy.
    def drawn(n):
        labels = RNG.integers(0, 2, n)
        return labels[:, None] + RNG.standard_normal((n, 1)), labels

    train, large = drawn(2000), drawn(20000)
    truth = metrics.linear_probe(*train, *large, per_class=20, draws=20)
    held = [metrics.probe_curve(*train, *drawn(100), per_class=(20,), draws=5, seed=k)[0] for k in range(40)]
    assert sum(score.low <= truth <= score.high for score in held) >= 34


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: metrics.alignment(Z1, Z2[:9]), "z2 has shape"),
        (lambda: metrics.uniformity(Z1[:1]), "at least 2"),
        (lambda: metrics.uniformity(Z1, 0), "t was 0"),
        (lambda: metrics.probe_curve(Z1, [0] * 40, Z2, [0] * 40), "single class"),
        (lambda: metrics.probe_curve(Z1, [0] * 40, Z2, [0] * 40, level=2), "level was 2"),
    ],
)
def test_what_cannot_be_measured_is_refused(wrong, says):
    with pytest.raises(ValueError, match=says):
        wrong()
