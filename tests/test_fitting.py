"""fit: the bar, held-out data, early stopping, Interrupt and going on."""

import os
import signal

import numpy as np
import pytest
import torch

from udl_teach import fit
from udl_teach.models import PCA, Autoencoder, KMeans


@pytest.fixture
def x():
    return np.random.default_rng(0).random((60, 8), dtype=np.float32)


def make(**options):
    return Autoencoder(8, 2, (6,), **({"noise": 0.1} | options))


def weights(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def test_history_holds_every_step(x):
    history = fit(make(), x, epochs=3, batch_size=20, progress=False)
    assert len(history) == 9 and history.epochs == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert history.terms["reconstruction"] == history.loss
    assert history.seconds > 0 and history.stopped is None and "9 steps in 3 epochs" in repr(history)


def test_fit_is_the_steps_and_nothing_else(x):
    model = make()
    assert fit(make(), x, epochs=3, progress=False).loss == [step.loss for step in model.steps(x, epochs=3)]


def test_validation_and_the_bar_change_nothing(x, capsys):
    plain, watched = make(), make()
    a = fit(plain, x, epochs=4, batch_size=20, progress=False)
    b = fit(watched, x, epochs=4, batch_size=20, progress=True, validation=x[:10])
    assert a.loss == b.loss and torch.equal(weights(plain), weights(watched))
    assert len(b.validation) == 4 and "4 of 4 epochs" in capsys.readouterr().err


def test_the_bar_of_a_model_that_is_done_early_is_full(x, capsys):
    history = fit(KMeans(3), x, epochs=500)
    assert "100%" in (last := capsys.readouterr().err.split("\r")[-1]) and f"{len(history)} of {len(history)}" in last


def test_validation_is_the_loss_without_noise(x):
    model = make(noise=5.0)
    history = fit(model, x, epochs=2, progress=False, validation=x)
    expected = ((model(x) - x) ** 2).sum(axis=1).mean()
    assert history.validation[-1] == pytest.approx(expected, rel=1e-5)


def test_five_epochs_and_five_more_are_ten(x):
    ten, five = make(), make()
    whole = fit(ten, x, epochs=10, batch_size=25, progress=False, validation=x)
    half = fit(five, x, epochs=5, batch_size=25, progress=False, validation=x)
    both = fit(five, x, epochs=5, batch_size=25, progress=False, validation=x, resume=half)
    assert both.loss == whole.loss and both.epochs == whole.epochs and both.validation == whole.validation
    assert torch.equal(weights(ten), weights(five))


def test_early_stopping_goes_back_to_the_best(x):
    model = make(noise=0.0)
    few = x[:6]
    history = fit(model, few, epochs=3000, learning_rate=0.03, progress=False, validation=x[30:], patience=5)
    assert "no better" in history.stopped and len(history.validation) < 3000
    now = ((model(x[30:]) - x[30:]) ** 2).sum(axis=1).mean()
    assert now == pytest.approx(min(history.validation), rel=1e-5)
    assert history.validation.index(min(history.validation)) == len(history.validation) - 6


def test_interrupt_keeps_what_was_learned_and_goes_on_bit_for_bit(x):
    def interrupting(index):
        if index == 4:
            os.kill(os.getpid(), signal.SIGINT)
        return 1e-3

    before = signal.getsignal(signal.SIGINT)
    model, other = make(), make()
    history = fit(model, x, epochs=4, batch_size=20, learning_rate=interrupting, progress=False)
    assert len(history) == 5 and "interrupted after step 5" in history.stopped
    assert signal.getsignal(signal.SIGINT) == before
    history = fit(model, x, epochs=3, batch_size=20, progress=False, resume=history)
    assert history.loss == fit(other, x, epochs=4, batch_size=20, progress=False).loss
    assert torch.equal(weights(model), weights(other))


def test_a_nan_loss_hands_over_the_history(x):
    with pytest.raises(FloatingPointError, match="learning_rate") as caught:
        fit(make(), x, epochs=50, learning_rate=1e30, progress=False)
    assert len(caught.value.history) >= 1


def test_fit_serves_kmeans(x):
    history = fit(KMeans(3), x, epochs=50, progress=False)
    assert history.loss[-1] <= history.loss[0] and history.terms["moved"][-1] == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"epochs": -1}, "epochs was -1"),
        ({"epochs": 2.5}, "epochs was 2.5"),
        ({"device": "abacus"}, "device was 'abacus'"),
        ({"patience": 3}, "patience was given without validation"),
        ({"validation": np.ones((3, 5))}, "validation: x has 5 features"),
        ({"resume": "yes"}, "resume was str"),
        ({"seed": "x"}, "seed was 'x'"),
        ({"x": np.full((4, 8), np.nan)}, "row 0, column 0"),
        ({"x": np.ones((4, 9))}, "made for 8"),
        ({"x": np.empty((0, 8))}, "empty"),
        ({"x": [["a"] * 8]}, "holds text"),
    ],
)
def test_bad_arguments_change_nothing(x, change, words):
    model = make()
    before = weights(model)
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        fit(model, **({"x": x, "progress": False} | change))
    assert torch.equal(before, weights(model)) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("model", "words"), [("autoencoder", "model was str"), (PCA(2), "model was PCA, which does not learn by steps")]
)
def test_what_cannot_learn_is_told_so(model, words, x):
    with pytest.raises(TypeError, match=words):
        fit(model, x, progress=False)


def test_history_draws_itself(x):
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    history = fit(make(), x, epochs=3, progress=False, validation=x)
    assert history.plot(axes) is axes and len(axes.lines) >= 2
