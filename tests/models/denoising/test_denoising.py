"""What both denoisers do alike: learn from noise drawn anew, go on exactly, come back from a file."""

import numpy as np
import pytest
import torch

from udl_teach import data, fit, load, metrics, save, train
from udl_teach.models import CORRUPTIONS, ConvDenoiser, DenoisingAutoencoder, corrupt, noise_level


def images(n=4, shape=(1, 12, 10), seed=0):
    return np.random.default_rng(seed).uniform(0.2, 0.8, (n, *shape)).astype(np.float32)


def dense(corruption="gaussian", **options):
    strength = 1.0 if corruption == "blur" else 0.3
    return DenoisingAutoencoder(
        64, 8, (16,), corruption=corruption, **{"strength": strength, "image_shape": (1, 8, 8)} | options
    )


def convolutional(corruption="gaussian", **options):
    strength = (0.5, 2.0) if corruption == "blur" else (0.0, 0.3)
    return ConvDenoiser(1, 8, 4, corruption=corruption, **{"strength": strength} | options)


@pytest.mark.parametrize("make", [dense, convolutional])
def test_the_noise_is_drawn_anew_at_every_step(make):
    model, x, seen = make(), images(3, (1, 8, 8)), []
    first = model.encoder if make is dense else model.network
    first.register_forward_pre_hook(lambda _, given: seen.append(given[0].detach().clone()))
    for _ in model.steps(x, epochs=2, batch_size=3, learning_rate=0.0):
        pass
    # The same three images in another order: had the noise stayed, some pair would agree.
    gaps = [(one - other).abs().max() for one in seen[0] for other in seen[1]]
    assert min(gaps) > 0.1


@pytest.mark.parametrize("corruption", CORRUPTIONS)
@pytest.mark.parametrize("make", [dense, convolutional])
def test_some_epochs_and_some_more_are_all_of_them_bit_for_bit(make, corruption):
    x, everywhere = images(10, (1, 8, 8)), torch.get_rng_state()
    whole, parts = make(corruption), make(corruption)
    at_once = fit(whole, x, epochs=4, batch_size=4, progress=False)
    half = fit(parts, x, epochs=2, batch_size=4, progress=False)
    both = fit(parts, x, epochs=2, batch_size=4, progress=False, resume=half)
    assert both.loss == at_once.loss
    assert torch.equal(torch.get_rng_state(), everywhere)


@pytest.mark.parametrize("make", [dense, convolutional])
def test_looking_never_changes_learning(make):
    x = images(10, (1, 8, 8))
    alone = [step.loss for step in make().steps(x, epochs=3, batch_size=4)]
    model, watched = make(), []
    for step in train(model, x if make is convolutional else x.reshape(10, -1), epochs=3, batch_size=4):
        watched.append(step.loss)
        model.eval()
        model.denoise(x)
        noise_level(x[0])
    assert watched == alone


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_both_kinds_learn_to_undo_each_corruption(corruption):
    x = data.patches(data.photos(), size=16, n=200, seed=1).images
    strength = 2.0 if corruption == "blur" else 0.4
    corrupted = corrupt(x, corruption, strength, seed=9)
    narrow = DenoisingAutoencoder(256, 64, (), corruption=corruption, strength=strength, image_shape=(1, 16, 16))
    fit(narrow, x, epochs=15, batch_size=20, learning_rate=3e-3, progress=False)
    wide = ConvDenoiser(1, 16, 4, corruption=corruption, strength=strength)
    fit(wide, x, epochs=15, batch_size=20, learning_rate=3e-3, progress=False)
    untouched = metrics.psnr(x, corrupted)
    assert metrics.psnr(x, wide.denoise(corrupted, strength)) > untouched + (0.05 if corruption == "blur" else 6)
    # Through 64 numbers a blurred patch loses as much as it regains.
    assert corruption == "blur" or metrics.psnr(x, narrow.denoise(corrupted)) > untouched + 4


@pytest.mark.parametrize("make", [dense, convolutional])
@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_a_saved_model_comes_back_the_same(tmp_path, make, corruption):
    model, x = make(corruption, seed=5), images(3, (1, 8, 8))
    again = load(save(model, tmp_path / "model.npz"))
    options = {} if make is dense else {"strength": 0.2}
    np.testing.assert_array_equal(again.denoise(x, **options), model.denoise(x, **options))
    assert (again.corruption, again.strength) == (model.corruption, model.strength)
