"""Models that learned beforehand: small files, one sentence for a wrong name, and a recipe that can be run again."""

import zipfile

import numpy as np
import pytest
import torch

from udl_teach import data, metrics
from udl_teach.models import ConvDenoiser, ConvGAN, corrupt
from udl_teach.pretrained import WEIGHTS, pretrained, write
from udl_teach.storage import load
from udl_teach.weights import make_denoiser, make_generators


def test_the_denoiser_is_ready_to_use_and_new_at_every_call():
    one, other = pretrained("denoiser"), pretrained("denoiser")
    assert isinstance(one, ConvDenoiser) and not one.training
    with torch.no_grad():
        one.network[0].weight.zero_()
    assert other.network[0].weight.abs().sum() > 0


@pytest.mark.parametrize("name", ["denosier", "", None, "../weights/denoiser", "denoiser.npz"])
def test_an_unknown_name_is_told_which_are_known(name):
    with pytest.raises(ValueError, match=r"^name was .*; it must be one of .*'denoiser'") as caught:
        pretrained(name)
    assert "\n" not in str(caught.value)


def test_the_files_are_small_and_hold_nothing_but_plain_arrays():
    files = sorted(WEIGHTS.glob("*.npz"))
    assert sum(path.stat().st_size for path in files) <= 1_000_000
    for path in files:
        with zipfile.ZipFile(path) as archive:
            assert all(name.endswith(".npy") for name in archive.namelist())
        with np.load(path, allow_pickle=False) as arrays:
            assert {arrays[name].dtype.kind for name in arrays.files} <= set("fiu")


def test_rounding_the_weights_costs_next_to_nothing(tmp_path):
    exact = ConvDenoiser(1, 16, 4, seed=1)
    rounded = load(write(exact, tmp_path / "small.npz"))
    assert next(exact.parameters()).dtype == next(rounded.parameters()).dtype == torch.float32
    clean = data.unseen_photos()["camera"][None, :, 100:140, 100:140]
    np.testing.assert_allclose(rounded.denoise(clean, 0.1), exact.denoise(clean, 0.1), atol=2e-3)
    assert (tmp_path / "small.npz").stat().st_size < 2.6 * sum(p.numel() for p in exact.parameters()) + 8000


def test_the_recipe_cuts_squares_of_the_photographs_for_learning_in_all_their_poses():
    rng = np.random.default_rng(0)
    sizes = make_denoiser.image_pyramid(data.photos(colour=False).images)
    squares = make_denoiser.crops(sizes, 40, rng)
    side = make_denoiser.CROP
    assert squares.shape == (40, 1, side, side) and squares.dtype == np.float32
    assert squares.min() >= 0 and squares.max() <= 1
    # One picture that grows to the right: crops of it must grow in all four directions.
    ramp = np.tile(np.linspace(0.4, 0.6, 2 * side), (2 * side, 1))
    slopes = {
        tuple(np.sign(np.round([square[0, 0, -1] - square[0, 0, 0], square[0, -1, 0] - square[0, 0, 0]], 3)))
        for square in make_denoiser.crops([ramp], 60, rng)
    }
    assert slopes == {(1, 0), (-1, 0), (0, 1), (0, -1)}


def test_a_few_steps_of_the_recipe_follow_from_the_seed_and_learn(monkeypatch):
    monkeypatch.setattr(make_denoiser, "CROP", 16)
    everywhere = torch.get_rng_state()
    one, again, other = (make_denoiser.train(seed, steps=120) for seed in (3, 3, 4))
    assert torch.equal(torch.get_rng_state(), everywhere)
    weights = [model.network[0].weight for model in (one, again, other)]
    assert torch.equal(weights[0], weights[1]) and not torch.equal(weights[0], weights[2])
    clean = data.unseen_photos()["chelsea"][None, :, 60:124, 150:214]
    spoilt = corrupt(clean, strength=0.2)
    assert metrics.psnr(clean, one.denoise(spoilt, 0.2)) > metrics.psnr(clean, spoilt) + 1


def test_the_learning_rate_rises_for_a_moment_and_falls():
    rates = [make_denoiser.learning_rate_at(index, 5000) for index in range(5000)]
    top = int(np.argmax(rates))
    assert 0 < top < 500 and rates[-1] < 0.05 * rates[top]
    assert rates[: top + 1] == sorted(rates[: top + 1]) and rates[top:] == sorted(rates[top:], reverse=True)


def test_the_generator_makes_the_letter_that_is_asked_for():
    model = pretrained("glyph_generator")
    assert isinstance(model, ConvGAN) and not model.training and model.generator_ema is None
    real = data.glyphs(3000, seed=11)
    assert real.label_names == tuple(make_generators.LETTERS)
    middles = np.stack([real.x[real.labels == label].mean(axis=0) for label in range(26)])
    made = model.sample(26 * 40, seed=1).reshape(40, 26, -1)
    # On average over latent vectors, the letter asked for is the nearest of all 26 on average.
    apart = ((made.mean(axis=0)[:, None] - middles) ** 2).sum(axis=2)
    assert np.array_equal(apart.argmin(axis=1), np.arange(26))
    # Black on white with sharp edges, and every letter in many ways.
    assert ((made < 0.1) | (made > 0.9)).mean() > 0.85 and made.std(axis=0).max(axis=1).min() > 0.2


def test_the_generators_recipe_follows_from_the_seed_and_keeps_the_ema(tmp_path):
    everywhere = torch.get_rng_state()
    one, again, other = (make_generators.train(seed, steps=5, n_glyphs=130) for seed in (3, 3, 4))
    assert torch.equal(torch.get_rng_state(), everywhere)
    assert np.array_equal(one.sample(3), again.sample(3)) and not np.array_equal(one.sample(3), other.sample(3))
    learning = ConvGAN((1, 28, 28), 4, (3, 5), ema=0.9, n_classes=2, seed=1)
    next(learning.steps(data.glyphs(20, characters="AB").images, [0, 1] * 10))
    kept = make_generators.with_ema_alone(learning)
    assert np.array_equal(kept.sample(4), learning.sample(4))
    assert not np.array_equal(kept.sample(4), learning.sample(4, ema=False))
    rounded = load(write(kept, tmp_path / "small.npz"))
    np.testing.assert_allclose(rounded.sample(4), kept.sample(4), atol=2e-3)
    assert (rounded.discriminator.last.classes.weight != 0).all()
