"""The two networks and what they are asked: latent vectors, samples, scores and sample gradients."""

import numpy as np
import pytest
import torch

from udl_teach.models import GAN
from udl_teach.models.adversarial.losses import OBJECTIVES, generator_loss


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)


def made(**changes):
    return GAN(3, 2, (6, 5), **({"seed": 3} | changes))


def test_each_objective_has_a_penalty_of_its_own_where_none_is_named():
    usual = {objective: made(objective=objective).penalty for objective in OBJECTIVES}
    assert usual == dict.fromkeys(OBJECTIVES, 0.0) | {"wasserstein": 10.0, "relativistic": 1.0}
    assert made(objective="wasserstein", penalty=0).penalty == 0


def test_looking_leaves_a_model_in_the_state_that_it_found(x):
    for learning in (True, False):
        model = made().train(learning)
        model.sample(3), model.score(x), model.sample_gradient(model.latent(3))
        assert model.training == learning and model.discriminator.training == learning


def test_samples_follow_from_a_seed_in_chunks_too_and_from_a_tensor_with_its_graph(monkeypatch):
    model = made()
    many = model.sample(50, seed=4)
    monkeypatch.setattr("udl_teach.models.adversarial.players.CHUNK", 7)
    assert many.dtype == np.float32 and np.allclose(model.sample(50, seed=4), many, atol=1e-6)
    assert not np.array_equal(many, model.sample(50, seed=5))
    z = torch.from_numpy(model.latent(50, seed=4)).requires_grad_()
    made_of_tensor = model.generate(z)
    assert np.allclose(made_of_tensor.detach(), many, atol=1e-6)
    assert torch.autograd.grad(made_of_tensor.sum(), z)[0].abs().sum() > 0


@pytest.mark.parametrize("edge", [0.3, 1.0, 2.5])
def test_truncated_latent_vectors_lie_inside_and_are_spread_as_scipy_says(edge):
    from scipy import stats

    z = made().latent(4000, seed=2, truncation=edge)
    assert np.abs(z).max() <= edge
    assert stats.kstest(z.ravel(), stats.truncnorm(-edge, edge).cdf).pvalue > 0.001
    # The same samples, drawn together: each entry keeps its sign and its place in the order.
    whole = made().latent(4000, seed=2)
    assert (np.diff(z[np.argsort(whole[:, 0]), 0]) >= 0).all() and (z * whole >= 0).all()


def test_labels_stay_beside_their_latent_vectors_in_chunks(monkeypatch):
    model = made(n_classes=3)
    y = np.random.default_rng(0).integers(3, size=20)
    whole = model.sample(20, labels=y)
    monkeypatch.setattr("udl_teach.models.adversarial.players.CHUNK", 6)
    assert np.allclose(model.sample(20, labels=y), whole, atol=1e-6)


def test_labels_reach_both_players(x):
    model = made(n_classes=3)
    z = model.latent(4)
    assert not np.allclose(model.generate(z, labels=0), model.generate(z, labels=1))
    assert not np.allclose(model.score(x, 0), model.score(x, 2))
    assert np.allclose(model.sample(6), model.sample(6, labels=[0, 1, 2, 0, 1, 2]))


def test_packs_are_scored_together_and_the_last_is_filled_up(x):
    model = made(packing=3)
    scores = model.score(x[:7])
    assert scores.shape == (3,)
    packs = torch.from_numpy(np.concatenate([x[:7], x[:2]]).reshape(3, 9))
    assert np.allclose(scores, model.discriminator(packs).detach().flatten(), atol=1e-6)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_sample_gradient_is_minus_the_slope_of_each_samples_own_loss(objective):
    model = made(objective=objective, activation="tanh")
    z = model.latent(6)
    points, directions = model.sample_gradient(z)
    assert np.allclose(points, model.generate(z, ema=False))

    def loss(place):
        score = torch.from_numpy(model.score(place.astype(np.float32))).double()
        return generator_loss(score_before, score, objective).item() * len(place)

    score_before = torch.from_numpy(model.score(points)).double()
    step = 1e-2
    for row in range(2):
        for column in range(3):
            moved = np.zeros_like(points)
            moved[row, column] = step
            slope = (loss(points + moved) - loss(points - moved)) / (2 * step)
            assert -directions[row, column] == pytest.approx(slope, rel=0.05, abs=2e-3)


def test_a_sample_gradient_does_not_depend_on_the_other_samples():
    model = made()
    z = model.latent(9)
    assert np.allclose(model.sample_gradient(z)[1][:2], model.sample_gradient(z[:2])[1], atol=1e-6)


def test_a_relativistic_sample_gradient_is_weighted_by_the_lag_behind_the_real_sample(x):
    model, z = made(objective="relativistic"), made().latent(6)
    even, beside = model.sample_gradient(z)[1], model.sample_gradient(z, real=x[:6])[1]
    # -d/dg softplus(r - g) = sigma(r - g) times the slope of the score, and 1/2 of it where both are even.
    lag = model.score(x[:6]) - model.score(model.generate(z))
    assert np.allclose(beside, 2 / (1 + np.exp(-lag))[:, None] * even, atol=1e-5)


def test_what_an_older_release_saved_and_named_is_still_taken(x):
    model = made(ema=0.9)
    list(model.steps(x, epochs=2))
    old = {"generator_ema.": "averaged.", "ema_updates": "averaged_updates"}
    state = {}
    for name, value in model.state_dict().items():
        for new, before in old.items():
            name = name.replace(new, before)
        state[name] = value
    assert "averaged_updates" in state and "averaged.0.weight" in state
    again = made(ema=0.9, seed=8)
    again.load_state_dict(state)
    assert "averaged_updates" in state
    assert all(torch.equal(value, model.state_dict()[name]) for name, value in again.state_dict().items())
    inside = torch.nn.ModuleDict({"game": made(ema=0.9, seed=8)})
    inside.load_state_dict({f"game.{name}": value for name, value in state.items()})
    assert np.array_equal(inside["game"].sample(5), model.sample(5))
    with pytest.warns(DeprecationWarning, match="average is now called ema"):
        assert made(average=0.8).ema == 0.8
    with pytest.warns(DeprecationWarning, match="averaged is now called generator_ema"):
        assert model.averaged is model.generator_ema
    with pytest.warns(DeprecationWarning, match="averaged is now called ema"):
        assert np.array_equal(model.sample(5, averaged=False), model.sample(5, ema=False))
    with pytest.warns(DeprecationWarning, match="pull is now called sample_gradient"):
        found = model.pull(model.latent(5))
    assert all(map(np.array_equal, found, model.sample_gradient(model.latent(5))))
