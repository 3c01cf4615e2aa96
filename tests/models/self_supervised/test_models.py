"""Contrastive, VICReg and the masked autoencoder: on the course's spine, and learning what they should."""

import math

import numpy as np
import pytest
import torch

from udl_teach import data, fit, load, metrics, save
from udl_teach.models import Augment, Contrastive, MaskedAutoencoder, VICReg

SHAPE = (1, 8, 8)
DIGITS = data.digits()
X = DIGITS.images[:320] / 16 if DIGITS.x.max() > 1 else DIGITS.images[:320]
SMALL = {"latent_size": 16, "channels": (8, 16), "head_sizes": (16, 8)}
VIEW = Augment(rotation=10, shift=0.1)
MODELS = {
    "contrastive": lambda **more: Contrastive(SHAPE, **SMALL, augment=VIEW, **more),
    "vicreg": lambda **more: VICReg(SHAPE, **SMALL, augment=VIEW, **more),
    "masked": lambda **more: MaskedAutoencoder(SHAPE, 2, 16, (8, 16), **more),
}


@pytest.mark.parametrize("name", MODELS)
def test_it_learns_saves_and_goes_on(name, tmp_path):
    model = MODELS[name]()
    history = fit(model, X, epochs=3, batch_size=64, progress=False)
    save(model, tmp_path / "model.npz", history)
    again, kept = load(tmp_path / "model.npz", with_history=True)
    np.testing.assert_array_equal(again.encode(X), model.encode(X))
    fit(again, X, epochs=2, batch_size=64, resume=kept, progress=False)
    whole = MODELS[name]()
    fit(whole, X.reshape(320, -1), epochs=5, batch_size=64, progress=False)  # flattened images are images
    np.testing.assert_array_equal(again.encode(X), whole.encode(X))
    assert whole.encode(X).shape == (320, 16) and whole.encode(X).dtype == np.float32
    assert torch.is_tensor(whole.encode(torch.tensor(X)))


@pytest.mark.parametrize("name", MODELS)
def test_seeds_decide_and_the_global_generator_is_left_alone(name):
    before = torch.get_rng_state()
    losses = []
    for made, learned in ((0, 0), (0, 0), (1, 0), (0, 1)):
        model = MODELS[name](seed=made)
        losses.append([step.loss for step in model.steps(X, epochs=1, batch_size=64, seed=learned)])
    assert torch.equal(torch.get_rng_state(), before)
    assert losses[0] == losses[1] and losses[0] != losses[2] and losses[0] != losses[3]


@pytest.mark.parametrize("name", MODELS)
def test_learning_makes_the_loss_fall(name):
    model = MODELS[name]()
    steps = list(model.steps(X, epochs=30, batch_size=64, learning_rate=3e-3))
    assert np.mean([step.loss for step in steps[-5:]]) < 0.8 * steps[0].loss


@pytest.mark.parametrize("name", MODELS)
def test_a_sample_left_over_and_validation_are_no_trouble(name):
    histories = []
    for held_out in (None, X[100:165]):
        model = MODELS[name]()
        histories.append(fit(model, X[:65], epochs=2, batch_size=64, validation=held_out, progress=False))
    assert histories[0].loss == histories[1].loss and np.isfinite(histories[0].loss).all()
    assert len(set(histories[1].validation)) == 2 and np.isfinite(histories[1].validation).all()


def test_terms_are_those_of_the_losses():
    model = MODELS["contrastive"]()
    views = model.views(torch.tensor(X[:20]), torch.Generator().manual_seed(3))
    terms = model.loss(torch.tensor(X[:20]), torch.Generator().manual_seed(3))
    z = torch.nn.functional.normalize(torch.cat([model.project(view) for view in views]), dim=1)
    similarity = (z @ z.T).detach().numpy() - 2 * np.eye(40)
    wanted = np.mean(similarity.argmax(axis=1) == np.roll(np.arange(40), 20))
    assert float(terms["accuracy"]) == pytest.approx(wanted)
    assert terms["loss"].item() > 0
    model = VICReg(SHAPE, **SMALL, augment=VIEW, invariance=2, variance=3, covariance=5)
    terms = model.loss(torch.tensor(X[:20]), torch.Generator().manual_seed(3))
    weighted = 2 * terms["invariance"] + 3 * terms["variance"] + 5 * terms["covariance"]
    assert terms["loss"].item() == pytest.approx(weighted.item(), rel=1e-6)


def test_pairs_are_the_two_views():
    paired = np.stack([X[:30], X[30:60]], axis=1)
    model = Contrastive(SHAPE, **SMALL, augment=Augment())
    first, second = model.views(torch.tensor(paired))
    np.testing.assert_array_equal(first, X[:30])
    np.testing.assert_array_equal(second, X[30:60])
    assert math.isfinite(fit(model, paired, epochs=1, progress=False).loss[-1])
    with pytest.raises(ValueError, match="pairs of images must be"):
        fit(model, paired.repeat(2, axis=1), epochs=1, progress=False)


def test_without_its_guard_vicreg_collapses():
    ranks = []
    for guard in ({}, {"variance": 0, "covariance": 0}):
        model = VICReg(SHAPE, **SMALL, augment=VIEW, **guard)
        fit(model, X, epochs=20, batch_size=64, learning_rate=3e-3, progress=False)
        z = model.project(X)
        ranks.append((metrics.effective_rank(z), z.std(axis=0).mean()))
    assert ranks[0][1] > 0.5 and ranks[1][1] < 0.05


def test_a_masked_patch_tells_the_encoder_nothing():
    model = MODELS["masked"]()
    mask = model.mask(10, torch.Generator().manual_seed(0))
    assert mask.shape == (10, 4, 4) and set(mask.sum(dim=(1, 2)).tolist()) == {10}
    hidden = model.pixel_mask(mask)
    x = torch.tensor(X[:10])
    other = torch.where(hidden, 1 - x, x)
    torch.testing.assert_close(model.predict(other, mask), model.predict(x, mask))
    filled = model.fill_in(X[:10], mask)
    np.testing.assert_array_equal(filled[~hidden.numpy()], X[:10][~hidden.numpy()])
    assert np.abs(filled - X[:10])[hidden.numpy()].mean() > 0
    terms = model.loss(x, mask=mask)
    wanted = ((model.predict(x, mask) - x)[hidden] ** 2).mean()
    assert terms["loss"].item() == pytest.approx(wanted.item(), rel=1e-5)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Contrastive(SHAPE, temperature=0), "temperature was 0"),
        (lambda: Contrastive(SHAPE, augment=3), "augment was 3"),
        (lambda: Contrastive((8, 8)), "image_shape was"),
        (lambda: VICReg(SHAPE, variance=-1), "variance was -1"),
        (lambda: MaskedAutoencoder(SHAPE, 3), "patch was 3"),
        (lambda: MaskedAutoencoder(SHAPE, 2, kind="rows"), "kind was 'rows'"),
    ],
)
def test_bad_arguments_are_named(make, words):
    with pytest.raises((TypeError, ValueError), match=words):
        make()
