"""What is said of a wall: a copy is called one, and a collapse."""

import dataclasses

import numpy as np
import pytest
from machinery.playgrounds import tick
from machinery.sample_wall import HELD_OUT, SEEN, Painter, finished

from udl_teach import play
from udl_teach.play.sample_wall.reality import Reality, spread
from udl_teach.play.sample_wall.words import words

pytestmark = pytest.mark.usefixtures("nothing_left_open")
NEIGHBOURS = Reality(SEEN).nearest(SEEN.images[:1])[1][0]


def test_the_nearest_real_image_is_the_nearest_and_its_distance_stands_beside_what_is_usual():
    playground = play.sample_wall(speed=5)
    tick(playground)
    now = playground.snapshot
    apart = np.linalg.norm(SEEN.x - now.here.reshape(-1), axis=1)
    assert now.distance == pytest.approx(apart.min(), abs=1e-4)
    assert np.array_equal(now.nearest, SEEN.images[apart.argmin()])
    assert now.name == str(SEEN.labels[apart.argmin()])
    low, _, high = now.reality.usual
    assert f"90 % of held-out real images are {low:.2f} to {high:.2f} from theirs" in words(
        dataclasses.replace(now, distance=low)
    )
    held_out = np.linalg.norm(HELD_OUT.x[:, None] - SEEN.x[None], axis=2).min(axis=1)
    assert np.allclose(now.reality.usual, np.quantile(held_out, (0.05, 0.5, 0.95)), atol=1e-4)
    wall = np.linalg.norm(now.wall.reshape(80, 1, 64) - SEEN.x[None], axis=2).min(axis=1)
    assert f"to their nearest training image is {np.median(wall):.2f};" in playground.said
    assert f"that of held-out real images is {np.median(held_out):.2f}." in playground.said


@pytest.mark.parametrize(
    ("images", "says"),
    [
        (SEEN.images, "as a copy would be."),
        (HELD_OUT.images[7:], "so there is no sign of a copy."),
        (np.random.default_rng(0).random((80, 1, 8, 8)), "so no training image resembles it."),
        (SEEN.images[NEIGHBOURS].mean(axis=0, keepdims=True), "it resembles several images, as blurred images do."),
    ],
)
def test_one_image_looks_like_a_copy_or_does_not_and_more_is_not_said(images, says):
    playground = play.sample_wall(Painter(images), SEEN, held_out=HELD_OUT)
    assert playground.said.endswith(says)
    assert "no copy" not in playground.said and "is a copy" not in playground.said
    alone = play.sample_wall(Painter(images), SEEN)
    assert alone.said.endswith(says) and "held-out" not in alone.said and "of other training images" in alone.said


def test_a_wall_that_repeats_itself_is_called_collapsed():
    playground = play.sample_wall(Painter(SEEN.images[:1]), SEEN, held_out=HELD_OUT)
    assert (
        "The variance of the wall's images is 0.00 times that of real images: nearly all are alike, mode collapse."
        in (playground.said)
    )
    playground = play.sample_wall(Painter(SEEN.images[:1]), SEEN, truncation=0.3)
    assert "nearly all are alike, which the truncation at 0.3 alone can cause." in playground.said
    assert "collapse" not in playground.said
    playground = play.sample_wall(Painter(SEEN.images), SEEN)
    share = spread(SEEN.x[:80], np.zeros(80)) / spread(SEEN.x, np.zeros(len(SEEN)))
    assert f"is {share:.2f} times that of real images." in playground.said and share > 0.8


def test_a_wall_of_the_first_steps_has_lost_no_modes_and_a_later_one_has():
    playground = play.sample_wall(ema=False, truncation=0.3)
    assert "0.00 times that of real images: nearly all of a class are alike so early." in playground.said
    now = playground.snapshot
    for moment, says in ((10, "alike so early."), (99, "alike so early."), (100, "mode collapse.")):
        now = dataclasses.replace(now, moment=moment, truncation=4.0, spread=0.2)
        assert "is 0.20 times that of real images: " in words(now) and says in words(now)
    assert "alike" not in words(dataclasses.replace(now, spread=0.25))


def test_variety_is_that_within_the_classes_where_there_are_classes():
    playground = play.sample_wall(speed=5)
    assert "mode collapse" not in playground.said and "nearly all of a class are alike" in playground.said
    tick(playground, 4)
    wall = playground.snapshot.wall.reshape(8, 10, 64)
    within = wall.var(axis=0, ddof=1).sum(axis=1).mean()
    x, labels = SEEN.x, SEEN.labels
    middles = np.stack([x[labels == label].mean(axis=0) for label in range(10)])
    real = ((x - middles[labels]) ** 2).sum() / (len(x) - 10)
    assert playground.snapshot.spread == pytest.approx(within / real, rel=1e-3)
    assert (
        f"Within a class the variance of the wall's images is {within / real:.2f} times that of real images"
        in playground.said
    )
    playground.inputs["shown"].value = "3"
    real = x[labels == 3].var(axis=0, ddof=1).sum()
    assert playground.snapshot.spread == pytest.approx(
        playground.snapshot.wall.reshape(80, 64).var(axis=0, ddof=1).sum() / real, rel=1e-3
    )
    assert "Within a class" not in playground.said
    assert f"is {playground.snapshot.spread:.2f} times that of real images of this class" in playground.said


def test_the_discriminator_s_part_is_the_mean_of_the_last_steps():
    playground = play.sample_wall(speed=1)
    told = []
    for _ in range(10):
        assert "AUC" not in playground.said
        tick(playground)
        told.append([playground.player.step.terms[name] for name in ("score_real", "score_generated", "auc")])
    real, generated, share = np.mean(told, axis=0)
    assert f"After 10 steps the AUC of the discriminator is {share:.2f}." in playground.said
    now = playground.snapshot
    assert now.real[0].tolist() == now.generated[0].tolist() == [10]
    assert now.real[1][0] == pytest.approx(real) and now.generated[1][0] == pytest.approx(generated)
    assert np.allclose(playground._drawing.scores[1].get_ydata(), [generated])


def test_one_step_is_said_in_the_singular():
    playground = play.sample_wall(speed=1)
    tick(playground)
    assert playground.said.startswith("After 1 step. ")
    playground.keep_button.click()
    assert "Kept after 1 step: " in playground.said
    tick(playground, 2)
    assert playground.said.startswith("After 2 steps. ")


def test_what_differs_in_looking_at_a_kept_wall_is_said_and_nothing_is_called_the_same():
    playground = finished()
    playground.inputs["between"].value = 0.25
    playground.keep_button.click()
    assert playground.snapshot.between == 0.25 and playground.kept is not None  # there is no run to begin again
    assert "Changed" not in playground.said and "same" not in playground.said
    playground.inputs["truncation"].value = 0.5
    assert playground.said.endswith("Changed since then: truncation 0.5 instead of 4.")
    playground.inputs["shown"].value = "3"
    playground.inputs["draw"].value = 4
    playground.inputs["ema"].value = False
    assert playground.said.endswith(
        "Changed since then: classes 3 instead of all, truncation 0.5 instead of 4, latent vectors 4 instead of 0, "
        "EMA generator off instead of on."
    )
    titles = [one.axes.get_title() for one in (playground._drawing.now, playground._drawing.before)]
    assert titles == ["now", "kept"]
