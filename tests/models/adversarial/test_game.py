"""The adversarial game: who moves and who does not, what a step tells, and what the discriminator finds."""

import math
from itertools import islice

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach import fit, load, save
from udl_teach.models import GAN
from udl_teach.models.adversarial.losses import (
    OBJECTIVES,
    discriminator_loss,
    generator_loss,
    gradient_penalty,
    r1_penalty,
)
from udl_teach.training import LearningState, Step

KINDS = {
    **{objective: {"objective": objective} for objective in OBJECTIVES},
    "penalized": {"penalty": 0.5},
    "normalized": {"spectral_norm": True},
    "packed": {"packing": 3, "ema": 0.9},
    "packed wasserstein": {"packing": 3, "objective": "wasserstein"},
    "conditional": {"n_classes": 3},
    "conditional, packed": {"n_classes": 3, "packing": 2, "objective": "relativistic", "ema": 0.9},
}


TURNS = ("discriminator", "generator", "both")


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)


def made(kind="non-saturating", **changes):
    return GAN(3, 2, (6, 5), **({**KINDS[kind], "seed": 3} | changes))


def labels(kind):
    return np.arange(50) % 3 if "conditional" in kind else None


def everything(module):
    """All that a player holds: parameters and buffers."""
    return {name: value.clone() for name, value in module.state_dict().items()}


def same(one, other):
    return all(torch.equal(one[name], other[name]) for name in one)


def marked(module):
    """Gradients that no game has made, laid on every parameter; whoever adds to them, clears or replaces them shows."""
    for number, parameter in enumerate(module.parameters()):
        parameter.grad = torch.full_like(parameter, float(number + 1))
    return [parameter.grad for parameter in module.parameters()]


def untouched(module, marks):
    return all(
        parameter.grad is mark and (mark == number + 1).all()
        for number, (parameter, mark) in enumerate(zip(module.parameters(), marks, strict=True))
    )


def told(steps):
    # NaN, which stands for who did not move, is not equal to itself.
    return [repr(step) for step in steps]


# ---- who moves -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", TURNS)
def test_who_does_not_move_stays_as_it_is_to_the_last_bit(kind, turn, x):
    model = made(kind)
    list(islice(model.steps(x, labels(kind), batch_size=20), 2))
    before = everything(model.discriminator), everything(model.generator)
    marks = marked(model.discriminator), marked(model.generator)
    step = next(model.steps(x, labels(kind), batch_size=20, turn=lambda index: turn))
    assert same(before[0], everything(model.discriminator)) == (turn == "generator")
    assert same(before[1], everything(model.generator)) == (turn == "discriminator")
    moved = {name for name in ("discriminator", "generator") if not math.isnan(step.terms[f"gradient_{name}"])}
    assert moved == ({turn} if turn != "both" else {"discriminator", "generator"})
    # The way through who sleeps leaves nothing in its gradients, where an optimizer of the caller's would find it.
    assert untouched(model.discriminator, marks[0]) == (turn == "generator")
    assert untouched(model.generator, marks[1]) == (turn == "discriminator")


def test_where_both_move_each_has_followed_the_gradient_of_its_own_loss_alone(kind, x):
    model = made(kind)
    step = next(model.steps(x, labels(kind), batch_size=20))
    for name in ("discriminator", "generator"):
        gradients = [parameter.grad.flatten() for parameter in getattr(model, name).parameters()]
        assert torch.cat(gradients).norm().item() == pytest.approx(step.terms[f"gradient_{name}"], rel=1e-5), name


def test_running_means_of_the_player_who_sleeps_stay(x):
    model = made()
    model.generator.append(torch.nn.BatchNorm1d(3))
    model.discriminator.insert(0, torch.nn.BatchNorm1d(3))
    before = everything(model.generator)
    next(model.steps(x, turn=lambda index: "discriminator"))
    assert same(before, everything(model.generator))
    before = everything(model.discriminator)
    next(model.steps(x, turn=lambda index: "generator"))
    assert same(before, everything(model.discriminator))


def test_the_discriminator_moves_first_and_the_generator_answers_it_with_fresh_noise(x):
    together, alone, start = made(), made(), made()
    next(together.steps(x, batch_size=50, learning_rate=0.1))
    next(alone.steps(x, batch_size=50, learning_rate=0.1, turn=lambda index: "discriminator"))
    assert same(everything(together.discriminator), everything(alone.discriminator))
    # The generator's gradient: of its first weights, against the discriminator that has moved, with the second draw.
    noise = LearningState(0).noise
    for draw in ("the discriminator's", "the generator's"):
        z = torch.randn(50, 2, generator=noise)
        loss = generator_loss(None, alone.discriminator(start.generator(z)).flatten())
        wanted = torch.autograd.grad(loss, list(start.generator.parameters()))
        found = [parameter.grad for parameter in together.generator.parameters()]
        agree = all(torch.allclose(one, other, atol=1e-6) for one, other in zip(found, wanted, strict=True))
        assert agree == (draw == "the generator's"), draw


def test_several_steps_of_the_discriminator_to_one_of_the_generator(x):
    model = made()
    steps = list(model.steps(x, epochs=4, batch_size=20, discriminator_steps=3))
    moved = [not math.isnan(step.terms["gradient_generator"]) for step in steps]
    assert moved == [number % 3 == 0 for number in range(1, 13)]
    assert all(not math.isnan(step.terms["gradient_discriminator"]) for step in steps)


def test_turn_is_asked_in_every_step_and_overrides_the_number_of_steps(x):
    asked = []

    def turn(index):
        asked.append(index)
        return "generator"

    steps = list(made().steps(x, epochs=2, batch_size=20, discriminator_steps=5, turn=turn))
    assert asked == list(range(6)) and not any(math.isnan(step.terms["gradient_generator"]) for step in steps)


def test_a_turn_that_nobody_has_is_refused_before_anybody_moves(x):
    model = made()
    before = everything(model)
    with pytest.raises(ValueError, match=r"turn\(0\) was 'nobody'"):
        next(model.steps(x, turn=lambda index: "nobody"))
    assert same(before, everything(model))


# ---- what a step tells -----------------------------------------------------------------------------------------------


def by_hand(model, x, weight=0.0):
    """Losses and gradients of the first step of a run with seed 0 and all samples in the batch, written out."""
    noise = LearningState(0).noise
    order = torch.randperm(len(x), generator=LearningState(0).order)
    real = torch.from_numpy(x)[order]
    generated = model.generator(torch.randn(len(x), 2, generator=noise)).detach()
    scores = model.discriminator(real).flatten(), model.discriminator(generated).flatten()
    loss = discriminator_loss(*scores, model.objective)
    discriminator = lambda samples: model.discriminator(samples).flatten()  # noqa: E731
    penalty = torch.zeros(())
    if weight and model.objective == "wasserstein":
        penalty = weight * gradient_penalty(discriminator, real, generated, noise)
    elif weight:
        penalty = r1_penalty(discriminator, real)
        if model.objective == "relativistic":
            penalty = penalty + r1_penalty(discriminator, generated)
        penalty = weight * penalty
    gradients = torch.autograd.grad(loss + penalty, list(model.discriminator.parameters()))
    z = torch.randn(len(x), 2, generator=noise)
    asked = generator_loss(*scores, model.objective)
    length = torch.cat([gradient.flatten() for gradient in gradients]).norm()
    return {
        "discriminator": loss,
        "penalty": penalty,
        "generator": asked,
        "score_real": scores[0].mean(),
        "score_generated": scores[1].mean(),
        "auc": (scores[0] > scores[1]).float().mean(),
        "gradient_discriminator": length,
    }, (z, real)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("weight", [0.0, 0.7])
def test_the_terms_of_a_step_are_those_written_out(objective, weight, x):
    model = made(objective, penalty=weight)
    wanted, (z, real) = by_hand(model, x, weight)
    step = next(model.steps(x, batch_size=50))
    for name in wanted.keys() - {"generator"}:
        assert step.terms[name] == pytest.approx(wanted[name].item(), rel=1e-4, abs=1e-6), name
    assert step.loss == pytest.approx(step.terms["discriminator"] + step.terms["penalty"])
    assert type(step) is Step and type(step.loss) is float
    assert all(type(value) is float for value in step.terms.values())
    # The generator answers the discriminator as it now is; told by a generator of the first weights.
    fresh = made(objective)
    scores = model.discriminator(fresh.generator(z)).flatten()
    loss = generator_loss(model.discriminator(real).flatten().detach(), scores, objective)
    gradients = torch.autograd.grad(loss, list(fresh.generator.parameters()))
    assert step.terms["generator"] == pytest.approx(loss.item(), rel=1e-4, abs=1e-6)
    length = torch.cat([gradient.flatten() for gradient in gradients]).norm().item()
    assert step.terms["gradient_generator"] == pytest.approx(length, rel=1e-3)


def test_steps_and_passes_are_counted_from_one(x):
    steps = list(made().steps(x, epochs=2, batch_size=20))
    assert [(step.index, step.epoch) for step in steps] == [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (6, 2)]


def test_a_discriminator_that_scores_everything_alike_is_at_chance(x):
    model = made()
    with torch.no_grad():
        for parameter in model.discriminator.parameters():
            parameter.zero_()
    step = next(model.steps(x, batch_size=20))
    assert step.terms["auc"] == 0.5


def test_the_terms_have_the_same_names_whoever_moves(kind, x):
    names = set()
    for turn in TURNS:
        names.add(tuple(sorted(next(made(kind).steps(x, labels(kind), turn=lambda index: turn)).terms)))  # noqa: B023
    assert len(names) == 1


def test_the_auc_answers_to_its_old_name_in_a_step_and_in_a_history(x):
    model = made()
    step = next(model.steps(x))
    history = fit(model, x, epochs=2, progress=False)
    for terms in (step.terms, history.terms):
        with pytest.warns(DeprecationWarning, match="'told_apart' is now called 'auc'"):
            assert terms["told_apart"] == terms["auc"]
        assert "told_apart" not in terms
    assert step == Step(step.index, step.epoch, step.loss, dict(step.terms))
    assert repr(step) == repr(Step(step.index, step.epoch, step.loss, dict(step.terms)))


def test_a_step_asked_of_the_discriminator_alone_tells_the_generators_loss_too(x):
    model = made()
    wanted, _ = by_hand(model, x)
    step = next(model.steps(x, batch_size=50, turn=lambda index: "discriminator"))
    assert step.terms["generator"] == pytest.approx(wanted["generator"].item(), rel=1e-5)


# ---- the rules of learning -------------------------------------------------------------------------------------------


def test_watching_does_not_change_learning_and_leaves_the_global_generator_alone(kind, x):
    torch.manual_seed(1)
    before, y = torch.get_rng_state(), labels(kind)
    watched, alone = made(kind), made(kind)
    seen = []
    for step in watched.steps(x, y, epochs=3, batch_size=20):
        watched.sample(5, seed=step.index)
        watched.score(x, y)
        watched.sample_gradient(watched.latent(6))
        watched.eval()
        seen.append(step)
    with torch.no_grad():
        steps = list(alone.steps(x, y, epochs=3, batch_size=20))
    assert told(seen) == told(steps) and same(everything(watched), everything(alone))
    assert torch.equal(before, torch.get_rng_state())


def test_layers_that_learn_otherwise_than_they_are_asked_do_so_whatever_the_caller_called(x):
    scores = []
    for looked_at in (False, True):
        model = made()
        model.discriminator.insert(0, torch.nn.BatchNorm1d(3))
        for _ in model.steps(x, epochs=2, batch_size=20):
            if looked_at:
                model.eval()
        scores.append(model.score(x))
        # Asked alone, a sample has the score that it has in company: asking does not take the batch's own mean.
        assert np.allclose(model.score(x[:1]), scores[-1][:1], atol=1e-6)
    assert np.array_equal(*scores)


@given(first=st.integers(0, 11), name=st.sampled_from(["packed", "normalized", "wasserstein", "conditional, packed"]))
@settings(max_examples=12, deadline=None)
def test_learning_goes_on_from_any_step_bit_for_bit(first, name):
    x, y = np.random.default_rng(1).normal(size=(50, 3)).astype(np.float32), labels(name)
    whole, broken, state = made(name), made(name), LearningState(0)
    at_once = told(whole.steps(x, y, epochs=4, batch_size=20))
    part = told(islice(broken.steps(x, y, epochs=4, batch_size=20, state=state), first))
    kept = LearningState(0)
    kept.load_state_dict(state.state_dict())
    done = kept.epoch + (kept.batch == 3)
    assert part + told(broken.steps(x, y, epochs=4 - done, batch_size=20, state=kept)) == at_once
    assert same(everything(whole), everything(broken))


def test_five_passes_and_five_more_equal_ten_also_through_a_file(kind, x, tmp_path):
    y = labels(kind)
    rules = {"batch_size": 20, "progress": False, "device": "cpu"}
    whole, part = made(kind), made(kind)
    fit(whole, x, y, epochs=10, **rules)
    history = fit(part, x, y, epochs=5, **rules)
    save(part, tmp_path / "game.npz", history)
    again, history = load(tmp_path / "game.npz", with_history=True)
    fit(again, x, y, epochs=5, resume=history, **rules)
    assert same(everything(whole), everything(again))
    assert np.array_equal(whole.sample(4), again.sample(4))


def test_the_seed_decides(x):
    losses = [tuple(step.loss for step in made().steps(x, seed=seed, epochs=2)) for seed in (1, 1, 2)]
    assert losses[0] == losses[1] != losses[2]
    assert not np.array_equal(made(seed=1).sample(3), made(seed=2).sample(3))


def test_rates_take_a_number_a_pair_or_a_function_and_each_player_its_own(x):
    model, start = made(), made()
    list(model.steps(x, epochs=2, learning_rate=0.1, discriminator_learning_rate=0.0))
    assert same(everything(model.discriminator), everything(start.discriminator))
    assert not same(everything(model.generator), everything(start.generator))
    other_way = made()
    list(other_way.steps(x, epochs=2, learning_rate=0.0, discriminator_learning_rate=0.1))
    assert same(everything(other_way.generator), everything(start.generator))
    assert not same(everything(other_way.discriminator), everything(start.discriminator))
    falling, by_function = made(), made()
    list(falling.steps(x, epochs=5, batch_size=50, learning_rate=(0.1, 0.001)))
    list(by_function.steps(x, epochs=5, batch_size=50, learning_rate=lambda index: 0.1 * 0.01 ** (index / 4)))
    assert same(everything(falling), everything(by_function))


def test_a_pair_of_rates_spans_the_passes_that_were_made_before_as_well(x):
    runs = []
    for rate in ((0.1, 0.001), lambda index: 0.1 * 0.01 ** (index / 4)):
        model, state = made(), LearningState(0)
        list(model.steps(x, epochs=2, batch_size=50, learning_rate=0.1, state=state))
        list(model.steps(x, epochs=3, batch_size=50, learning_rate=rate, state=state))
        runs.append(everything(model))
    assert same(*runs)


def test_a_hand_can_be_laid_on_the_penalty_of_a_run(x):
    steps = list(made().steps(x, epochs=2, batch_size=50, penalty=lambda index: float(index)))
    assert steps[0].terms["penalty"] == 0 and steps[1].terms["penalty"] > 0


def test_a_loss_that_is_not_finite_stops_before_the_update_that_it_spoils(x):
    model = made()
    with pytest.raises(FloatingPointError, match="discriminator's .* learning_rate than 1e\\+30"):
        for _ in model.steps(x, epochs=50, learning_rate=1e30):
            kept = everything(model)
    assert all(value.isfinite().all() for value in kept.values())
    assert all(value.isfinite().all() for value in everything(model).values())


def test_a_gradient_that_is_not_finite_stops_before_the_update_that_it_spoils(x):
    class Kink(torch.nn.Module):
        def forward(self, x):
            return x + (0 * x).sqrt()  # the root of 0 is finite, its slope is not

    for name in ("discriminator", "generator"):
        model = made()
        getattr(model, name).append(Kink())
        before = everything(getattr(model, name))
        with pytest.raises(FloatingPointError, match=f"the {name}'s gradient became nan at step 1"):
            next(model.steps(x, turn=lambda index, name=name: name))
        assert same(before, everything(getattr(model, name)))


def test_spectral_normalization_follows_the_weights_as_they_learn(x):
    model = made("normalized")
    list(model.steps(x, epochs=60, batch_size=50, learning_rate=0.02))
    for layer in model.discriminator:
        if isinstance(layer, torch.nn.Linear):
            assert np.linalg.svd(layer.weight.detach().numpy(), compute_uv=False)[0] == pytest.approx(1, abs=0.05)


# ---- the EMA of the generator, and what is learned -----------------------------------------------------------------


def test_the_ema_is_the_exponential_moving_average_of_the_weights(x):
    model, mean = made(ema=0.9), None
    for number, _ in enumerate(islice(model.steps(x, epochs=None), 30), start=1):
        now = everything(model.generator)
        decay = min(0.9, (1 + number) / (10 + number))
        mean = everything(made().generator) if mean is None else mean
        mean = {name: decay * mean[name] + (1 - decay) * now[name] for name in now}
    kept = everything(model.generator_ema)
    assert all(torch.allclose(kept[name], mean[name], atol=1e-6) for name in kept)
    assert not np.allclose(model.sample(5), model.sample(5, ema=False))
    plain = made()
    assert plain.generator_ema is None and np.array_equal(plain.sample(5), plain.sample(5, ema=False))


def test_buffers_of_the_ema_are_those_of_the_generator(x):
    model = made(ema=0.9)
    model.generator.append(torch.nn.BatchNorm1d(3))
    model.generator_ema.append(torch.nn.BatchNorm1d(3))
    next(model.steps(x))
    assert torch.equal(model.generator_ema[-1].running_mean, model.generator[-1].running_mean)
    assert model.generator_ema[-1].running_mean.any()


def test_the_ema_waits_while_the_discriminator_is_updated(x):
    model = made(ema=0.9)
    before = everything(model.generator_ema)
    list(model.steps(x, epochs=2, turn=lambda index: "discriminator"))
    assert same(before, everything(model.generator_ema))


def test_a_conditional_game_learns_where_each_class_lies():
    rng = np.random.default_rng(0)
    y = np.arange(600) % 2
    x = (np.where(y == 0, -2.0, 2.0)[:, None] + 0.2 * rng.normal(size=(600, 2))).astype(np.float32)
    # Its usual penalty of 1 calms the game, and the average takes out what swings: the middles are off by 0.1 at most.
    model = GAN(2, 2, (32,), n_classes=2, objective="relativistic", ema=0.95)
    list(islice(model.steps(x, y, epochs=None, learning_rate=5e-3), 300))
    made_of = [model.sample(200, labels=label).mean(axis=0) for label in (0, 1)]
    assert np.allclose(made_of[0], -2, atol=0.5) and np.allclose(made_of[1], 2, atol=0.5)


def test_the_discriminator_finds_the_ratio_of_the_densities():
    # Goodfellow et al. 2014, proposition 1: D* = p / (p + q), so the score is log p - log q.
    real = np.random.default_rng(0).normal(0.5, 1.0, size=(20_000, 1)).astype(np.float32)
    model = GAN(1, 1, (), discriminator_sizes=(32, 32))
    with torch.no_grad():  # the generator stands still and makes N(-0.5, 1)
        model.generator[0].weight.fill_(1.0)
        model.generator[0].bias.fill_(-0.5)
    rate = lambda index: 1e-2 * 0.01 ** (index / 600)  # noqa: E731
    steps = model.steps(real, epochs=None, batch_size=1000, learning_rate=rate, turn=lambda index: "discriminator")
    list(islice(steps, 600))
    place = np.linspace(-2, 2, 21, dtype=np.float32)[:, None]
    # log N(0.5, 1) - log N(-0.5, 1) = x
    assert np.abs(model.score(place) - place[:, 0]).max() < 0.25


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_loss_of_held_out_samples_is_the_discriminators(objective, x):
    model, y = made(objective, n_classes=3), torch.arange(50) % 3
    switches, z = torch.eye(3)[y], torch.randn(50, 2, generator=torch.Generator().manual_seed(4))
    fakes = model.generator(torch.cat([z, switches], dim=1))
    pair = [model.discriminator(torch.cat([each, switches], dim=1)).flatten() for each in (torch.from_numpy(x), fakes)]
    found = model.loss(torch.from_numpy(x), y, torch.Generator().manual_seed(4))
    assert found["loss"].item() == pytest.approx(discriminator_loss(*pair, objective).item(), rel=1e-5)


def test_fit_takes_held_out_samples_and_tells_the_discriminators_loss_of_them(x):
    history = fit(made(), x, epochs=2, progress=False, validation=x[:20])
    assert len(history.validation) == 2 and np.isfinite(history.validation).all()


# ---- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"epochs": -1}, "epochs was -1"),
        ({"batch_size": 0}, "batch_size was 0"),
        ({"learning_rate": -1.0}, "learning_rate was -1"),
        ({"learning_rate": (1e-3, 0.0)}, "learning_rate"),
        ({"learning_rate": (1, 2, 3)}, "learning_rate was"),
        ({"discriminator_learning_rate": "fast"}, "discriminator_learning_rate was 'fast'"),
        ({"discriminator_steps": 0}, "discriminator_steps was 0"),
        ({"turn": "generator"}, "turn was 'generator'"),
        ({"penalty": -1.0}, "penalty was -1"),
        ({"betas": 0.5}, "betas was 0.5"),
        ({"betas": (0.5, 1.0)}, "betas was"),
        ({"y": [0] * 50}, "y was given, but this model was made without classes"),
    ],
)
def test_bad_rules_are_refused_at_once_and_nothing_has_changed(change, words, x):
    model = made()
    before = everything(model)
    with pytest.raises((TypeError, ValueError), match=words):
        model.steps(x, **change)
    assert same(before, everything(model))


def test_bad_samples_and_labels_are_refused(x):
    with pytest.raises(ValueError, match="3"):
        made().steps(x[:, :2])
    x[4, 1] = np.nan
    with pytest.raises(ValueError, match=r"row 4.*column 1|\(4, 1\)|4"):
        made().steps(x)
    with pytest.raises(TypeError, match="this model has 3 classes"):
        made("conditional").steps(np.zeros((4, 3)))
    with pytest.raises(ValueError, match="y holds 3"):
        made("conditional").steps(np.zeros((4, 3)), [0, 1, 2, 3])
    with pytest.raises(ValueError, match="truncation was 0"):
        made().latent(3, truncation=0)


@pytest.mark.parametrize("odd", [np.zeros((1, 3)), np.ones((7, 3), dtype=int), np.zeros((3, 8), np.float32).T[:, :3]])
def test_odd_but_honest_data_just_works(odd):
    steps = list(made("packed").steps(odd, epochs=2, batch_size=999))
    assert len(steps) == 2 and all(math.isfinite(step.loss) for step in steps)


# ---- on a GPU --------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
def test_the_first_steps_on_a_gpu_agree_with_the_cpu(kind, x):
    terms, models = [], []
    for device in ("cpu", "cuda"):
        models.append(made(kind).to(device))
        steps = models[-1].steps(x, labels(kind), epochs=None, batch_size=20, learning_rate=1e-3)
        # Whether one score is above another may be a matter of rounding.
        terms.append([[step.terms[name] for name in step.terms if name != "auc"] for step in islice(steps, 10)])
    assert all(value.device.type == "cuda" for value in models[1].state_dict().values())
    assert np.allclose(*terms, rtol=1e-3, atol=1e-3)
    for seen in (
        [model.sample(20) for model in models],
        [model.score(x, labels(kind)) for model in models],
        [model.sample_gradient(model.latent(6))[1] for model in models],
    ):
        assert np.allclose(*seen, rtol=1e-3, atol=1e-3)
