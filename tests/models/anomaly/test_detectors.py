"""Detectors by reconstruction and by evidence: what their scores are, and that they find what is strange."""

from itertools import islice

import numpy as np
import pytest
import torch
from sklearn.covariance import ledoit_wolf
from sklearn.metrics import roc_auc_score

from udl_teach import data, fit, load, save
from udl_teach.models import DeepSVDD, EvidenceDetector, ReconstructionDetector

MAKE = {
    "reconstruction": lambda **options: ReconstructionDetector(13, 32, (32,), **options),
    "evidence": lambda **options: EvidenceDetector(13, 3, (32,), **options),
    "svdd": lambda **options: DeepSVDD(13, 8, (16,), **options),
}


@pytest.fixture(scope="module")
def wine():
    return data.wine().scaled("robust")


@pytest.mark.parametrize("name", MAKE)
def test_other_wines_are_stranger(wine, name):
    normal = wine.labels == 1
    model = MAKE[name]()
    fit(model, wine.x[normal][::2], epochs=300, progress=False)
    test = ~normal
    test[np.flatnonzero(normal)[1::2]] = True
    scores = model.anomaly_score(wine.x[test])
    assert scores.shape == (test.sum(),) and scores.dtype == np.float32
    assert roc_auc_score(~normal[test], scores) > 0.85
    np.testing.assert_allclose(model.anomaly_score(wine.x[3:5])[1:], model.anomaly_score(wine.x[4:5]), rtol=1e-5)


@pytest.mark.parametrize("name", MAKE)
def test_five_epochs_and_five_more_equal_ten_also_after_saving(wine, tmp_path, name):
    whole, parts = MAKE[name](), MAKE[name]()
    fit(whole, wine.x, epochs=4, batch_size=50, progress=False)
    history = fit(parts, wine.x, epochs=2, batch_size=50, progress=False)
    save(parts, tmp_path / "model.npz", history)
    parts, history = load(tmp_path / "model.npz", with_history=True)
    fit(parts, wine.x, epochs=2, batch_size=50, resume=history, progress=False)
    np.testing.assert_array_equal(parts.anomaly_score(wine.x), whole.anomaly_score(wine.x))


def test_the_score_is_measured_by_what_is_usual_among_the_training_samples(wine):
    model = ReconstructionDetector(13, 32, (32,), trimmed=0.1)
    fit(model, wine.x, epochs=3, progress=False)
    residuals = wine.x.astype(np.float64) - model(wine.x)
    squared = (residuals**2).sum(axis=1)
    kept = squared <= np.quantile(squared, 0.9)
    covariance = ledoit_wolf(residuals[kept], assume_centered=True)[0]
    covariance += 1e-4 * covariance.diagonal().mean() * np.eye(13)
    np.testing.assert_allclose(model.covariance, covariance, rtol=1e-3, atol=1e-5)
    distance = (residuals @ np.linalg.inv(covariance) * residuals).sum(axis=1)
    expected = squared / squared[kept].mean() + distance / distance[kept].mean()
    np.testing.assert_allclose(model.anomaly_score(wine.x), expected, rtol=2e-3, atol=2e-3)
    assert np.mean(model.anomaly_score(wine.x)[kept]) == pytest.approx(2, abs=1e-3)
    before = model.covariance.clone()
    list(islice(model.steps(wine.x, batch_size=50), 1))  # in the middle of an epoch it stays
    assert torch.equal(model.covariance, before)


def test_of_gaussian_data_the_second_part_is_the_mahalanobis_distance_whatever_the_noise():
    mix = np.random.default_rng(1).normal(size=(4, 4)) / 2
    x = (np.random.default_rng(0).normal(size=(4000, 4)) @ mix).astype(np.float32)
    model = ReconstructionDetector(4, 32, (32,), strength=1.0, trimmed=0)
    fit(model, x, epochs=30, progress=False)
    residuals = (x - model(x)).astype(np.float64)
    distance = (residuals @ np.linalg.inv(model.covariance.double().numpy()) * residuals).sum(axis=1)
    exact = np.einsum("ij,jk,ik->i", x, np.linalg.inv(mix.T @ mix), x)
    assert np.corrcoef(distance, exact)[0, 1] > 0.98


def test_what_few_training_samples_show_is_not_learned():
    """Fifteen in a thousand lie together, far out. Learned with the others, they look normal."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3000, 6)).astype(np.float32)
    x[:45] = 6 + 0.3 * rng.normal(size=(45, 6))
    new = np.r_[rng.normal(size=(500, 6)), 6 + 0.3 * rng.normal(size=(500, 6))].astype(np.float32)
    found = {}
    for trimmed in (0.0, 0.05):
        model = ReconstructionDetector(6, trimmed=trimmed)
        fit(model, x, epochs=40, progress=False)
        scores = model.anomaly_score(new)
        found[trimmed] = roc_auc_score(np.arange(1000) >= 500, scores)
    assert found[0.0] < 0.6 and found[0.05] > 0.99


def test_with_nothing_trimmed_every_sample_is_learned():
    model, x = ReconstructionDetector(3, strength=0, trimmed=0), torch.randn(64, 3)
    for wild in (1.0, 100.0):  # the second batch is stranger than all before
        whole = (wild * x - model(wild * x)).square().sum(dim=1).mean().item()
        assert model.train().loss(wild * x)["loss"].item() == pytest.approx(whole, rel=1e-5)


@pytest.mark.parametrize("trimmed", [-0.1, 1.0, "0.05"])
def test_a_share_that_cannot_be_left_out_is_refused(trimmed):
    with pytest.raises((TypeError, ValueError), match="trimmed was"):
        ReconstructionDetector(6, trimmed=trimmed)


def test_constant_samples_are_usual_and_at_least_half_of_a_batch_is_learned():
    model, same = ReconstructionDetector(3, trimmed=0.5), np.ones((200, 3), dtype=np.float32)
    fit(model, same, epochs=2, progress=False)
    assert np.isfinite(model.anomaly_score(same)).all()
    model.limit.zero_()  # as if all errors had grown at once
    assert np.isfinite(model.eval().loss(torch.randn(11, 3))["loss"].item())
    assert model._kept(torch.randn(11, 3)).sum() >= 6


def test_the_wide_denoiser_does_not_copy_and_the_plain_one_does(wine):
    far = 4 * np.random.default_rng(0).normal(size=(200, 13)).astype(np.float32)
    errors = []
    for strength in (0.0, 0.5):
        model = ReconstructionDetector(13, 64, (64,), strength=strength, trimmed=0)
        fit(model, wine.x, epochs=300, progress=False)
        errors.append(((model(far) - far) ** 2).sum(axis=1).mean())
    assert errors[1] > 3 * errors[0]


def test_evidence_is_the_importance_weighted_bound(wine):
    model = EvidenceDetector(13, 2, (16,))
    fit(model, wine.x, epochs=200, progress=False)
    apart = -model.anomaly_score(wine.x, draws=1000) - model.log_likelihood(wine.x, 1000)
    assert abs(np.median(apart)) < 0.05 and np.median(np.abs(apart)) < 0.3  # other draws of the same estimate
