"""The rules of learning: one generator of steps, the same to everybody who advances it."""

import math
from itertools import islice

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach.fitting import fit
from udl_teach.models import Autoencoder, ConvAutoencoder, KMeans, SparseAutoencoder
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


def test_kmeans_yields_steps_like_everybody_else(x):
    model = KMeans(4, seed=1)
    steps = list(model.steps(x))
    losses = [step.loss for step in steps]
    assert losses == sorted(losses, reverse=True), "Lloyd's algorithm never gets worse"
    assert steps[-1].terms["moved"] == 0 and [s.index for s in steps] == list(range(1, len(steps) + 1))
