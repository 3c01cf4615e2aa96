"""Unknown values filled in: the known ones stay, the others are better than a guess without the model."""

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
    known = np.random.default_rng(0).random(test.x.shape) < 0.5
    return model, train.x, test.x, known


def test_known_values_stay_as_they_were(learned):
    model, _, x, known = learned
    filled = model.fill_in(x, known)
    assert filled.dtype == np.float32 and filled.shape == x.shape and np.isfinite(filled).all()
    assert np.array_equal(filled[known], x[known])
    assert (filled[~known] != x[~known]).mean() > 0.9


def test_what_stands_in_the_unknown_places_does_not_matter(learned):
    model, _, x, known = learned
    filled = model.fill_in(x, known)
    for rubbish in (np.nan, -7.0, 1e9):
        assert np.array_equal(model.fill_in(np.where(known, x, rubbish), known), filled)


def test_the_mean_over_seeds_is_nearer_to_the_truth_than_the_mean_image(learned):
    model, train, x, known = learned
    guess = np.mean([model.fill_in(x, known, seed=seed) for seed in range(8)], axis=0)
    ours, mean_image = (
        ((each - x)[~known] ** 2).mean() for each in (guess, np.broadcast_to(train.mean(axis=0), x.shape))
    )
    assert ours < 0.75 * mean_image


def test_rounds_bring_the_code_to_the_known_values(learned):
    model, _, x, known = learned
    one, many = (((model.fill_in(x, known, rounds=rounds) - x)[~known] ** 2).mean() for rounds in (1, 30))
    assert many < 0.95 * one


def test_an_encoder_that_answers_wildly_does_not_make_the_values_run_away():
    # What lies beyond the data gets ever larger codes, and the decoder makes ever larger values of them.
    model = VariationalAutoencoder(2, 1, (), likelihood="gaussian")
    with torch.no_grad():
        for half in (model.encoder, model.decoder):
            half[0].weight.fill_(3.0)
        model.encoder[0].weight[1] = 0.0
    filled = model.fill_in(np.ones((50, 2), np.float32), np.array([True, False]), rounds=40)
    assert np.isfinite(filled).all() and abs(filled).max() < 20


def test_seeds_repeat_it_and_another_fills_in_differently(learned):
    model, _, x, known = learned
    assert np.array_equal(model.fill_in(x, known, seed=1), model.fill_in(x, known, seed=1))
    assert not np.array_equal(model.fill_in(x, known, seed=1), model.fill_in(x, known, seed=2))


def test_all_known_comes_back_and_nothing_known_is_filled_wholly(learned):
    model, _, x, _ = learned
    assert np.array_equal(model.fill_in(x, np.ones(64, bool)), x)
    drawn = model.fill_in(np.full((300, 64), np.nan), np.zeros(64, bool))
    assert np.isfinite(drawn).all() and drawn.std(axis=0).max() > 0.2


def test_one_mask_for_all_samples_images_rows_and_tensors():
    model, x = ConvVariationalAutoencoder((1, 8, 8), 3, (4,)), data.digits().images[:6]
    top = np.zeros((1, 8, 8), bool)
    top[:, :4] = True
    filled = model.fill_in(x, top)
    assert filled.shape == x.shape and np.array_equal(filled[:, :, :4], x[:, :, :4])
    assert np.array_equal(model.fill_in(x, np.broadcast_to(top, x.shape)), filled)
    assert np.array_equal(model.fill_in(x.reshape(6, 64), top.reshape(64)), filled.reshape(6, 64))
    tensor = model.fill_in(torch.from_numpy(x.copy()), torch.from_numpy(top))
    assert isinstance(tensor, torch.Tensor) and np.array_equal(tensor.numpy(), filled)


X = np.zeros((5, 6), np.float32)
BAD = [
    (X, np.ones((5, 6)), {}, "known holds float64 values; it must hold True"),
    (X, np.ones(5, bool), {}, r"known has shape \(5,\) for samples of shape \(5, 6\)"),
    (X, np.ones((1, 6), bool), {}, r"known has shape \(1, 6\)"),
    (X, np.ones(6, bool), {"rounds": 0}, "rounds was 0"),
    (X, np.ones(6, bool), {"seed": -1}, "seed was -1"),
    (X * np.nan, np.ones(6, bool), {}, "missing value"),
    (X[:, :4], np.ones(4, bool), {}, "x has 4 features a sample"),
    (X[0], np.ones(6, bool), {}, r"x has shape \(6,\)"),
    (data.Dataset(X), np.ones(6, bool), {}, "x was a Dataset"),
]


@pytest.mark.parametrize(("x", "known", "options", "message"), BAD)
def test_bad_arguments_get_one_sentence(x, known, options, message):
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        VariationalAutoencoder(6, 2, (4,)).fill_in(x, known, **options)
    assert "\n" not in str(caught.value)
