"""What is measured of the game, against the metrics and by hand."""

import numpy as np
import pytest
from machinery.gan_game import SETTINGS

from udl_teach import metrics
from udl_teach.play.gan_game import measure
from udl_teach.play.gan_game.scene import scene

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def noted(x, quality=0.0, found=1.0):
    points = np.full((5, 2), x)
    return measure.Note(0.5, 0, 0, 0, points, points, 1.0, 8, quality, np.ones(8, dtype=bool), 0, found)


def test_the_auc_is_the_share_of_pairs_with_ties_counted_half():
    rng = np.random.default_rng(0)
    real, generated = rng.integers(0, 9, 40), rng.integers(0, 9, 30)
    pairs = (real[:, None] > generated).mean() + 0.5 * (real[:, None] == generated).mean()
    assert measure.auc(real, generated) == pytest.approx(pairs)


def test_coverage_is_that_of_the_metrics():
    rng = np.random.default_rng(1)
    real, generated = rng.normal(size=(200, 2)).astype(np.float32), rng.normal(0.5, 0.3, (200, 2)).astype(np.float32)
    expected = metrics.prdc(real, generated, k=measure.K).coverage
    near = measure.nearness(real)
    assert measure.coverage(real, generated, near) == pytest.approx(expected, abs=0.011)
    assert measure.coverage(real, real, near) == 1.0


def test_chance_is_what_points_thrown_at_random_over_the_square_of_the_data_would_have():
    shares = {}
    for name in ("ring", "grid", "two clusters", "moons"):
        shown = scene(SETTINGS | {"data": name})
        near = measure.nearness(shown.x[: measure.REAL])
        shares[name] = measure.by_chance(shown, near, 300)
    # 8 and 25 circles of radius 0.15 in a square of side 2.3, and 2 of them.
    for name, count in (("ring", 8), ("grid", 25), ("two clusters", 2)):
        assert shares[name] == pytest.approx(count * np.pi * 0.15**2 / 2.3**2, rel=0.15, abs=0.01)
    assert 0.3 < shares["moons"] < 0.6


def test_a_way_there_and_back_is_long_and_ends_where_it_began():
    path, apart = measure.travelled([noted(0.0), noted(3.0), noted(0.0)], radius=2.0)
    assert path == pytest.approx(3 * np.sqrt(2)) and apart == 0


def test_the_course_compares_the_last_notes_with_as_many_before_and_one_note_alone_counts_little():
    last = measure.LAST
    before, after = [noted(0.0, quality=0.2)] * last, [noted(1.0 * (k % 2), quality=0.6) for k in range(last)]
    now = noted(0.0, quality=0.0, found=0.0)
    course = measure.course([*before, *after], now, radius=1.0)
    assert course.path == pytest.approx((last - 1) * np.sqrt(2)) and course.path_before == 0 and course.apart == 0
    assert course.gained == pytest.approx(0.6) and course.gained_before == pytest.approx(0.2)
    assert course.quality == 0.6 and course.found == 1.0
    short = measure.course(after, now, radius=1.0)
    assert short.lasting == last and short.path_before is None and short.gained_before is None
