"""What is said of a walk: factors are named that the code does follow."""

import re

import numpy as np
import torch

from udl_teach import play
from udl_teach.play.latent_walk.run import HELD_OUT


def follow_the_truth(playground, order, scales):
    """Puts an encoder in the model's place whose codes are the true factors, in some order and size."""
    run = playground.player.model
    truth = np.stack([(values - values.mean()) / values.std() for values in map(run.factors.get, order)], axis=1)
    codes = torch.zeros(len(truth), run.model.latent_size)
    codes[:, : len(order)] = torch.tensor(truth * scales, dtype=torch.float32)
    run.model.posterior = lambda x: (codes, torch.zeros_like(codes))
    run._rank()
    run._measured = None
    playground._show()
    return codes.numpy()


def test_the_words_and_the_picture_name_the_factors_that_the_code_follows():
    playground = play.latent_walk(trained=False, latent_size=5)
    follow_the_truth(playground, ("size", "x", "slant"), (0.5, 2.0, 1.0))
    said = "dimension 1 follows x (1.00 of its variance), 2 follows slant (1.00), 3 follows size (1.00), "
    assert said + "4 and 5 are not used. No dimension follows stroke or y." in playground.said
    assert "Of an active dimension's variance 1.00 goes with one factor on average." in playground.said
    beside = [text.get_text() for text in playground._drawing.now.says if text.get_visible()]
    assert beside == ["x 1.00", "slant 1.00", "size 1.00", "not used", "not used"]


def test_a_dimension_that_follows_nothing_is_said_to():
    playground = play.latent_walk(trained=False, latent_size=2)
    run = playground.player.model
    codes = torch.tensor(np.random.default_rng(0).standard_normal((HELD_OUT, 2)), dtype=torch.float32)
    run.model.posterior = lambda x: (codes, torch.zeros_like(codes))
    run._measured = None
    playground._show()
    assert re.search(r"dimension 1 and 2 no factor above 0.3 \(at most 0.0\d\)\. No dimension follows", playground.said)


def test_the_kept_run_is_said_with_its_own_factors():
    playground = play.latent_walk(trained=False, latent_size=3)
    follow_the_truth(playground, ("y", "stroke"), (2.0, 1.0))
    playground.keep_button.click()
    playground.inputs["beta"].value = 1.0
    said = "The kept run after 0 steps: dimension 1 follows y (1.00 of its variance), 2 follows stroke (1.00)"
    assert said in playground.said and "beta 1 instead of 4" in playground.said
    drawing = playground._drawing
    assert drawing.before.says[0].get_text() == "y 1.00" and drawing.before.axes.get_visible()
    assert not drawing.grid.axes.get_visible()
    assert np.allclose(drawing.pictures[3].get_array()[1:29, 1:29], playground.kept.here)
