"""The dense autoencoder: its first weights, PCA as its linear case, and what depth adds."""

import numpy as np
import pytest
import torch

from udl_teach import data, fit
from udl_teach.models import PCA, Autoencoder


@pytest.fixture(scope="module")
def digits():
    return data.digits().split(seed=0)


def test_the_seed_decides_the_first_weights():
    def first(seed):
        return Autoencoder(8, 2, seed=seed).encoder[0].weight

    assert torch.equal(first(1), first(1)) and not torch.equal(first(1), first(2))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Autoencoder(0), "n_features was 0"),
        (lambda: Autoencoder(4, 2.5), "latent_size was 2.5"),
        (lambda: Autoencoder(4, hidden_sizes=(8, 0)), r"hidden_sizes\[1\] was 0"),
        (lambda: Autoencoder(4, hidden_sizes="8"), "hidden_sizes was '8'"),
        (lambda: Autoencoder(4, activation="swish"), "activation was 'swish'; it must be one of 'elu', 'relu'"),
        (lambda: Autoencoder(4, output="softmax"), "output was 'softmax'"),
        (lambda: Autoencoder(4, noise=-1), "noise was -1"),
        (lambda: Autoencoder(4, seed=-1), "seed was -1"),
    ],
)
def test_bad_arguments_get_one_sentence(make, words):
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_the_linear_autoencoder_is_pca(digits):
    train, test = digits
    model = Autoencoder(64, 2, ())
    fit(model, train.x, epochs=600, batch_size=512, learning_rate=lambda i: 0.03 * (1 - i / 1800), progress=False)
    pca = PCA(2).fit(train.x)
    errors = [float(((m(test.x) - test.x) ** 2).mean()) for m in (model, pca)]
    assert errors[0] == pytest.approx(errors[1], rel=0.01)
    ours, _ = np.linalg.qr(model.decoder[0].weight.detach().numpy())
    cosines = np.linalg.svd(ours.T @ pca.components.numpy().T, compute_uv=False)
    assert np.degrees(np.arccos(np.clip(cosines.min(), -1, 1))) < 2


def test_a_deep_autoencoder_beats_pca_at_two_dimensions(digits):
    train, test = digits
    model = Autoencoder(64, 2, output="sigmoid", noise=0.1)
    fit(model, train.x, epochs=60, batch_size=64, learning_rate=3e-3, progress=False)
    pca = PCA(2).fit(train.x)
    assert ((model(test.x) - test.x) ** 2).mean() < 0.65 * ((pca(test.x) - test.x) ** 2).mean()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
def test_the_first_steps_on_a_gpu_agree_with_the_cpu(digits):
    losses = []
    for device in ("cpu", "cuda"):
        history = fit(Autoencoder(64, 2, noise=0.1), digits[0].x, epochs=1, device=device, progress=False)
        losses.append(history.loss[:10])
    assert np.allclose(*losses, rtol=1e-3)
