"""Contrastive learning on the circle: its forces, its collapse, and what is said and pressed."""

import numpy as np
import pytest
import torch
from machinery.playgrounds import tick, touch

from udl_teach import inputs, play
from udl_teach.play.pull_and_push.picture import WALL
from udl_teach.play.pull_and_push.run import start
from udl_teach.play.pull_and_push.snapshot import EVEN, forces, shares

pytestmark = pytest.mark.usefixtures("nothing_left_open")


@pytest.mark.parametrize("repulsion", [True, False])
def test_pull_and_push_are_minus_the_gradient_along_the_circle(repulsion):
    playground, n, temperature = play.pull_and_push(repulsion=repulsion), 6, 0.3
    playground.inputs["temperature"].value = temperature
    angles = torch.tensor(np.random.default_rng(0).uniform(0, 7, 2 * n), requires_grad=True)
    z = torch.stack([angles.cos(), angles.sin()], dim=1)
    playground.player.model.loss(*z.chunk(2)).backward()
    z = z.detach().numpy()
    pull, push = forces(z, shares(z, temperature), repulsion=repulsion)
    assert np.allclose(pull + push, -angles.grad.numpy() * 2 * n * temperature, atol=1e-6)
    assert (push == 0).all() != repulsion


def test_views_of_an_image_come_together_and_digits_part():
    playground = play.pull_and_push(speed=20)
    before = playground.snapshot
    tick(playground, 8)
    after = playground.snapshot
    assert after.same > before.same + 0.15 and after.uniformity < -1
    assert f"Alignment {after.alignment:.3f}" in playground.said and "Collapse" not in playground.said


def test_without_repulsion_all_falls_into_one_point_and_comes_back():
    playground = play.pull_and_push(repulsion=False, speed=20)
    tick(playground, 2)
    assert "Collapse: all images lie on almost one point. Without repulsion" in playground.said
    assert playground.snapshot.uniformity > -0.2
    playground.inputs["repulsion"].value = True
    tick(playground, 5)
    assert playground.player.index == 140 and "Collapse" not in playground.said


def test_an_even_circle_has_the_uniformity_that_is_drawn():
    angles = np.linspace(0, 2 * np.pi, 2001)[1:]
    z = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    squares = ((z[:1] - z[1:]) ** 2).sum(axis=1)
    assert np.log(np.exp(-2 * squares).mean()) == pytest.approx(EVEN, abs=0.01)


def test_a_click_chooses_an_image_below_the_circle_or_on_it():
    playground = play.pull_and_push()
    left, right, bottom, top = WALL
    touch(playground, "down", left + 5.5 / 8 * (right - left), (bottom + top) / 2)
    assert playground.settings()["image"] == 5 and "Image 5, a 1:" in playground.said
    tick(playground, 5)
    x, y = playground.snapshot.z[2]
    touch(playground, "down", x, y)
    chosen = playground.settings()["image"]
    assert np.allclose(playground.snapshot.z[chosen], (x, y), atol=0.3)
    touch(playground, "down", 0.0, -1.6)
    assert playground.settings()["image"] == chosen


def test_without_augmentation_both_views_are_the_image():
    playground = play.pull_and_push(strength=0.0, rotation=0)
    original, first, second = playground.snapshot.images
    assert np.array_equal(first, original) and np.array_equal(second, original)
    assert playground.snapshot.alignment == 0


def test_what_is_looked_at_is_not_learned_from_and_digits_take_turns():
    model, _ = start(play.pull_and_push("6 9").settings())
    assert model.x.shape == (700, 1, 14, 14) and model.ring.shape == (300, 1, 14, 14)
    assert model.labels[:4].tolist() == [6, 9, 6, 9]
    draws = [model.views(model.x[:4], inputs.generator(0)) for _ in range(2)]
    assert torch.equal(*draws)
