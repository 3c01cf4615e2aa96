"""The sparse autoencoder: its penalties against closed forms, and what they do."""

import pytest
import torch

from udl_teach import data, fit
from udl_teach.models import SparseAutoencoder, kl_penalty, l1_penalty


@pytest.fixture(scope="module")
def digits():
    return data.digits().split(seed=0)


def test_penalties_against_closed_forms():
    z = torch.tensor([[1.0, -2.0], [3.0, 0.0]])
    assert l1_penalty(z).item() == 3.0
    rates = torch.rand(50, 6) * 0.8 + 0.1
    mean = rates.mean(0)
    bernoulli = torch.distributions.Bernoulli
    wanted = torch.distributions.kl_divergence(bernoulli(torch.full_like(mean, 0.1)), bernoulli(mean)).sum()
    assert kl_penalty(rates, 0.1).item() == pytest.approx(wanted.item(), rel=1e-5)


@pytest.mark.parametrize("penalty", ["l1", "kl"])
def test_a_stronger_penalty_gives_sparser_codes(penalty, digits):
    train, test = digits

    def awake(strength):
        model = SparseAutoencoder(64, 50, penalty=penalty, strength=strength)
        fit(model, train.x, epochs=15, learning_rate=3e-3, progress=False)
        return float((model.encode(test.x) > 0.1).mean())

    assert awake(1.0) < 0.7 * awake(0.0)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: SparseAutoencoder(4, penalty="l2"), "penalty was 'l2'"),
        (lambda: SparseAutoencoder(4, target=1.0), "target was 1.0"),
    ],
)
def test_bad_arguments_get_one_sentence(make, words):
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        make()
    assert "\n" not in str(caught.value)
