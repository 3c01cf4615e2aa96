"""Deep embedded clustering: its phases, its target, resuming, and what it gains on digits."""

import numpy as np
import pytest
import torch

from udl_teach import data, fit, load, metrics, save
from udl_teach.models import Autoencoder, DeepEmbeddedClustering, target_distribution
from udl_teach.models.clustering.affinities import nearest_others
from udl_teach.models.clustering.mixture import mixture_labels
from udl_teach.models.clustering.start import best_kmeans

SMALL = {"latent_size": 3, "hidden_sizes": (16,), "pretraining": 2, "update_interval": 3, "tolerance": 0.0}


@pytest.fixture(scope="module")
def x():
    return data.digits().x[:201]


def learned(x, epochs=5, **options):
    model = DeepEmbeddedClustering(64, 4, **(SMALL | options))
    return model, fit(model, x, epochs=epochs, batch_size=50, progress=False)


@pytest.mark.parametrize("start", ["kmeans", "neighbours"])
def test_one_seed_gives_the_same_and_resuming_is_bit_identical(x, tmp_path, start):
    whole, history = learned(x, 8, start=start)
    again, repeated = learned(x, 8, start=start)
    assert history.loss == repeated.loss and np.array_equal(whole.predict(x), again.predict(x))
    for first in (1, 2, 4, 7):  # in each phase, and between them
        model, part = learned(x, first, start=start)
        save(model, tmp_path / "model.npz", part)
        model, part = load(tmp_path / "model.npz", with_history=True)
        rest = fit(model, x, epochs=8 - first, batch_size=50, resume=part, progress=False)
        assert rest.loss == history.loss and rest.terms == history.terms
        assert torch.equal(model.target, whole.target)


def test_the_target_is_that_of_all_samples_at_every_interval(x):
    model = DeepEmbeddedClustering(64, 4, start="kmeans", **SMALL)
    kept = []
    for step in model.steps(x, epochs=6, batch_size=50):
        if model.target is not None:
            kept.append(model.target)
            if int(model.clustering_steps) == 1:
                assert step.epoch == 3
    changes = [i for i in range(1, len(kept)) if not torch.equal(kept[i], kept[i - 1])]
    assert changes == list(range(3, len(kept), 3))
    model.update_target(x)
    torch.testing.assert_close(model.target, target_distribution(torch.tensor(model.soft_assign(x))))


def test_without_reconstruction_the_decoder_stays_as_it_was(x):
    model = DeepEmbeddedClustering(64, 4, start="kmeans", reconstruction=0.0, weight=1.0, **SMALL)
    fit(model, x, epochs=2, batch_size=50, progress=False)
    model.place_centres(x)
    model.zero_grad()
    batch = torch.tensor(x[:20])
    terms = model.loss(batch, torch.arange(20), target=model.target)
    terms["loss"].backward()
    assert terms["reconstruction"] == 0 and torch.equal(terms["loss"], terms["clustering"])
    assert all(weight.grad is None for weight in model.network.decoder.parameters())
    assert model.centres.grad is not None


def test_it_ends_by_the_share_of_changed_labels(x):
    model, history = learned(x, 60, tolerance=0.5, start="kmeans")
    assert history.epochs[-1] < 60 and history.terms["changed"][-1] >= 0.5
    more = fit(model, x, epochs=5, batch_size=50, resume=history, progress=False)
    assert len(more) == len(history)


def test_it_starts_from_an_encoder_of_the_course(x, tmp_path):
    encoder = Autoencoder(64, 3, (16,))
    fit(encoder, x, epochs=3, progress=False)
    model = DeepEmbeddedClustering(64, 4, encoder=encoder, start="kmeans")
    codes = encoder.encode(x)
    np.testing.assert_array_equal(model.encode(x), codes)
    model.place_centres(x)
    assert model.network is encoder and model.pretraining_epochs == 0
    history = fit(model, x, epochs=2, progress=False)
    assert set(model.predict(x)) <= set(range(4))
    back, history = load(save(model, tmp_path / "model.npz", history), with_history=True)
    np.testing.assert_array_equal(back.soft_assign(x), model.soft_assign(x))
    fit(back, x, epochs=1, progress=False, resume=history)


def test_a_model_with_a_function_comes_back_into_one_that_has_it(x, tmp_path):
    def same(batch, generator):
        return batch

    model, _ = learned(x, 3, augment=same)
    save(model, tmp_path / "model.npz")
    with pytest.raises(ValueError, match="augment is a function, which a file cannot hold; make the model again"):
        load(tmp_path / "model.npz")
    back = load(tmp_path / "model.npz", into=DeepEmbeddedClustering(64, 4, augment=same, **SMALL))
    np.testing.assert_array_equal(back.predict(x), model.predict(x))


def test_augmented_samples_are_learned_from_and_never_assigned(x):
    seen = []

    def augment(batch, generator):
        seen.append(len(batch))
        return batch + torch.rand(batch.shape, generator=generator)

    _, history = learned(x, 4, augment=augment, start="kmeans")
    assert max(seen) <= 51 and len(seen) >= len(history)  # batches alone; the target sees all 201
    learned(x, 4, augment="affine", image_shape=(1, 8, 8))


def test_images_are_recognized_and_shuffled_pixels_and_tiny_ones_are_not(x):
    large = x.reshape(-1, 8, 8).repeat(2, axis=1).repeat(2, axis=2).reshape(-1, 256)
    shuffled = large[:, np.random.default_rng(0).permutation(256)]
    for samples, side in ((large, 16), (shuffled, 0), (x, 0)):
        model = DeepEmbeddedClustering(samples.shape[1], 4, **SMALL)
        fit(model, samples, epochs=1, progress=False)
        assert model.side == side


def test_neighbours_are_found_by_their_nearest_versions():
    x = torch.tensor([[0.0], [1.0], [3.0], [7.0]])
    distances, numbers = nearest_others(x, 2, [torch.tensor([[5.0], [1.0], [3.0], [0.2]])])
    assert numbers.tolist() == [[3, 1], [3, 0], [1, 0], [0, 2]]
    torch.testing.assert_close(distances, torch.tensor([[0.2, 1.0], [0.8, 1.0], [2.0, 2.0], [2.0, 4.0]]))


def test_a_mixture_finds_groups_that_are_not_round():
    generator = torch.Generator().manual_seed(0)
    z = torch.randn(200, 2, generator=generator) * torch.tensor([3.0, 0.5])
    z[100:] += 4
    found, truth = best_kmeans(z, 2, seed=0), np.arange(200) // 100
    assert metrics.clustering_accuracy(truth, found.numpy()) < 0.95
    assert metrics.clustering_accuracy(truth, mixture_labels(z, found).numpy()) == 1.0


def test_units_of_the_columns_do_not_matter():
    x = np.random.default_rng(0).normal(size=(60, 3)) * [1, 1000, 0.001]
    model = DeepEmbeddedClustering(3, 2, **SMALL)
    fit(model, x, epochs=1, progress=False)
    np.testing.assert_allclose(model.scale, x.std(axis=0), rtol=1e-4)
    pixels = DeepEmbeddedClustering(64, 2, **SMALL)
    fit(pixels, data.digits().x[:100], epochs=1, progress=False)
    assert len(pixels.scale.unique()) == 1


def test_equal_samples_and_constant_columns_work():
    model = DeepEmbeddedClustering(4, 2, **SMALL)
    history = fit(model, np.ones((80, 4)), epochs=4, progress=False)
    assert np.isfinite(history.loss).all()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda x: DeepEmbeddedClustering(64, 0), "n_clusters was 0"),
        (lambda x: DeepEmbeddedClustering(64, 4, start="best"), "start was 'best'"),
        (lambda x: DeepEmbeddedClustering(64, 4, encoder=3), "encoder was int"),
        (lambda x: DeepEmbeddedClustering(64, 4, augment="affine"), "image_shape must be"),
        (lambda x: DeepEmbeddedClustering(64, 4).predict(x), "no centres yet"),
        (lambda x: fit(DeepEmbeddedClustering(64, 4), x[:3]), "3 samples for 4 clusters"),
        (lambda x: fit(DeepEmbeddedClustering(63, 4), x), "64 features"),
        (lambda x: fit(DeepEmbeddedClustering(64, 4), np.where(x > 0.5, np.nan, x)), "NaN"),
        (lambda x: fit(DeepEmbeddedClustering(64, 4), x, np.zeros(201)), "without labels"),
    ],
)
def test_bad_arguments_get_one_sentence(x, make, words):
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        make(x)
    assert "\n" not in str(caught.value)


def test_clustering_raises_the_nmi_of_k_means_on_the_starting_codes():
    digits = data.digits()[:800]
    model = DeepEmbeddedClustering(64, 10, hidden_sizes=(128,), start="kmeans", pretraining=15, augment=None)
    fit(model, digits.x, epochs=15, batch_size=64, progress=False)
    model.place_centres(digits.x)
    before = metrics.nmi(digits.labels, model.predict(digits.x))
    fit(model, digits.x, epochs=20, batch_size=64, progress=False)
    assert metrics.nmi(digits.labels, model.predict(digits.x)) > before
