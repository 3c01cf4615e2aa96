"""The adversarial game on images: what both players take and make, who moves, and that a label gives its class."""

import copy

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from torch.nn import functional

from udl_teach import data, fit, load, save
from udl_teach.models import ConvGAN
from udl_teach.modules import arguments_of

OBJECTIVES = ["non-saturating", "minimax", "least-squares", "wasserstein", "relativistic"]


def images(n=12, shape=(1, 8, 8), seed=0):
    return np.random.default_rng(seed).random((n, *shape)).astype(np.float32)


def small(shape=(1, 8, 8), **options):
    return ConvGAN(shape, 5, (4, 6), **options)


def weights(module):
    return {name: value.clone() for name, value in module.state_dict().items()}


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.fixture(scope="module")
def learned():
    train, test = data.digits().split(seed=0)
    options = {"n_classes": 10, "objective": "relativistic", "ema": 0.99, "seed": 3}
    model = ConvGAN((1, 8, 8), 16, (16, 32), **options)
    rates = {"learning_rate": (1e-2, 1e-3), "betas": (0.0, 0.99)}
    fit(model, train.images, train.labels, epochs=8, batch_size=64, **rates, progress=False, device="cpu")
    return model, train, test


# What comes in and out


@pytest.mark.parametrize("shape", [(1, 8, 8), (1, 28, 28), (3, 16, 24), (2, 4, 12)])
@pytest.mark.parametrize("n_classes", [None, 3])
def test_images_of_many_shapes(shape, n_classes):
    model, x = small(shape, n_classes=n_classes), images(7, shape)
    labels = None if n_classes is None else [0, 1, 2, 0, 1, 2, 0]
    made = model.sample(5)
    assert made.shape == (5, *shape) and made.dtype == np.float32 and 0 < made.min() and made.max() < 1
    scores = model.score(x, labels)
    assert scores.shape == (7,) and scores.dtype == np.float32
    np.testing.assert_allclose(model.score(x.reshape(7, -1), labels), scores, rtol=1e-5)
    step = next(model.steps(x, labels, batch_size=4))
    assert np.isfinite([step.loss, *step.terms.values()]).all()


@given(
    shape=st.tuples(st.sampled_from([1, 3]), st.integers(1, 3), st.integers(1, 3)),
    channels=st.lists(st.integers(1, 5), min_size=1, max_size=3),
    packing=st.integers(1, 3),
    objective=st.sampled_from(OBJECTIVES),
    spectral_norm=st.booleans(),
)
@settings(max_examples=20, deadline=None)
def test_any_number_of_halvings_packs_and_objectives(shape, channels, packing, objective, spectral_norm):
    factor = 2 ** len(channels)
    shape = (shape[0], factor * shape[1], factor * shape[2])
    rules = {"packing": packing, "objective": objective, "spectral_norm": spectral_norm}
    model, x = ConvGAN(shape, 3, channels, n_classes=2, **rules), images(6, shape)
    steps = list(model.steps(x, [0, 1, 0, 1, 0, 1], epochs=2, batch_size=6))
    assert len(steps) == 2 and np.isfinite([step.loss for step in steps]).all()
    assert model.sample(4).shape == (4, *shape) and model.score(x, 0).shape == (6 / packing,)


def test_channels_are_those_of_the_discriminator_and_the_generators_the_other_way_round():
    model = ConvGAN((3, 8, 8), 5, (4, 6), packing=2)
    halving = [layer for layer in model.discriminator.modules() if isinstance(layer, torch.nn.Conv2d)]
    doubling = [layer for layer in model.generator.modules() if isinstance(layer, torch.nn.ConvTranspose2d)]
    assert [(layer.in_channels, layer.out_channels) for layer in halving] == [(6, 4), (4, 6)]
    assert [(layer.in_channels, layer.out_channels) for layer in doubling] == [(6, 4), (4, 3)]


@pytest.mark.parametrize(("output", "low", "high"), [("sigmoid", 0, 1), ("tanh", -1, 1), ("linear", -np.inf, np.inf)])
def test_the_output_keeps_its_range(output, low, high):
    model = small(output=output)
    with torch.no_grad():
        for value in model.generator.parameters():
            value.mul_(20)
    made = model.sample(50)
    assert low <= made.min() < max(low, -0.9) + 0.1 and min(high, 1.1) - 0.1 <= made.max() <= high
    if output != "sigmoid":
        next(model.steps(2 * images() - 1))


def test_a_sample_does_not_depend_on_those_drawn_beside_it():
    model = small(n_classes=3)
    fit(model, images(), [0, 1, 2] * 4, epochs=3, progress=False)
    z = model.latent(6)
    together, alone = model.generate(z, labels=1), np.concatenate([model.generate(row[None], labels=1) for row in z])
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_truncation_draws_nearer_to_the_middle():
    model = small()
    z = model.latent(200, seed=1, truncation=0.5)
    assert np.abs(z).max() <= 0.5 and np.abs(model.latent(200, seed=1)).max() > 2
    near, far = model.sample(200, seed=1, truncation=0.5), model.sample(200, seed=1)
    assert near.shape == far.shape and near.std(axis=0).mean() < 0.6 * far.std(axis=0).mean()


def test_labels_are_taken_in_turn_where_none_are_named():
    model = small(n_classes=3)
    assert np.array_equal(model.sample(7, seed=2), model.sample(7, seed=2, labels=[0, 1, 2, 0, 1, 2, 0]))
    assert not np.allclose(model.sample(7, seed=2), model.sample(7, seed=2, labels=0))


# Who moves


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_players_update_leaves_the_other_as_it_is(objective):
    rules = {"objective": objective, "n_classes": 3, "ema": 0.9, "spectral_norm": objective == "minimax"}
    model, x, y = small(**rules), images(), [0, 1, 2] * 4
    players = {"discriminator": model.discriminator, "generator": model.generator}
    for mover, other in (("discriminator", "generator"), ("generator", "discriminator")):
        before = {name: weights(player) for name, player in players.items()}
        ema = weights(model.generator_ema)
        next(model.steps(x, y, turn=lambda index, mover=mover: mover))
        assert same(weights(players[other]), before[other])
        assert same(weights(model.generator_ema), ema) == (mover == "discriminator")
        assert not same(weights(players[mover]), before[mover])


def test_a_step_is_the_one_that_plain_torch_makes():
    # Relativistic with R1 and R2 and labels, written down anew, with torch's plainest Adam.
    model, x = small((2, 8, 12), n_classes=3, objective="relativistic", penalty=0.7, seed=1), images(9, (2, 8, 12))
    y = torch.tensor([0, 1, 2] * 3)
    mine = copy.deepcopy(model)
    adams = [
        torch.optim.Adam(player.parameters(), betas=(0.0, 0.99)) for player in (mine.discriminator, mine.generator)
    ]
    noise = torch.Generator().manual_seed(2**32)  # the second stream of seed 0
    order = torch.Generator().manual_seed(0)
    rate, learned = 5e-3, model.steps(x, y, batch_size=9, learning_rate=5e-3, betas=(0.0, 0.99), seed=0)
    for _ in range(3):
        step = next(learned)
        kept = torch.randperm(9, generator=order)
        real, labels = torch.from_numpy(x)[kept].requires_grad_(), y[kept]

        def made(labels=labels):
            z = torch.randn(9, 5, generator=noise)
            return mine.generator(torch.cat([z, functional.one_hot(labels, 3).float()], dim=1))

        def score(x, labels=labels):
            return mine.discriminator(x, labels[:, None])

        fake = made().detach().requires_grad_()
        scores, fakes = score(real), score(fake)
        slopes = [torch.autograd.grad(s.sum(), at, create_graph=True)[0] for s, at in ((scores, real), (fakes, fake))]
        penalty = 0.7 / 2 * sum(slope.pow(2).sum(dim=(1, 2, 3)).mean() for slope in slopes)
        loss = functional.softplus(fakes - scores).mean() + penalty
        assert step.loss == pytest.approx(loss.item(), rel=1e-4)
        for adam, wanted in zip(adams, (loss, None), strict=True):
            if wanted is None:
                wanted = functional.softplus(score(real.detach()).detach() - score(made())).mean()
            adam.zero_grad()
            wanted.backward()
            adam.param_groups[0]["lr"] = rate
            adam.step()
    # The bias after the scores is in neither loss: what moves it is rounding alone.
    for (name, one), other in zip(model.named_parameters(), mine.parameters(), strict=True):
        if name != "discriminator.last.judge.bias":
            torch.testing.assert_close(one, other, rtol=1e-3, atol=2e-4, msg=name)


def test_learning_follows_from_the_seed_stops_and_goes_on(tmp_path):
    def made(seed=0):
        return small(n_classes=3, ema=0.9, objective="relativistic", seed=seed)

    x, y = images(), [0, 1, 2] * 4
    everywhere = torch.get_rng_state()
    one, again, other, halves = made(), made(), made(1), made()
    options = {"batch_size": 5, "learning_rate": 1e-3, "progress": False, "device": "cpu"}
    for model in (one, again, other):
        fit(model, x, y, epochs=4, **options)
    history = fit(halves, x, y, epochs=2, **options)
    save(halves, tmp_path / "half.npz", history)
    halves, history = load(tmp_path / "half.npz", with_history=True)
    fit(halves, x, y, epochs=2, resume=history, **options)
    assert torch.equal(torch.get_rng_state(), everywhere)
    assert same(weights(one), weights(again)) and same(weights(one), weights(halves))
    assert not same(weights(one), weights(other))


def test_a_model_comes_back_from_a_file_with_every_argument(tmp_path):
    options = {"objective": "wasserstein", "n_classes": 4, "penalty": 3.0, "packing": 2, "ema": 0.5}
    model = ConvGAN((3, 8, 12), 7, (4, 6), **options, activation="gelu", output="tanh", seed=9)
    fit(model, images(8, (3, 8, 12)), [0, 1, 2, 3] * 2, epochs=2, progress=False)
    back = load(save(model, tmp_path / "model.npz"))
    assert arguments_of(back) == arguments_of(model) and same(weights(back), weights(model))
    for ema in (True, False):
        assert np.array_equal(back.sample(5, ema=ema), model.sample(5, ema=ema))
    assert np.array_equal(back.score(images(4, (3, 8, 12)), 1), model.score(images(4, (3, 8, 12)), 1))


# What is learned


def test_a_label_gives_its_class(learned):
    model, train, test = learned
    judge = LogisticRegression(max_iter=1000).fit(train.x, train.labels)
    assert judge.score(test.x, test.labels) > 0.9
    wanted = np.arange(400) % 10
    # Over ten seeds 0.89 ± 0.02 of all digits and 0.94 ± 0.04 of the sevens; a label that nobody hears gives 0.1.
    assert judge.score(model.sample(400, seed=5).reshape(400, -1), wanted) > 0.75
    sevens = model.sample(60, seed=6, labels=7).reshape(60, -1)
    assert (judge.predict(sevens) == 7).mean() > 0.75 and sevens.std(axis=0).max() > 0.1


def test_both_players_look_at_the_label():
    model, x = small(n_classes=3), images(4)
    z, mixed = model.latent(4), [0, 1, 2, 0]
    scores, made = (
        [ask(label) for label in range(3)] for ask in (lambda k: model.score(x, k), lambda k: model.generate(z, k))
    )
    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert (scores[one] != scores[other]).all() and not np.allclose(made[one], made[other])
    np.testing.assert_allclose(model.score(x, mixed), [scores[k][i] for i, k in enumerate(mixed)], rtol=1e-5)
    np.testing.assert_allclose(model.generate(z, mixed), [made[k][i] for i, k in enumerate(mixed)], atol=1e-6)


def test_the_sample_gradient_makes_generated_images_score_higher(learned):
    model, _, _ = learned
    z = model.latent(20, seed=4)
    points, directions = model.sample_gradient(z, labels=3)
    assert points.shape == directions.shape == (20, 1, 8, 8)
    nudged = points + 0.05 * directions / np.abs(directions).max()
    assert (model.score(nudged, 3) > model.score(points, 3)).all()


# Bad input


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ConvGAN((1, 10, 8)), r"^image_shape was \(1, 10, 8\); height and width must be multiples of 4"),
        (lambda: ConvGAN((1, 8, 6)), r"^image_shape was \(1, 8, 6\); height and width must be multiples of 4"),
        (lambda: ConvGAN((1, 28, 28), channels=(8, 8, 8)), "must be multiples of 8"),
        (lambda: ConvGAN((8, 8)), "^image_shape was"),
        (lambda: ConvGAN(channels=()), "^channels was empty"),
        (lambda: ConvGAN(channels=8), "^channels was 8"),
        (lambda: ConvGAN(latent_size=0), "^latent_size was 0"),
        (lambda: ConvGAN(n_classes=0), "^n_classes was 0"),
        (lambda: ConvGAN(packing=0), "^packing was 0"),
        (lambda: ConvGAN(output="softmax"), "^output was 'softmax'"),
        (lambda: ConvGAN(activation="swish"), "^activation was 'swish'"),
        (lambda: ConvGAN(objective="hinge"), "^objective was 'hinge'"),
        (lambda: ConvGAN(ema=1.0), "^ema was 1"),
        (lambda: small().steps(16 * images()), r'^x holds values from .* output="sigmoid" needs values from 0 to 1'),
        (lambda: small().steps(images(shape=(1, 8, 12))), "^x holds images of shape .* made for"),
        (lambda: small().steps(images()[:, 0]), "^x has shape"),
        (lambda: small(n_classes=3).steps(images()), "^y was None, but this model has 3 classes"),
        (lambda: small(n_classes=3).steps(images(), [3] * 12), "^y holds 3, but this model has 3 classes"),
        (lambda: small().steps(images(), [0] * 12), "^y was given, but this model was made without classes"),
        (lambda: small(n_classes=3).sample(2, labels=[0, 9]), "^labels holds 9"),
        (lambda: small(n_classes=3).score(images()), "^labels was None"),
    ],
)
def test_bad_arguments_get_one_sentence(call, message):
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
def test_the_first_steps_on_a_gpu_agree_with_the_cpu():
    terms, models = [], []
    for device in ("cpu", "cuda"):
        model = small(n_classes=3, packing=2, objective="relativistic", spectral_norm=True, ema=0.9)
        steps = model.to(device).steps(images(), [0, 1, 2] * 4, epochs=10, batch_size=12)
        # Whether one score is above another may be a matter of rounding.
        terms.append([[step.terms[name] for name in step.terms if name != "auc"] for step in steps])
        models.append(model)
    assert all(value.device.type == "cuda" for value in models[1].state_dict().values())
    assert np.allclose(*terms, rtol=1e-3, atol=1e-3)
    assert np.allclose(*(model.sample(20) for model in models), atol=1e-3)
    assert np.allclose(*(model.score(images(), 1) for model in models), rtol=1e-3, atol=1e-3)
