"""Deep SVDD: its loss, its centre, and the collapse that biases allow."""

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from udl_teach import data, fit, load, save
from udl_teach.models import DeepSVDD

SMALL = {"latent_size": 8, "hidden_sizes": (32,)}


@pytest.fixture(scope="module")
def digits():
    return data.digits()


def test_the_loss_is_that_of_the_paper(digits):
    model = DeepSVDD(64, weight_decay=0.1, **SMALL)
    model.place_centre(digits.x)
    x = torch.tensor(digits.x[:50])
    terms = model.loss(x)
    phi = torch.tensor(model.encode(digits.x[:50]))
    distance = ((phi - model.centre) ** 2).sum(dim=1)
    weights = sum((weight**2).sum() for weight in model.parameters()) / 2
    torch.testing.assert_close(terms["loss"], distance.mean() + 0.1 * weights)
    np.testing.assert_allclose(model.anomaly_score(digits.x[:50]), distance, rtol=1e-5)
    assert model.centre.abs().min() >= 0.1


def test_it_has_no_biases_and_its_centre_stays(digits):
    model = DeepSVDD(64, **SMALL)
    assert all(name.endswith("weight") for name, _ in model.named_parameters())
    model.place_centre(digits.x)
    before = model.centre.clone()
    fit(model, digits.x, epochs=2, progress=False)
    assert torch.equal(model.centre, before)


def test_it_finds_other_digits(digits):
    ones = digits.labels == 1
    model = DeepSVDD(64, **SMALL)
    fit(model, digits.x[ones][::2], epochs=100, progress=False)
    held_out = ~ones
    held_out[np.flatnonzero(ones)[1::2]] = True
    assert roc_auc_score(~ones[held_out], model.anomaly_score(digits.x[held_out])) > 0.75


def test_biases_let_it_collapse(digits):
    found, x = [], digits.x[:320]
    for bias in (False, True):
        model = DeepSVDD(64, bias=bias, **SMALL)
        model.place_centre(x)
        before = model.spread(x)
        fit(model, x, epochs=200, batch_size=64, learning_rate=1e-2, progress=False)
        found.append(model.spread(x) / before)
    assert found[1] < 0.03 and found[1] < 0.5 * found[0]


def test_it_is_saved_with_its_centre(digits, tmp_path):
    model = DeepSVDD(64, **SMALL)
    with pytest.raises(ValueError, match="has no centre yet"):
        model.anomaly_score(digits.x)
    history = fit(model, digits.x[:200], epochs=2, progress=False)
    save(model, tmp_path / "model.npz", history)
    again, history = load(tmp_path / "model.npz", with_history=True)
    np.testing.assert_array_equal(again.anomaly_score(digits.x), model.anomaly_score(digits.x))
    fit(again, digits.x[:200], epochs=2, resume=history, progress=False)
    whole = DeepSVDD(64, **SMALL)
    fit(whole, digits.x[:200], epochs=4, progress=False)
    np.testing.assert_array_equal(again.anomaly_score(digits.x), whole.anomaly_score(digits.x))
