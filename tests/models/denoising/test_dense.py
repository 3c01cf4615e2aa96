"""The denoising autoencoder: its loss, and what it refuses."""

import numpy as np
import pytest
import torch

from udl_teach.models import CORRUPTIONS, DenoisingAutoencoder
from udl_teach.models.denoising.corruption import corrupt_batch


def images(n=4, shape=(1, 12, 10), seed=0):
    return np.random.default_rng(seed).uniform(0.2, 0.8, (n, *shape)).astype(np.float32)


def dense(corruption="gaussian", **options):
    strength = 1.0 if corruption == "blur" else 0.3
    return DenoisingAutoencoder(
        64, 8, (16,), corruption=corruption, **{"strength": strength, "image_shape": (1, 8, 8)} | options
    )


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_the_dense_loss_compares_what_is_made_of_corrupted_samples_with_the_clean_ones(corruption):
    model, x = dense(corruption), torch.from_numpy(images(6, (1, 8, 8)))
    corrupted = corrupt_batch(
        x, corruption, torch.full((6,), model.strength), torch.Generator().manual_seed(3)
    ).flatten(1)
    wanted = ((model.denoise(corrupted) - x.flatten(1)) ** 2).sum(dim=1).mean()
    for mode in (True, False):  # in validation as in learning
        model.train(mode)
        loss = model.loss(x.flatten(1), torch.Generator().manual_seed(3))["loss"]
        assert loss.item() == pytest.approx(wanted.item(), rel=1e-5)
    clean = ((model(x.flatten(1)) - x.flatten(1)) ** 2).sum(dim=1).mean()
    assert abs(loss.item() - clean.item()) > 1e-3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: DenoisingAutoencoder(64, corruption="blur"), "without image_shape"),
        (lambda: DenoisingAutoencoder(64, image_shape=(1, 8, 9)), "image_shape was"),
        (lambda: DenoisingAutoencoder(64, image_shape=(8, 8)), "image_shape was"),
        (lambda: DenoisingAutoencoder(64, corruption="masking", strength=2), "strength was 2"),
        (lambda: DenoisingAutoencoder(64).denoise(np.ones((2, 63))), "made for 64"),
    ],
)
def test_bad_input_gets_one_sentence(call, message):
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
