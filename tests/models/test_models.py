"""All models: what precision does to them."""

import numpy as np
import pytest
import torch

from udl_teach import fit
from udl_teach.models import (
    GAN,
    Autoencoder,
    Contrastive,
    ConvAutoencoder,
    ConvClassifier,
    ConvDenoiser,
    ConvGAN,
    DenoisingAutoencoder,
    KMeans,
    MaskedAutoencoder,
    SelfOrganizingMap,
    VariationalAutoencoder,
    VICReg,
)

PRECISE = {
    "dense": (lambda: Autoencoder(16, 2, (8,), noise=0.1), {}),
    "denoising": (lambda: DenoisingAutoencoder(16, 2, (8,), corruption="blur", image_shape=(1, 4, 4)), {}),
    "conv": (lambda: ConvAutoencoder((1, 4, 4), 2, (4,)), {}),
    "variational": (lambda: VariationalAutoencoder(16, 2, (8,)), {"binarize": True}),
    "importance": (lambda: VariationalAutoencoder(16, 2, (8,), samples=3, likelihood="gaussian"), {}),
    "GAN": (lambda: GAN(16, 2, (8,), ema=0.9, spectral_norm=True, n_classes=2), {"y": [0, 1] * 10}),
    "ConvGAN": (lambda: ConvGAN((1, 4, 4), 2, (4,), objective="wasserstein", packing=2), {}),
    "classifier": (lambda: ConvClassifier((1, 4, 4), 2, (4,)), {"y": [0, 1] * 10}),
    "denoiser": (lambda: ConvDenoiser(1, 4, 2), {}),
    "contrastive": (lambda: Contrastive((1, 4, 4), 4, (4,), head_sizes=(4,)), {}),
    "vicreg": (lambda: VICReg((1, 4, 4), 4, (4,), head_sizes=(4,)), {}),
    "masked": (lambda: MaskedAutoencoder((1, 4, 4), 2, 4, (4,), kind="block"), {}),
    "k-means": (lambda: KMeans(3), {}),
    "map": (lambda: SelfOrganizingMap(16, 3, 4), {}),
    "torus": (lambda: SelfOrganizingMap(16, 4, 4, wrap=True, init="random"), {}),
}


def answers(model, x, y=None):
    found = []
    for name in ("encode", "posterior", "log_likelihood", "features", "predict", "denoise", "score"):
        if hasattr(model, name) and (name != "predict" or not isinstance(model, MaskedAutoencoder)):  # needs a mask
            given = {"labels": y} if name == "score" else {}
            found += [value for value in np.atleast_1d(getattr(model, name)(x, **given))]
    return found + ([model.sample(4)] if hasattr(model, "sample") else [])


@pytest.mark.parametrize("name", PRECISE)
def test_torchs_default_precision_changes_nothing_and_double_weights_work(name):
    make, options = PRECISE[name]
    if name not in ("k-means", "map", "torus"):  # these see all samples at once
        options = options | {"batch_size": 8}
    x = np.random.default_rng(0).random((20, 1, 4, 4) if name == "denoiser" else (20, 16))
    runs = []
    for default in (torch.float32, torch.float64):
        torch.set_default_dtype(default)
        try:
            model = make()
            history = fit(model, x, epochs=2, progress=False, **options)
            runs.append((history.loss, answers(model, x, options.get("y"))))
        finally:
            torch.set_default_dtype(torch.float32)
    assert runs[0][0] == runs[1][0]
    for one, other in zip(runs[0][1], runs[1][1], strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype != np.float64
    double = make().double()
    history = fit(double, x, epochs=2, progress=False, **options)
    assert history.loss == pytest.approx(runs[0][0], rel=1e-3)
    assert all(np.isfinite(value).all() for value in answers(double, x, options.get("y")))
