"""The convolutional variational autoencoder: the dense one's promises, kept for images."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import distributions

from udl_teach import data, fit, load, save
from udl_teach.models import ConvVariationalAutoencoder


def some(n=10, shape=(2, 5, 4), seed=0):
    return np.random.default_rng(seed).random((n, *shape)).astype(np.float32)


def test_the_terms_are_nats_summed_over_pixels_and_averaged_over_the_batch():
    model, x = ConvVariationalAutoencoder((2, 5, 4), 3, (4, 6), hidden_size=8), torch.from_numpy(some().round())
    terms = model.loss(x, torch.Generator().manual_seed(3))
    mean, log_variance = model.posterior(x)
    posterior = distributions.Normal(mean, (0.5 * log_variance).exp())
    z = mean + posterior.stddev * torch.randn((1, 10, 3), generator=torch.Generator().manual_seed(3))[0]
    pixels = distributions.Bernoulli(probs=model.decode(z)).log_prob(x)
    kl = distributions.kl_divergence(posterior, distributions.Normal(0, 1))
    assert terms["reconstruction"].item() == pytest.approx(-pixels.sum(dim=(1, 2, 3)).mean().item(), rel=1e-4)
    assert terms["kl"].item() == pytest.approx(kl.sum(dim=1).mean().item(), rel=1e-4)
    assert terms["loss"].item() == pytest.approx((terms["reconstruction"] + terms["kl"]).item(), rel=1e-5)


def test_the_estimate_is_the_likelihood_integrated_over_the_code():
    # A code of one number can be integrated over on a grid.
    model, x = ConvVariationalAutoencoder((2, 5, 4), 1, (4,), hidden_size=8), some().round()
    fit(model, x, epochs=50, learning_rate=1e-2, progress=False)
    z = torch.linspace(-7, 7, 1401)[:, None]
    with torch.no_grad():
        pixels = distributions.Bernoulli(probs=model.decode(z)[:, None]).log_prob(torch.from_numpy(x))
        joint = pixels.flatten(2).sum(dim=2) + distributions.Normal(0, 1).log_prob(z)
    exact = torch.logsumexp(joint + np.log(0.01), dim=0).numpy()
    assert np.allclose(model.log_likelihood(x, 5000), exact, atol=0.05)


def test_several_samples_give_the_importance_weighted_bound():
    model, x = ConvVariationalAutoencoder((2, 5, 4), 3, (4,), samples=7), torch.from_numpy(some().round())
    loss = model.loss(x, torch.Generator().manual_seed(3))["loss"]
    mean, log_variance = model.posterior(x)
    posterior = distributions.Normal(mean, (0.5 * log_variance).exp())
    z = mean + posterior.stddev * torch.randn((7, 10, 3), generator=torch.Generator().manual_seed(3))
    pixels = torch.stack([distributions.Bernoulli(probs=model.decode(each)).log_prob(x) for each in z])
    log_weights = (
        pixels.flatten(2).sum(dim=2)
        + distributions.Normal(0, 1).log_prob(z).sum(dim=2)
        - posterior.log_prob(z).sum(dim=2)
    )
    assert loss.item() == pytest.approx(-log_weights.exp().mean(dim=0).log().mean().item(), rel=1e-4)


def test_chunks_do_not_change_the_estimate_much(monkeypatch):
    model, x = ConvVariationalAutoencoder((2, 5, 4), 3, (4,)), some().round()
    whole = model.log_likelihood(x, 3000)
    assert whole.shape == (10,)
    monkeypatch.setattr("udl_teach.models.variational.base.MAX_ACTIVATIONS", 7 * model.widest_layer * 10)
    assert np.allclose(model.log_likelihood(x, 3000), whole, atol=0.1)


@given(
    shape=st.tuples(st.sampled_from([1, 3]), st.integers(1, 13), st.integers(1, 13)),
    channels=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    likelihood=st.sampled_from(["bernoulli", "gaussian", "continuous-bernoulli"]),
)
@settings(max_examples=25, deadline=None)
def test_images_of_any_size_and_flat_rows(shape, channels, likelihood):
    model, x = ConvVariationalAutoencoder(shape, 2, channels, likelihood=likelihood), some(3, shape)
    rows = x.reshape(3, -1)
    assert model(x).shape == x.shape and model(rows).shape == rows.shape and model(x).dtype == np.float32
    assert np.allclose(model(x).reshape(3, -1), model(rows), atol=1e-5)
    assert model.encode(x).shape == (3, 2) and model.decode(model.encode(rows)).shape == x.shape
    assert model.sample(2).shape == (2, *shape)
    assert model.kl_per_dimension(x).shape == (2,) and 0 <= model.active_units(x) <= 2
    assert next(model.steps(rows)).loss == pytest.approx(
        next(ConvVariationalAutoencoder(shape, 2, channels, likelihood=likelihood).steps(x)).loss, rel=1e-5
    )


def test_it_learns_digits_goes_on_exactly_and_comes_back_from_a_file(tmp_path):
    train, test = data.digits().split(seed=0)
    held_out = data.binarized(test).images

    def made():
        return ConvVariationalAutoencoder((1, 8, 8), 8, (8, 16))

    model, before = made(), made().log_likelihood(held_out, 50).mean()
    options = {"learning_rate": 5e-3, "binarize": True, "progress": False, "beta": lambda step: min(1, step / 50)}
    fit(model, train.images, epochs=8, **options)
    assert model.log_likelihood(held_out, 50).mean() > before + 15
    halves = made()
    history = fit(halves, train.images, epochs=4, **options)
    fit(halves, train.images, epochs=4, resume=history, **options)
    assert all(torch.equal(one, other) for one, other in zip(model.parameters(), halves.parameters(), strict=True))
    save(model, tmp_path / "model.npz")
    assert np.array_equal(load(tmp_path / "model.npz")(test.images), model(test.images))


def test_a_tensors_graph_reaches_the_images():
    model, x = ConvVariationalAutoencoder((2, 5, 4), 3, (4,)), torch.from_numpy(some()).requires_grad_()
    model(x).sum().backward()
    assert x.grad.abs().sum() > 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ConvVariationalAutoencoder((8, 8)), "image_shape was"),
        (lambda: ConvVariationalAutoencoder((1, 8, 8), channels=()), "channels was empty"),
        (lambda: ConvVariationalAutoencoder((1, 8, 8), hidden_size=0), "hidden_size was 0"),
        (lambda: ConvVariationalAutoencoder((1, 8, 8), likelihood="poisson"), "likelihood was 'poisson'"),
        (lambda: ConvVariationalAutoencoder((1, 8, 8), samples=5, free_bits=0.1), "free_bits was 0.1 with samples=5"),
        (lambda: ConvVariationalAutoencoder((1, 8, 8)).encode(some()), "made for"),
        (
            lambda: ConvVariationalAutoencoder((2, 5, 4)).log_likelihood(2 * some()),
            "bernoulli.* values from 0 to 1",
        ),
    ],
)
def test_bad_arguments_get_one_sentence(call, message):
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
