"""The variational autoencoder: its bound in nats, against sums written out, closed forms and probabilistic PCA."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA as SklearnPCA
from torch import distributions

from udl_teach import data, fit, load, save, train
from udl_teach.models import VariationalAutoencoder
from udl_teach.training import LearningState


def some(n=40, n_features=6, seed=0, binary=True):
    rng = np.random.default_rng(seed)
    return (rng.random((n, n_features)) < 0.4).astype(np.float32) if binary else rng.random((n, n_features), np.float32)


def drawn_codes(model, x, samples, seed):
    """The codes that the loss draws, and the distributions that they come from."""
    mean, log_variance = model.posterior(torch.from_numpy(x))
    posterior = distributions.Normal(mean, (0.5 * log_variance).exp())
    noise = torch.randn((samples, *mean.shape), generator=torch.Generator().manual_seed(seed))
    return mean + posterior.stddev * noise, posterior


def test_the_terms_are_nats_summed_over_features_and_averaged_over_the_batch():
    model, x = VariationalAutoencoder(6, 3, (5,)), some()
    terms = model.loss(torch.from_numpy(x), torch.Generator().manual_seed(3))
    z, posterior = drawn_codes(model, x, 1, 3)
    coins = distributions.Bernoulli(logits=model.decoder(z[0]))
    reconstruction = -coins.log_prob(torch.from_numpy(x)).sum(dim=1).mean()
    kl = distributions.kl_divergence(posterior, distributions.Normal(0, 1)).sum(dim=1).mean()
    assert terms["reconstruction"].item() == pytest.approx(reconstruction.item(), rel=1e-5)
    assert terms["kl"].item() == pytest.approx(kl.item(), rel=1e-4)
    assert terms["loss"].item() == pytest.approx((reconstruction + kl).item(), rel=1e-5)


def test_a_batch_twice_as_large_of_the_same_samples_has_the_same_kl():
    model, x = VariationalAutoencoder(6, 3, (5,)), torch.from_numpy(some())
    generator = torch.Generator()
    assert model.loss(torch.cat([x, x]), generator)["kl"].item() == pytest.approx(model.loss(x)["kl"].item(), rel=1e-5)


def test_several_samples_give_the_importance_weighted_bound():
    x = some()
    model = VariationalAutoencoder(6, 3, (5,), samples=7)
    loss = model.loss(torch.from_numpy(x), torch.Generator().manual_seed(3))["loss"]
    z, posterior = drawn_codes(model, x, 7, 3)
    log_weights = (
        distributions.Bernoulli(logits=model.decoder(z)).log_prob(torch.from_numpy(x)).sum(dim=2)
        + distributions.Normal(0, 1).log_prob(z).sum(dim=2)
        - posterior.log_prob(z).sum(dim=2)
    )
    assert loss.item() == pytest.approx(-log_weights.exp().mean(dim=0).log().mean().item(), rel=1e-4)
    model.beta = 0.0
    loss = model.loss(torch.from_numpy(x), torch.Generator().manual_seed(3))["loss"]
    alone = distributions.Bernoulli(logits=model.decoder(z)).log_prob(torch.from_numpy(x)).sum(dim=2)
    assert loss.item() == pytest.approx(-alone.exp().mean(dim=0).log().mean().item(), rel=1e-4)


def test_more_samples_never_loosen_the_bound_and_the_estimate_is_above_all():
    x = some(300)
    model = VariationalAutoencoder(6, 2, (16,))
    with torch.no_grad():
        # An encoder that gives every sample the same wrong guess leaves a gap to close.
        model.encoder[-1].weight.zero_()
        model.encoder[-1].bias.fill_(1.0)
    bounds = []
    for samples in (1, 5, 50):
        model.samples = samples
        losses = [
            model.loss(torch.from_numpy(x), torch.Generator().manual_seed(seed))["loss"].item() for seed in range(20)
        ]
        bounds.append(-np.mean(losses))
    assert bounds == sorted(bounds) and model.log_likelihood(x, 2000).mean() > bounds[1]


def test_the_estimate_comes_to_the_exact_likelihood_of_a_linear_gaussian_model():
    x = np.random.default_rng(0).normal(size=(60, 5)).astype(np.float32)
    model = VariationalAutoencoder(5, 2, (), likelihood="gaussian")
    fit(model, x, epochs=200, learning_rate=0.01, progress=False)
    weight, bias = model.decoder[0].weight.detach().double(), model.decoder[0].bias.detach().double()
    covariance = weight @ weight.T + model.log_variance.exp().item() * torch.eye(5, dtype=torch.float64)
    exact = distributions.MultivariateNormal(bias, covariance).log_prob(torch.from_numpy(x).double())
    assert np.allclose(model.log_likelihood(x, 5000), exact.numpy(), atol=0.1)
    assert model.log_likelihood(x, 5000).mean() == pytest.approx(exact.mean().item(), abs=0.01)


def test_a_linear_gaussian_model_agrees_with_probabilistic_pca():
    # Tipping and Bishop 1999: at its best the bound of a linear model is the likelihood itself, and that of PCA.
    rng = np.random.default_rng(0)
    x = (rng.normal(size=(400, 2)) @ rng.normal(size=(2, 6)) + 0.4 * rng.normal(size=(400, 6))).astype(np.float32)
    model = VariationalAutoencoder(6, 2, (), likelihood="gaussian")
    fit(model, x, epochs=600, batch_size=400, learning_rate=0.03, progress=False)
    fit(model, x, epochs=400, batch_size=400, learning_rate=0.003, progress=False)
    theirs = SklearnPCA(2).fit(x)
    # scikit-learn divides by n - 1, which changes far less than is allowed for here.
    closed_form = theirs.score(x)
    losses = [
        model.loss(torch.from_numpy(x), torch.Generator().manual_seed(seed))["loss"].item() for seed in range(200)
    ]
    assert -np.mean(losses) == pytest.approx(closed_form, abs=0.1)
    assert model.log_likelihood(x, 2000).mean() == pytest.approx(closed_form, abs=0.1)


def test_chunks_do_not_change_the_estimate_much_and_seeds_repeat_it(monkeypatch):
    x, model = some(30), VariationalAutoencoder(6, 2, (8,))
    with torch.no_grad():
        model.encoder[-1].weight *= 0.2  # near to the prior, no weight is much larger than the others
    assert np.array_equal(model.log_likelihood(x, 500), model.log_likelihood(x, 500))
    whole = model.log_likelihood(x, 4000)
    for chunk in (1, 20, 3000):  # of these the last does not divide 4,000
        monkeypatch.setattr("udl_teach.models.variational.base.MAX_ACTIVATIONS", chunk * 8 * 30)
        assert np.allclose(model.log_likelihood(x, 4000), whole, atol=0.1)
    assert model.log_likelihood(x, 1).shape == (30,)


def test_kl_of_every_dimension_and_who_is_active():
    model, x = VariationalAutoencoder(6, 3, ()), some()
    with torch.no_grad():
        model.encoder[0].weight.zero_()
        model.encoder[0].bias.zero_()
        model.encoder[0].weight[0, 0] = 2.0
        model.encoder[0].bias[1] = 1.0
    varying = 0.5 * (4 * x[:, 0]).mean()
    assert np.allclose(model.kl_per_dimension(x), [varying, 0.5, 0], atol=1e-6)
    assert model.active_units(x) == 1 and model.active_units(x, threshold=2.0) == 0
    assert np.allclose(model.encode(x), np.stack([2 * x[:, 0], np.ones(40), np.zeros(40)], axis=1))


def test_free_bits_are_not_charged():
    x = torch.from_numpy(some())
    free, plain = VariationalAutoencoder(6, 3, (5,), free_bits=0.5), VariationalAutoencoder(6, 3, (5,))
    generators = (torch.Generator().manual_seed(0) for _ in range(2))
    with_free, without = (model.loss(x, generator) for model, generator in zip((free, plain), generators, strict=True))
    assert with_free["kl"] == without["kl"]
    charged = with_free["loss"] - with_free["reconstruction"]
    assert charged.item() == pytest.approx(np.maximum(plain.kl_per_dimension(x.numpy()), 0.5).sum(), rel=1e-5)


def test_beta_weighs_the_kl_and_a_function_warms_it_up():
    x = some(100)
    model = VariationalAutoencoder(6, 2, (8,), beta=4.0)
    step = next(model.steps(x))
    assert step.loss == pytest.approx(step.terms["reconstruction"] + 4 * step.terms["kl"], rel=1e-5)
    model = VariationalAutoencoder(6, 2, (8,))
    for step in model.steps(x, epochs=2, batch_size=25, beta=lambda step: step / 4):
        weight = (step.index - 1) / 4
        assert step.loss == pytest.approx(step.terms["reconstruction"] + weight * step.terms["kl"], rel=1e-4)
        assert model.beta == 1.0
    assert fit(VariationalAutoencoder(6, 2, (8,)), x, epochs=1, beta=0.5, progress=False).loss


def test_a_function_of_the_step_is_called_once_per_step_and_its_error_changes_nothing():
    x, asked = some(9), []

    def beta(step):
        asked.append(step)
        return -1.0 if step == 4 else 0.5

    model, state = VariationalAutoencoder(6, 2, (8,)), LearningState(0)
    steps = model.steps(x, batch_size=3, beta=beta, binarize=True, state=state)
    assert asked == []
    for _ in range(4):
        next(steps)
    before = [parameter.clone() for parameter in model.parameters()], state.state_dict()
    with pytest.raises(ValueError, match=r"beta\(4\) was -1.0"):
        next(steps)
    assert asked == [0, 1, 2, 3, 4] and model.beta == 1.0
    assert all(torch.equal(one, other) for one, other in zip(model.parameters(), before[0], strict=True))
    now = state.state_dict()
    assert all(now[name] == before[1][name] for name in ("index", "epoch", "batch"))
    assert torch.equal(now["noise"], before[1]["noise"]) and torch.equal(now["order"], before[1]["order"])


def test_the_weight_can_be_changed_by_hand_between_steps():
    model = VariationalAutoencoder(6, 2, (8,))
    for step in model.steps(some(100), epochs=2, batch_size=25, binarize=True):
        weight = 1.0 if step.index == 1 else step.index - 1
        assert step.loss == pytest.approx(step.terms["reconstruction"] + weight * step.terms["kl"], rel=1e-4)
        model.beta = float(step.index)


def test_a_subclass_may_have_a_loss_without_further_arguments():
    class Plain(VariationalAutoencoder):
        def loss(self, x, generator=None):
            return super().loss(x, generator)

    ours, theirs = VariationalAutoencoder(6, 2, (8,)), Plain(6, 2, (8,))
    assert [step.loss for step in ours.steps(some(), epochs=2)] == [
        step.loss for step in theirs.steps(some(), epochs=2)
    ]


def seen_by_the_encoder(model, x, **options):
    """What the encoder is given in each step."""
    seen = []
    handle = model.encoder.register_forward_pre_hook(lambda _, given: seen.append(given[0].clone()))
    list(model.steps(x, batch_size=len(x), **options))
    handle.remove()
    return torch.stack(seen)


def test_binarize_draws_the_values_anew_in_each_step():
    x = np.repeat([[0.0, 0.1, 0.3, 0.5, 0.9, 1.0]], 50, axis=0)
    model = VariationalAutoencoder(6, 2, (8,))
    seen = seen_by_the_encoder(model, x, epochs=40, binarize=True)
    assert set(seen.unique().tolist()) == {0.0, 1.0}
    assert np.allclose(seen.mean(dim=(0, 1)), x[0], atol=0.05)
    # Anew for every sample, every value and every step.
    assert seen[:, :, 3].std(dim=0).min() > 0.2 and seen[:, :, 3].std(dim=1).min() > 0.2
    assert not torch.equal(seen[0], seen[1])
    plain = seen_by_the_encoder(model, x, epochs=1)
    assert torch.equal(plain[0], torch.from_numpy(x.astype(np.float32)))


def test_what_is_binarized_is_also_what_is_to_be_reconstructed():
    # All values are even chances, so a target of 0 or 1 that the code does not know costs log 2 a value at the best.
    x, model = np.full((64, 6), 0.5), VariationalAutoencoder(6, 1, (8,))
    step = next(model.steps(x, binarize=True, seed=5))
    generator = torch.Generator().manual_seed(5 + 2**32)
    drawn = (torch.rand(64, 6, generator=generator) < 0.5).float()
    untouched = VariationalAutoencoder(6, 1, (8,))
    assert step.loss == pytest.approx(untouched.loss(drawn, generator)["loss"].item(), rel=1e-5)


def test_between_steps_the_model_judges_what_it_is_given():
    x, model = torch.full((200, 6), 0.5), VariationalAutoencoder(6, 2, (8,))
    steps = model.steps(x, binarize=True)
    next(steps)
    seen = []
    model.encoder.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    model.loss(x)
    assert torch.equal(seen[0], x)


def test_a_strong_beta_collapses_the_codes_and_none_keeps_them():
    x = data.digits().x[:500]
    active = {}
    for beta in (0.1, 20.0):
        model = VariationalAutoencoder(64, 8, (64,), beta=beta)
        fit(model, x, epochs=30, learning_rate=3e-3, progress=False)
        active[beta] = model.active_units(x)
    assert active[0.1] >= 6 and active[20.0] <= 1


def test_it_learns_digits_reconstructs_and_samples_them():
    digits, held_out = data.digits().split(seed=0)
    model = VariationalAutoencoder(64, 8, (128,), likelihood="continuous-bernoulli")
    before = -model.log_likelihood(held_out.x, 50).mean()
    fit(model, digits.x, epochs=30, learning_rate=3e-3, progress=False)
    after = -model.log_likelihood(held_out.x, 50).mean()
    assert after < before - 20
    x_hat = model(held_out.x)
    assert x_hat.shape == held_out.x.shape and x_hat.dtype == np.float32 and 0 <= x_hat.min() <= x_hat.max() <= 1
    assert ((x_hat - held_out.x) ** 2).mean() < 0.035
    generated = model.sample(200, seed=1)
    assert generated.shape == (200, 64) and np.array_equal(generated, model.sample(200, seed=1))
    nearest = ((generated[:, None] - digits.x[None, :300]) ** 2).sum(axis=2).min(axis=1)
    noise = ((np.random.default_rng(0).random((200, 1, 64)) - digits.x[None, :300]) ** 2).sum(axis=2).min(axis=1)
    assert nearest.mean() < 0.6 * noise.mean()


def test_five_and_five_are_ten_and_a_file_brings_it_back(tmp_path):
    x = some(100, binary=False)
    options = {"progress": False, "beta": lambda step: min(1, step / 10), "binarize": True}
    whole, halves = VariationalAutoencoder(6, 2, (8,)), VariationalAutoencoder(6, 2, (8,))
    fit(whole, x, epochs=10, **options)
    history = fit(halves, x, epochs=5, **options)
    fit(halves, x, epochs=5, resume=history, **options)
    for one, other in zip(whole.parameters(), halves.parameters(), strict=True):
        assert torch.equal(one, other)
    save(whole, tmp_path / "vae.npz")
    assert np.array_equal(load(tmp_path / "vae.npz").encode(x), whole.encode(x))


@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian", "continuous-bernoulli"])
def test_arrays_in_arrays_out_tensors_in_tensors_with_graph_out(likelihood):
    model, x = VariationalAutoencoder(6, 3, (5,), likelihood=likelihood), some()
    for ask in (model, model.encode, lambda x: model.posterior(x)[1]):
        assert isinstance(ask(x), np.ndarray)
        assert ask(torch.from_numpy(x)).requires_grad
    assert model.decode(model.encode(x)).shape == (40, 6)


def test_a_variational_autoencoder_reads_what_its_likelihood_cannot_score():
    x = np.random.default_rng(0).random((20, 16))
    beyond = 1.2 * x - 0.1
    for likelihood in ("bernoulli", "continuous-bernoulli"):
        model = VariationalAutoencoder(16, 2, (8,), likelihood=likelihood)
        next(model.steps(x))
        read = (model.encode(beyond), model(beyond), model.kl_per_dimension(beyond), *model.posterior(beyond))
        assert all(np.isfinite(values).all() for values in read) and model.active_units(beyond, 0.0) >= 0
        observed = np.arange(16) < 8
        np.testing.assert_allclose(model.impute(beyond, observed)[:, :8], beyond[:, :8], rtol=1e-6)
        for score in (model.steps, model.log_likelihood):
            with pytest.raises(ValueError, match=f'"{likelihood}" needs values from 0 to 1: .*clip') as caught:
                score(beyond)
            assert "measure(x" not in str(caught.value)
        assert np.isfinite(model.log_likelihood(beyond.clip(0, 1), samples=3)).all()
    next(VariationalAutoencoder(16, likelihood="gaussian").steps(beyond))


BAD = [
    (
        lambda: VariationalAutoencoder(6, likelihood="poisson"),
        "likelihood was 'poisson'; it must be one of 'bernoulli'",
    ),
    (lambda: VariationalAutoencoder(6, beta=-1), "beta was -1"),
    (lambda: VariationalAutoencoder(6, samples=0), "samples was 0"),
    (lambda: VariationalAutoencoder(6, samples=5, free_bits=0.1), "free_bits was 0.1 with samples=5"),
    (lambda: VariationalAutoencoder(6).steps(some() * 16), "x holds values from 0 to 16; .*bernoulli.* from 0 to 1"),
    (lambda: VariationalAutoencoder(6).steps(some(), beta=-2), "beta was -2"),
    (lambda: VariationalAutoencoder(6).steps(some(), binarize="yes"), "binarize was 'yes'"),
    (
        lambda: VariationalAutoencoder(6, likelihood="gaussian").steps(some(), binarize=True),
        'binarize was True with the likelihood "gaussian"',
    ),
    (lambda: VariationalAutoencoder(6).steps(some() * 16, binarize=True), "x holds values from 0 to 16"),
    (lambda: VariationalAutoencoder(6).encode(some(5, 7)), "x has 7 features per sample; this model was made for 6"),
    (lambda: VariationalAutoencoder(6).log_likelihood(some(), samples=0), "samples was 0"),
    (lambda: VariationalAutoencoder(6).sample(0), "n was 0"),
]


@pytest.mark.parametrize(("call", "message"), BAD)
def test_bad_arguments_get_one_sentence(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()


def test_train_is_enough_for_it():
    steps = list(train(VariationalAutoencoder(6, 2, (8,)), some(100), epochs=2, batch_size=50))
    assert len(steps) == 4 and set(steps[0].terms) == {"reconstruction", "kl"}


def test_the_variance_starts_where_it_is_told_and_is_learned():
    model = VariationalAutoencoder(4, 1, (8,), likelihood="gaussian")
    assert model.log_variance.exp().item() == pytest.approx(0.01)
    x = np.random.default_rng(0).normal(0, 2, size=(64, 4)).astype(np.float32)
    fit(model, x, epochs=100, learning_rate=0.05, progress=False)
    assert model.log_variance.exp().item() > 0.1
    with pytest.raises(ValueError, match="initial_variance was 0"):
        VariationalAutoencoder(4, initial_variance=0.0)
