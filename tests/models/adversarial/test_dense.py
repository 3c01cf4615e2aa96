"""The adversarial network of dense layers: its widths, its labels, and its arguments in a file."""

import numpy as np
import pytest
import torch

from udl_teach import load, save
from udl_teach.models import GAN
from udl_teach.modules import arguments_of


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_the_discriminator_has_the_generators_widths_the_other_way_round():
    widths = [layer.out_features for layer in GAN(3, 2, (6, 5)).discriminator if isinstance(layer, torch.nn.Linear)]
    assert widths == [5, 6, 1]


def test_labels_go_into_packs_beside_their_samples(x):
    model = GAN(3, 2, (6, 5), n_classes=3, packing=2, seed=3)
    filled, y = np.concatenate([x[:7], x[:1]]), [0, 1, 2, 2, 1, 0, 1, 0]
    packs = torch.from_numpy(filled.reshape(4, 6))
    switches = torch.eye(3)[torch.tensor(y)].reshape(4, 6)  # those of the first sample, then those of the second
    wanted = model.discriminator(torch.cat([packs, switches], dim=1)).detach().flatten()
    assert np.allclose(model.score(x[:7], y[:7]), wanted, atol=1e-6)


def test_a_model_comes_back_from_a_file_with_every_argument(x, tmp_path):
    options = {
        "discriminator_sizes": (7, 4),
        "objective": "least-squares",
        "n_classes": 3,
        "penalty": 0.3,
        "packing": 2,
    }
    options |= {"spectral_norm": True, "ema": 0.8, "activation": "gelu", "output": "tanh", "seed": 5}
    model = GAN(3, 2, (6, 5), **options)
    list(model.steps(np.tanh(x), np.arange(50) % 3, epochs=1, batch_size=20))
    back = load(save(model, tmp_path / "game.npz"))
    assert arguments_of(back) == arguments_of(model) and same(back.state_dict(), model.state_dict())
    assert np.array_equal(back.sample(5), model.sample(5)) and np.abs(back.sample(5)).max() < 1
    assert np.array_equal(back.score(x, 1), model.score(x, 1))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"objective": "hinge"}, "objective was 'hinge'"),
        ({"packing": 0}, "packing was 0"),
        ({"ema": 1.0}, "ema was 1"),
        ({"ema": -0.1}, "ema was -0.1"),
        ({"penalty": -1}, "penalty was -1"),
        ({"spectral_norm": "yes"}, "spectral_norm was 'yes'"),
        ({"n_classes": 0}, "n_classes was 0"),
        ({"latent_size": 2.5}, "latent_size was 2.5"),
        ({"hidden_sizes": (8, -1)}, "hidden_sizes"),
        ({"output": "softmax"}, "output was 'softmax'"),
        ({"activation": "swish"}, "activation was 'swish'"),
    ],
)
def test_bad_settings_are_refused_in_one_sentence(change, words):
    with pytest.raises((TypeError, ValueError), match=words):
        GAN(3, **change)
