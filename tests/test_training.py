"""The rules of learning: one generator of steps, the same to everybody who advances it."""

import copy
import math
from itertools import islice

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach.fitting import fit
from udl_teach.models import GAN, Autoencoder, ConvAutoencoder, KMeans, SelfOrganizingMap, SparseAutoencoder
from udl_teach.training import LearningState, Step, batches, train


@pytest.fixture
def x():
    return np.random.default_rng(0).random((50, 16), dtype=np.float32)


MAKERS = {
    "dense": lambda: Autoencoder(16, 2, (8,), noise=0.1, seed=3),
    "linear": lambda: Autoencoder(16, 3, (), seed=3),
    "sparse": lambda: SparseAutoencoder(16, 20, noise=0.1, seed=3),
    "conv": lambda: ConvAutoencoder((1, 4, 4), 2, (4,), noise=0.1, seed=3),
}


@pytest.fixture(params=MAKERS)
def make(request):
    return MAKERS[request.param]


def weights(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def test_a_step_is_frozen_and_made_of_plain_numbers(make, x):
    step = next(make().steps(x))
    assert (step.index, step.epoch) == (1, 1)
    assert type(step.loss) is float and all(type(value) is float for value in step.terms.values())
    with pytest.raises(AttributeError):
        step.loss = 0.0


def test_a_step_is_yielded_after_its_update(x):
    model = MAKERS["linear"]()
    before = weights(model)
    steps = model.steps(x, batch_size=50, learning_rate=0.01)
    first = next(steps)
    assert not torch.equal(before, weights(model)), "the picture would show the model one step behind"
    # The loss of the second step is that of the weights that the first step left behind.
    with torch.no_grad():
        now = model.loss(torch.from_numpy(x))["loss"].item()
    assert next(steps).loss == pytest.approx(now, rel=1e-5)
    assert first.loss > now


def test_epochs_and_batches_are_counted(x):
    steps = list(MAKERS["linear"]().steps(x, epochs=3, batch_size=20))
    assert [s.index for s in steps] == list(range(1, 10))
    assert [s.epoch for s in steps] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert list(MAKERS["linear"]().steps(x, epochs=0)) == []
    assert len(list(MAKERS["linear"]().steps(x, epochs=2, batch_size=5000))) == 2


def test_every_pass_sees_every_sample_once_in_a_new_order():
    x = torch.arange(10.0)[:, None]
    state, seen = LearningState(1), []
    for batch, _ in batches(x, None, epochs=2, batch_size=3, state=state):
        seen += batch.flatten().tolist()
        state.learned()
    assert sorted(seen[:10]) == sorted(seen[10:]) == list(range(10))
    assert seen[:10] != seen[10:] != list(range(10))


def test_watching_learning_does_not_change_it(make, x):
    at_once = [step.loss for step in make().steps(x, epochs=3, batch_size=20)]
    model, watched = make(), []
    for step in model.steps(x, epochs=3, batch_size=20):
        watched.append(step.loss)
        model.eval()
        torch.rand(7)
        with torch.no_grad():
            model(x)
    assert watched == at_once


def test_a_caller_inside_no_grad_learns_the_same(x):
    with torch.no_grad():
        inside = [step.loss for step in MAKERS["dense"]().steps(x, epochs=2)]
        assert not torch.is_grad_enabled()
    assert inside == [step.loss for step in MAKERS["dense"]().steps(x, epochs=2)]


def test_no_grad_does_not_leak_to_the_consumer(make, x):
    for _ in make().steps(x, epochs=1, batch_size=20):
        assert torch.is_grad_enabled()


def test_learning_never_touches_the_global_generators(make, x):
    torch.manual_seed(5)
    np.random.seed(5)
    before, before_numpy = torch.get_rng_state(), np.random.get_state()[1].copy()
    fit(make(), x, epochs=2, progress=False, validation=x)
    assert torch.equal(before, torch.get_rng_state())
    assert np.array_equal(before_numpy, np.random.get_state()[1])


def test_the_seed_decides_and_another_seed_differs(make, x):
    def losses(seed):
        return [step.loss for step in make().steps(x, epochs=2, batch_size=20, seed=seed)]

    assert losses(1) == losses(1) != losses(2)


@given(first=st.integers(0, 11), noise=st.sampled_from([0.0, 0.2]))
@settings(max_examples=12, deadline=None)
def test_learning_goes_on_from_any_step_bit_for_bit(first, noise):
    x = np.random.default_rng(1).random((50, 6), dtype=np.float32)

    def make():
        return Autoencoder(6, 2, (5,), noise=noise)

    whole = make()
    all_at_once = [step.loss for step in whole.steps(x, epochs=4, batch_size=20)]
    broken, state = make(), LearningState(0)
    part = [step.loss for step in islice(broken.steps(x, epochs=4, batch_size=20, state=state), first)]
    done = state.epoch + (state.batch == 3)
    rest = [step.loss for step in broken.steps(x, epochs=4 - done, batch_size=20, state=state)]
    assert part + rest == all_at_once
    assert torch.equal(weights(whole), weights(broken))


def test_rates_take_a_function_of_the_step(x):
    seen = []

    def rate(index):
        seen.append(index)
        return 0.0 if index < 2 else 0.01

    model = MAKERS["dense"]()
    before = weights(model)
    steps = model.steps(x, batch_size=50, learning_rate=rate)
    next(steps), next(steps)
    assert torch.equal(before, weights(model))
    next(steps)
    assert not torch.equal(before, weights(model))
    assert seen == [0, 1, 2]


def test_epochs_none_runs_on(x):
    assert len(list(islice(MAKERS["linear"]().steps(x, epochs=None, batch_size=50), 123))) == 123


def test_a_nan_loss_stops_with_the_step_and_keeps_the_weights(x):
    model = MAKERS["linear"]()
    steps = model.steps(x, epochs=50, learning_rate=1e30, batch_size=50)
    with pytest.raises(FloatingPointError, match=r"at step \d+ \(epoch \d+\).*smaller learning_rate") as caught:
        for _ in steps:
            last = weights(model)
    assert torch.equal(last, weights(model)) and "nan" in str(caught.value) or "inf" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"epochs": -1}, "epochs was -1"),
        ({"batch_size": 0}, "batch_size was 0"),
        ({"learning_rate": -1.0}, "learning_rate was -1.0"),
        ({"learning_rate": math.nan}, "learning_rate was nan"),
        ({"seed": -3}, "seed was -3"),
        ({"y": [1, 2]}, "learns without labels"),
    ],
)
def test_bad_arguments_are_refused_before_anything_changes(x, change, words):
    model = MAKERS["dense"]()
    before = weights(model)
    with pytest.raises((TypeError, ValueError), match=words):
        model.steps(x, **change)  # not even the first next() is needed
    assert torch.equal(before, weights(model))


@pytest.mark.parametrize(
    "odd",
    [
        np.ones((20, 16)),  # constant columns, float64
        np.arange(320).reshape(20, 16),  # integers
        np.random.default_rng(0).random((20, 32))[:, ::2],  # strided
        np.random.default_rng(0).random((1, 16)),  # one sample
        [[0.5] * 16] * 3,  # lists
    ],
)
def test_odd_but_honest_data_just_works(odd):
    if isinstance(odd, np.ndarray):
        odd.setflags(write=False)
    model = MAKERS["dense"]()
    assert all(math.isfinite(step.loss) for step in model.steps(odd, epochs=2))
    assert model.encode(odd).shape == (len(odd), 2)


def test_train_serves_a_module_of_ones_own(x):
    class Shrink(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = torch.nn.Parameter(torch.tensor(3.0))

        def loss(self, x, generator=None):
            return {"loss": ((self.scale * x - x) ** 2).mean(), "scale": self.scale}

    model = Shrink()
    steps = list(train(model, x, epochs=300, learning_rate=0.05))
    assert abs(model.scale.item() - 1) < 0.02
    assert steps[0].terms == {"scale": 3.0} and isinstance(steps[0], Step)


class Own(torch.nn.Module):
    """A user's module; `answer` says what its loss hands back."""

    def __init__(self, answer=lambda error: {"loss": error.sum(dim=1).mean()}, *, layer=None):
        super().__init__()
        self.layers = torch.nn.Sequential(torch.nn.Linear(16, 4), layer or torch.nn.Tanh(), torch.nn.Linear(4, 16))
        self.answer, self.sizes = answer, []

    def loss(self, x, generator=None):
        self.sizes.append(len(x))
        return self.answer((self.layers(x) - x) ** 2)


@pytest.mark.parametrize(
    "answer",
    [
        lambda error: error.sum(dim=1).mean(),
        lambda error: error.sum(dim=1).mean().reshape(1),
        lambda error: {"loss": error.sum(dim=1).mean(), "largest": error.max().item(), "exact": True},
        lambda error: {"loss": error.double().sum(dim=1).mean()},
    ],
)
def test_a_loss_may_be_a_tensor_and_its_terms_plain_numbers(answer, x):
    torch.manual_seed(0)
    model = Own(answer)
    usual = copy.deepcopy(model)
    usual.answer = lambda error: {"loss": error.sum(dim=1).mean()}
    steps = list(train(model, x, epochs=2))
    assert all(type(value) is float for step in steps for value in (step.loss, *step.terms.values()))
    assert [s.loss for s in steps] == pytest.approx([s.loss for s in train(usual, x, epochs=2)], rel=1e-6)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (lambda error: {"loss": error.sum(dim=1)}, ValueError, r"'loss' of shape \(50,\); it must be one number.*mean"),
        (lambda error: {"loss": error.mean(), "each": error[:, 0]}, ValueError, r"'each' of shape \(50,\)"),
        (lambda error: error.mean().item(), TypeError, "was a float, from which no weight can learn"),
        (lambda error: {"loss": error.mean().item()}, TypeError, "was a float, from which no weight can learn"),
        (lambda error: error.mean().detach(), TypeError, "without a gradient, from which no weight can learn"),
        (lambda error: {"error": error.mean()}, TypeError, "returned dict with the keys 'error'; .* key \"loss\""),
        (lambda error: None, TypeError, 'returned NoneType; it must return a dict with the key "loss"'),
        (lambda error: (error.mean(), {}), TypeError, "returned tuple"),
        (lambda error: {"loss": error.mean(), "of": "x"}, TypeError, "'of' as str"),
    ],
)
def test_a_loss_that_cannot_be_learned_from_is_named_before_anything_changes(answer, kind, words, x):
    model = Own(answer, layer=torch.nn.BatchNorm1d(4)).eval()
    before = copy.deepcopy(model.state_dict())
    with pytest.raises(kind, match=words) as caught:
        next(train(model, x))
    assert "\n" not in str(caught.value) and str(caught.value).startswith("the loss of Own ")
    assert not model.training and all(map(torch.equal, before.values(), model.state_dict().values()))


def test_a_module_whose_loss_cannot_be_asked_is_told_so(x):
    class NoGenerator(Own):
        def loss(self, x):
            return ((self.layers(x) - x) ** 2).mean()

    class Attribute(torch.nn.Linear):
        def __init__(self):
            super().__init__(16, 16)
            self.loss = torch.nn.MSELoss()

    for model in (NoGenerator(), Attribute()):
        with pytest.raises(TypeError, match=r"whose loss takes no generator; .* loss\(self, x, generator=None\)"):
            train(model, x)
    with pytest.raises(TypeError, match="y was given, but Own learns without labels"):
        train(Own(), x, [0] * 50)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_a_module_of_another_precision_learns_in_it(dtype, x):
    model, seen = Own().to(dtype), []
    model.answer = lambda error: seen.append(error.dtype) or error.sum(dim=1).mean()
    exact = x.astype(np.float64) + 1e-12
    assert all(math.isfinite(step.loss) for step in train(model, exact, epochs=2))
    assert set(seen) == {dtype}
    if dtype == torch.float64:
        model.layers = torch.nn.Identity()
        model.weight = torch.nn.Parameter(torch.zeros((), dtype=dtype))
        model.answer = lambda error: seen.append(error) or model.weight
        model.loss = lambda x, generator=None: seen.append(x) or model.weight.square()
        next(train(model, exact, batch_size=50))
        assert np.array_equal(np.sort(seen[-1].numpy(), axis=0), np.sort(exact, axis=0))


def spread(layer_out):
    """A loss that needs more than one sample: NaN for one, without an error."""
    return layer_out.sum(dim=1).mean() + layer_out.std(dim=0).mean()


@pytest.mark.parametrize(
    "make", [lambda: Own(layer=torch.nn.BatchNorm1d(4)), lambda: Own(spread)], ids=["normalization", "spread"]
)
def test_a_sample_left_over_joins_the_batch_before_it_where_the_model_needs_two(make, x):
    model, state = make(), LearningState(0)
    before = torch.get_rng_state()
    steps = list(train(model, np.concatenate([x, x])[:65], epochs=2, batch_size=16, state=state))
    assert model.sizes == [16, 16, 16, 17] * 2 and state.epoch == 2
    assert [step.epoch for step in steps] == [1] * 4 + [2] * 4
    assert torch.equal(before, torch.get_rng_state())
    at_once = [step.loss for step in steps]
    torch.manual_seed(1)
    first = make()
    twin, kept = copy.deepcopy(first), LearningState(0)
    at_once = [step.loss for step in train(first, x[:33], epochs=2, batch_size=16)]
    part = [step.loss for step in islice(train(twin, x[:33], epochs=2, batch_size=16, state=kept), 3)]
    assert part + [s.loss for s in train(twin, x[:33], epochs=1, batch_size=16, state=kept)] == at_once


def test_a_sample_left_over_is_a_batch_of_its_own_where_the_model_can_learn_from_it(x):
    model = Own()
    list(train(model, x[:33], epochs=1, batch_size=16))
    assert model.sizes == [16, 16, 1]


@pytest.mark.parametrize(("n", "size", "words"), [(1, 128, "x held 1 sample"), (9, 1, "batch_size was 1")])
def test_batches_of_one_are_refused_before_anything_changes_where_the_model_needs_two(n, size, words, x):
    model = Own(layer=torch.nn.BatchNorm1d(4))
    before = copy.deepcopy(model.state_dict())
    with pytest.raises(ValueError, match=f"{words}, but Own cannot learn from a batch of one .*at least 2"):
        train(model, x[:n], batch_size=size)
    assert model.sizes == [] and all(map(torch.equal, before.values(), model.state_dict().values()))


@pytest.mark.parametrize("make", [MAKERS["dense"], lambda: GAN(16, 2, (8,))], ids=["train", "adversarial"])
def test_a_state_of_another_model_is_refused(make, x):
    model, state = make(), LearningState(0)
    next(model.steps(x, state=state))
    other, index = copy.deepcopy(model), state.index
    before = weights(other)
    with pytest.raises(ValueError, match="state belongs to another model, whose weights it would move"):
        other.steps(x, state=state)
    fresh = LearningState()
    fresh.load_state_dict(state.state_dict())
    with pytest.raises(ValueError, match="state was left by a model of other sizes"):
        (Autoencoder(16, 3) if isinstance(model, Autoencoder) else GAN(16, 3)).steps(x, state=fresh)
    assert torch.equal(before, weights(other)) and state.index == index
    assert next(other.steps(x, state=fresh)).loss == next(model.steps(x, state=state)).loss


def test_kmeans_yields_steps_like_everybody_else(x):
    model = KMeans(4, seed=1)
    steps = list(model.steps(x))
    losses = [step.loss for step in steps]
    assert losses == sorted(losses, reverse=True), "Lloyd's algorithm never gets worse"
    assert steps[-1].terms["centre_shift"] == 0 and [s.index for s in steps] == list(range(1, len(steps) + 1))


@pytest.mark.parametrize("make", [lambda: KMeans(10), lambda: SelfOrganizingMap(16, 3, 3)], ids=["k-means", "map"])
def test_a_pass_over_all_samples_goes_on_where_it_was_broken_off(make):
    x = np.random.default_rng(0).random((400, 16), dtype=np.float32)
    options = {} if isinstance(make(), KMeans) else {"radius": 1.0}
    at_once = list(islice(make().steps(x, epochs=None, **options), 6))
    model, state = make(), LearningState()
    broken_off = list(islice(model.steps(x, epochs=None, state=state, **options), 2))
    assert (state.epoch, state.batch) == (1, 1)  # the step was made, its pass not yet left
    again = LearningState()
    again.load_state_dict(state.state_dict())
    rest = [*model.steps(x, epochs=1, state=again, **options), *model.steps(x, epochs=3, state=again, **options)]
    assert broken_off + rest == at_once and (again.epoch, again.batch) == (6, 0)
