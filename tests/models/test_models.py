"""The models: shapes, kinds of input, losses against closed forms, and who they agree with."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans as SklearnKMeans
from sklearn.decomposition import PCA as SklearnPCA

from udl_teach import data, fit
from udl_teach.models import (
    GAN,
    PCA,
    Autoencoder,
    ConvAutoencoder,
    ConvClassifier,
    ConvDenoiser,
    ConvGAN,
    DenoisingAutoencoder,
    KMeans,
    SelfOrganizingMap,
    SparseAutoencoder,
    VariationalAutoencoder,
    kl_penalty,
    l1_penalty,
    reconstruction_loss,
)


@pytest.fixture(scope="module")
def digits():
    return data.digits().split(seed=0)


MODELS = [
    lambda: Autoencoder(64, 3, (16,)),
    lambda: SparseAutoencoder(64, 3),
    lambda: SparseAutoencoder(64, 3, penalty="kl", hidden_sizes=(10,)),
    lambda: ConvAutoencoder((1, 8, 8), 3, (4,)),
]


@pytest.mark.parametrize("make", MODELS)
def test_arrays_in_arrays_out_tensors_in_tensors_with_graph_out(make, digits):
    model, x = make(), digits[1].x
    for result, width in (
        (model.encode(x), 3),
        (model(x), 64),
        (model.decode(model.encode(x)).reshape(len(x), -1), 64),
    ):
        assert isinstance(result, np.ndarray) and result.dtype == np.float32 and result.shape == (len(x), width)
    tensor = torch.from_numpy(x[:5].copy()).requires_grad_()
    model(tensor).sum().backward()
    assert tensor.grad is not None and tensor.grad.abs().sum() > 0


@pytest.mark.parametrize("make", MODELS)
def test_making_and_using_a_model_leaves_the_global_generator_alone(make, digits):
    torch.manual_seed(0)
    before = torch.get_rng_state()
    model = make()
    model(digits[1].x)
    assert torch.equal(before, torch.get_rng_state())


def test_the_seed_decides_the_first_weights():
    def first(seed):
        return Autoencoder(8, 2, seed=seed).encoder[0].weight

    assert torch.equal(first(1), first(1)) and not torch.equal(first(1), first(2))


def test_reconstruction_loss_sums_over_features_and_averages_over_the_batch():
    x = torch.zeros(4, 3, 5)
    assert reconstruction_loss(x, x + 2).item() == 4 * 15
    a, b = torch.rand(7, 9), torch.rand(7, 9)
    assert reconstruction_loss(a, b).item() == pytest.approx(torch.nn.functional.mse_loss(a, b).item() * 9, rel=1e-5)


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


@given(
    shape=st.tuples(st.sampled_from([1, 3]), st.integers(1, 13), st.integers(1, 13)),
    channels=st.lists(st.integers(1, 4), min_size=1, max_size=3),
)
@settings(max_examples=25, deadline=None)
def test_convolutional_gives_back_images_of_any_size(shape, channels):
    model = ConvAutoencoder(shape, 2, channels)
    x = np.random.default_rng(0).random((3, *shape))
    assert model(x).shape == x.shape and model.encode(x).shape == (3, 2)
    assert np.allclose(model(x).reshape(3, -1), model(x.reshape(3, -1)), atol=1e-5)


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
        (lambda: SparseAutoencoder(4, penalty="l2"), "penalty was 'l2'"),
        (lambda: SparseAutoencoder(4, target=1.0), "target was 1.0"),
        (lambda: ConvAutoencoder((8, 8)), "image_shape was"),
        (lambda: ConvAutoencoder((1, 8, 8), channels=()), "channels was empty"),
        (lambda: ConvAutoencoder((1, 8, 8))(np.ones((2, 1, 9, 9))), "made for"),
        (lambda: ConvAutoencoder((1, 8, 8))(np.ones((2, 8, 8))), "images must be"),
        (lambda: PCA(3).encode(np.ones((3, 3))), "has not seen data"),
        (lambda: PCA(9).fit(np.ones((3, 4))), "n_components was 9"),
        (lambda: KMeans(5).begin(np.ones((3, 2))), "n_clusters was 5"),
        (lambda: KMeans(2).assign(np.ones((3, 2))), "no centres yet"),
        (lambda: KMeans(2, start="best"), "start was 'best'"),
    ],
)
def test_bad_arguments_get_one_sentence(make, words):
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_pca_agrees_with_scikit_learn(digits):
    train, test = digits
    ours, theirs = PCA(5).fit(train.x), SklearnPCA(5).fit(train.x.astype(np.float64))
    assert np.allclose(ours.explained_variance_ratio, theirs.explained_variance_ratio_, atol=1e-5)
    assert np.allclose(np.abs(ours.encode(test.x)), np.abs(theirs.transform(test.x)), atol=1e-3)
    assert np.allclose(ours(test.x), theirs.inverse_transform(theirs.transform(test.x)), atol=1e-4)


def test_pca_of_constant_data_and_of_one_sample():
    assert np.allclose(PCA(1).fit(np.ones((4, 3)))(np.ones((2, 3))), 1)
    assert PCA(1).fit([[1.0, 2.0]]).encode([[1.0, 2.0]]).tolist() == [[0.0]]


def test_kmeans_agrees_with_scikit_learn_from_the_same_start(digits):
    x = digits[0].x
    ours = KMeans(10, seed=2)
    ours.begin(x)
    theirs = SklearnKMeans(10, init=ours.centres.numpy().copy(), n_init=1, tol=0, max_iter=300).fit(x)
    last = list(ours.steps(x))[-1]
    assert last.loss == pytest.approx(theirs.inertia_ / len(x), rel=1e-4)
    assert (ours.assign(x) == theirs.labels_).mean() > 0.999


def test_kmeans_plus_plus_starts_far_apart():
    far = np.repeat(np.eye(6) * 10_000, 30, axis=0) + np.random.default_rng(0).normal(size=(180, 6))
    for seed in range(10):
        model = KMeans(6, seed=seed)
        model.begin(far)
        assert sorted(model.centres.argmax(1).tolist()) == list(range(6))


def test_kmeans_keeps_an_empty_centre_where_it_is():
    model = KMeans(2)
    model.centres = torch.tensor([[0.0], [100.0]])
    list(model.steps(np.array([[0.0], [1.0]]), epochs=3))
    assert model.centres.tolist() == [[0.5], [100.0]]


def test_kmeans_of_equal_samples_works():
    model = KMeans(3)
    assert [step.loss for step in model.steps(np.ones((5, 2)))] == [0.0]


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


REACHING = {
    "dense": lambda output: Autoencoder(16, 2, (8,), output=output),
    "sparse": lambda output: SparseAutoencoder(16, 20, output=output),
    "denoising": lambda output: DenoisingAutoencoder(16, 2, (8,), output=output),
    "conv": lambda output: ConvAutoencoder((1, 4, 4), 2, (4,), output=output),
    "GAN": lambda output: GAN(16, 2, (8,), output=output),
    "ConvGAN": lambda output: ConvGAN((1, 4, 4), 2, (4,), output=output),
}


@pytest.mark.parametrize("make", REACHING.values(), ids=REACHING)
def test_data_that_an_output_cannot_reach_are_refused_before_learning(make):
    x = np.random.default_rng(0).random((20, 1, 4, 4) if "Conv" in type(make("linear")).__name__ else (20, 16))
    wide = {"sigmoid": 1.2 * x - 0.1, "tanh": 2.4 * x - 1.2}
    for output, bounds in (("sigmoid", "0 to 1"), ("tanh", "-1 to 1")):
        model = make(output)
        with pytest.raises(ValueError, match=f'x holds values from .*output="{output}" needs values from {bounds}'):
            model.steps(wide[output])
        next(model.steps(x))
        # What was not learned from may still be read, reconstructed and scored.
        reads = (model.score,) if hasattr(model, "score") else (model.encode, model)
        assert all(np.isfinite(read(wide[output])).all() for read in reads)
    next(make("linear").steps(255 * x))


def test_a_variational_autoencoder_reads_what_its_likelihood_cannot_score():
    x = np.random.default_rng(0).random((20, 16))
    beyond = 1.2 * x - 0.1
    for likelihood in ("bernoulli", "continuous-bernoulli"):
        model = VariationalAutoencoder(16, 2, (8,), likelihood=likelihood)
        next(model.steps(x))
        read = (model.encode(beyond), model(beyond), model.kl_per_dimension(beyond), *model.posterior(beyond))
        assert all(np.isfinite(values).all() for values in read) and model.active_units(beyond, 0.0) >= 0
        known = np.arange(16) < 8
        np.testing.assert_allclose(model.fill_in(beyond, known)[:, :8], beyond[:, :8], rtol=1e-6)
        for score in (model.steps, model.log_likelihood):
            with pytest.raises(ValueError, match=f'"{likelihood}" needs values from 0 to 1: .*clip') as caught:
                score(beyond)
            assert "measure(x" not in str(caught.value)
        assert np.isfinite(model.log_likelihood(beyond.clip(0, 1), samples=3)).all()
    next(VariationalAutoencoder(16, likelihood="gaussian").steps(beyond))


PRECISE = {
    "dense": (lambda: Autoencoder(16, 2, (8,), noise=0.1), {}),
    "denoising": (lambda: DenoisingAutoencoder(16, 2, (8,), corruption="blur", image_shape=(1, 4, 4)), {}),
    "conv": (lambda: ConvAutoencoder((1, 4, 4), 2, (4,)), {}),
    "variational": (lambda: VariationalAutoencoder(16, 2, (8,)), {"binarize": True}),
    "importance": (lambda: VariationalAutoencoder(16, 2, (8,), samples=3, likelihood="gaussian"), {}),
    "GAN": (lambda: GAN(16, 2, (8,), average=0.9, spectral_norm=True, n_classes=2), {"y": [0, 1] * 10}),
    "ConvGAN": (lambda: ConvGAN((1, 4, 4), 2, (4,), objective="wasserstein", packing=2), {}),
    "classifier": (lambda: ConvClassifier((1, 4, 4), 2, (4,)), {"y": [0, 1] * 10}),
    "denoiser": (lambda: ConvDenoiser(1, 4, 2), {}),
    "k-means": (lambda: KMeans(3), {}),
    "map": (lambda: SelfOrganizingMap(16, 3, 4), {}),
    "torus": (lambda: SelfOrganizingMap(16, 4, 4, wrap=True, start="random"), {}),
}


def answers(model, x, y=None):
    found = []
    for name in ("encode", "posterior", "log_likelihood", "features", "assign", "denoise", "score"):
        if hasattr(model, name):
            given = {"labels": y} if name == "score" else {}
            found += [value for value in np.atleast_1d(getattr(model, name)(x, **given))]
    return found + ([model.sample(4)] if hasattr(model, "sample") else [])


@pytest.mark.parametrize("name", PRECISE)
def test_torchs_default_precision_changes_nothing_and_double_weights_work(name):
    make, options = PRECISE[name]
    x = np.random.default_rng(0).random((20, 1, 4, 4) if name == "denoiser" else (20, 16))
    runs = []
    for default in (torch.float32, torch.float64):
        torch.set_default_dtype(default)
        try:
            model = make()
            history = fit(model, x, epochs=2, batch_size=8, progress=False, **options)
            runs.append((history.loss, answers(model, x, options.get("y"))))
        finally:
            torch.set_default_dtype(torch.float32)
    assert runs[0][0] == runs[1][0]
    for one, other in zip(runs[0][1], runs[1][1], strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype != np.float64
    double = make().double()
    history = fit(double, x, epochs=2, batch_size=8, progress=False, **options)
    assert history.loss == pytest.approx(runs[0][0], rel=1e-3)
    assert all(np.isfinite(value).all() for value in answers(double, x, options.get("y")))
