"""Imputation: observed values stay, missing ones are better than a guess without the model."""

import numpy as np
import pytest
import torch

from udl_teach import data, fit
from udl_teach.models import ConvVariationalAutoencoder, VariationalAutoencoder


@pytest.fixture(scope="module")
def learned():
    train, test = data.digits().split(seed=0)
    model = VariationalAutoencoder(64, 8, (128,))
    fit(model, train.x, epochs=20, learning_rate=5e-3, binarize=True, progress=False)
    observed = np.random.default_rng(0).random(test.x.shape) < 0.5
    return model, train.x, test.x, observed


def test_observed_values_stay_unchanged(learned):
    model, _, x, observed = learned
    imputed = model.impute(x, observed)
    assert imputed.dtype == np.float32 and imputed.shape == x.shape and np.isfinite(imputed).all()
    assert np.array_equal(imputed[observed], x[observed])
    assert (imputed[~observed] != x[~observed]).mean() > 0.9


def test_the_contents_of_missing_places_do_not_matter(learned):
    model, _, x, observed = learned
    imputed = model.impute(x, observed)
    for rubbish in (np.nan, -7.0, 1e9):
        assert np.array_equal(model.impute(np.where(observed, x, rubbish), observed), imputed)


def test_the_mean_over_seeds_is_nearer_to_the_truth_than_the_mean_image(learned):
    model, train, x, observed = learned
    guess = np.mean([model.impute(x, observed, seed=seed) for seed in range(8)], axis=0)
    ours, mean_image = (
        ((each - x)[~observed] ** 2).mean() for each in (guess, np.broadcast_to(train.mean(axis=0), x.shape))
    )
    assert ours < 0.75 * mean_image


def test_more_iterations_fit_the_observed_values_better(learned):
    model, _, x, observed = learned
    one, many = (((model.impute(x, observed, iterations=n) - x)[~observed] ** 2).mean() for n in (1, 30))
    assert many < 0.95 * one


def test_an_encoder_that_answers_wildly_does_not_make_the_values_run_away():
    # What lies beyond the data gets ever larger codes, and the decoder makes ever larger values of them.
    model = VariationalAutoencoder(2, 1, (), likelihood="gaussian")
    with torch.no_grad():
        for half in (model.encoder, model.decoder):
            half[0].weight.fill_(3.0)
        model.encoder[0].weight[1] = 0.0
    imputed = model.impute(np.ones((50, 2), np.float32), np.array([True, False]), iterations=40)
    assert np.isfinite(imputed).all() and abs(imputed).max() < 20


def test_a_seed_repeats_the_draws_and_another_changes_them(learned):
    model, _, x, observed = learned
    assert np.array_equal(model.impute(x, observed, seed=1), model.impute(x, observed, seed=1))
    assert not np.array_equal(model.impute(x, observed, seed=1), model.impute(x, observed, seed=2))


def test_nothing_missing_comes_back_and_all_missing_is_generated(learned):
    model, _, x, _ = learned
    assert np.array_equal(model.impute(x, np.ones(64, bool)), x)
    drawn = model.impute(np.full((300, 64), np.nan), np.zeros(64, bool))
    assert np.isfinite(drawn).all() and drawn.std(axis=0).max() > 0.2


def test_one_mask_for_all_samples_images_rows_and_tensors():
    model, x = ConvVariationalAutoencoder((1, 8, 8), 3, (4,)), data.digits().images[:6]
    top = np.zeros((1, 8, 8), bool)
    top[:, :4] = True
    imputed = model.impute(x, top)
    assert imputed.shape == x.shape and np.array_equal(imputed[:, :, :4], x[:, :, :4])
    assert np.array_equal(model.impute(x, np.broadcast_to(top, x.shape)), imputed)
    assert np.array_equal(model.impute(x.reshape(6, 64), top.reshape(64)), imputed.reshape(6, 64))
    tensor = model.impute(torch.from_numpy(x.copy()), torch.from_numpy(top))
    assert isinstance(tensor, torch.Tensor) and np.array_equal(tensor.numpy(), imputed)


def test_fill_in_is_its_old_name(learned):
    model, _, x, observed = learned
    with pytest.warns(DeprecationWarning) as caught:
        imputed = model.fill_in(x, known=observed, rounds=3, seed=1)
    assert "fill_in is now called impute" in str(caught[0].message) and caught[0].filename == __file__
    assert np.array_equal(imputed, model.impute(x, observed, iterations=3, seed=1))


X = np.zeros((5, 6), np.float32)
BAD = [
    (X, np.ones((5, 6)), {}, "observed holds float64 values; it must hold True"),
    (X, np.ones(5, bool), {}, r"observed has shape \(5,\) for samples of shape \(5, 6\)"),
    (X, np.ones((1, 6), bool), {}, r"observed has shape \(1, 6\)"),
    (X, np.ones(6, bool), {"iterations": 0}, "iterations was 0"),
    (X, np.ones(6, bool), {"seed": -1}, "seed was -1"),
    (X * np.nan, np.ones(6, bool), {}, "missing value"),
    (X[:, :4], np.ones(4, bool), {}, "x has 4 features per sample"),
    (X[0], np.ones(6, bool), {}, r"x has shape \(6,\)"),
    (data.Dataset(X), np.ones(6, bool), {}, "x was a Dataset"),
]


@pytest.mark.parametrize(("x", "observed", "options", "message"), BAD)
def test_bad_arguments_get_one_sentence(x, observed, options, message):
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        VariationalAutoencoder(6, 2, (4,)).impute(x, observed, **options)
    assert "\n" not in str(caught.value)
