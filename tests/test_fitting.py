"""fit: the bar, held-out data, early stopping, Interrupt and going on."""

import copy
import os
import signal

import numpy as np
import pandas as pd
import pytest
import torch

from udl_teach import fit, load, save, training
from udl_teach.models import (
    GAN,
    PCA,
    Autoencoder,
    ConvClassifier,
    ConvGAN,
    KMeans,
    SelfOrganizingMap,
    VariationalAutoencoder,
)
from udl_teach.modules import arguments_of


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


def conditional():
    return GAN(8, 2, (6,), n_classes=3, ema=0.9, spectral_norm=True, packing=2)


BATCHES = {"batch_size": 25}
LEARNERS = {
    "autoencoder": (make, BATCHES),
    "variational": (lambda: VariationalAutoencoder(8, 2, (6,)), BATCHES | {"binarize": True}),
    "adversarial": (conditional, BATCHES | {"y": np.arange(60) % 3}),
    "images": (lambda: ConvGAN((1, 2, 4), 3, (4,), objective="wasserstein", ema=0.9, spectral_norm=True), BATCHES),
    "k-means": (lambda: KMeans(3), {}),
    "map": (lambda: SelfOrganizingMap(8, 3, 3), {"radius": lambda index: 1.0}),
    "map, online": (lambda: SelfOrganizingMap(8, 3, 3), {"rule": "online", "radius": 1.0, "learning_rate": 0.1}),
}


def copied(model, history, path):
    return copy.deepcopy(model), history


def loaded(model, history, path):
    return load(save(model, path, history), with_history=True)


def all_copied(model, history, path):
    return copy.deepcopy((model, history))


def filled(model, history, path):
    again = type(model)(**arguments_of(model) | {"seed": 99})
    return load(save(model, path, history), into=again, with_history=True)


@pytest.mark.parametrize("way", [copied, loaded, all_copied, filled])
@pytest.mark.parametrize("name", LEARNERS)
def test_a_copy_and_a_loaded_model_go_on_as_if_never_stopped(name, way, x, tmp_path):
    made, options = LEARNERS[name]
    options = {"progress": False} | options
    whole, half = made(), made()
    at_once = fit(whole, x, epochs=4, **options)
    history = fit(half, x, epochs=2, **options)
    before = {name: value.clone() for name, value in half.state_dict().items()}
    other, kept = way(half, history, tmp_path / "model.npz")
    both = fit(other, x, epochs=2, resume=kept, **options)
    assert both.loss == at_once.loss and both.epochs == at_once.epochs
    assert all(map(torch.equal, other.state_dict().values(), whole.state_dict().values()))
    assert all(torch.equal(value, before[name]) for name, value in half.state_dict().items())
    # The first history stays where it stopped, so the model itself goes on from it too.
    assert fit(half, x, epochs=2, resume=history, **options).loss == at_once.loss


@pytest.mark.parametrize("name", LEARNERS)
def test_a_model_that_did_not_make_the_history_is_refused(name, x):
    made, options = LEARNERS[name]
    history = fit(model := made(), x, epochs=2, progress=False, **options)
    changed = copy.deepcopy(model)
    fit(changed, x + 0.25 if name in ("k-means", "map", "map, online") else x, epochs=1, progress=False, **options)
    others = [made(), changed]
    for other in others:
        before = {name: value.clone() for name, value in other.state_dict().items()}
        with pytest.raises(ValueError, match=r"resume was a history that did not end with the weights of this .*\.$"):
            fit(other, x, epochs=1, progress=False, resume=history, **options)
        assert before.keys() == other.state_dict().keys()
        assert all(torch.equal(value, before[name]) for name, value in other.state_dict().items())
    assert len(history) == history.state.index


def test_a_model_of_another_size_or_kind_is_refused(x):
    history = fit(make(), x, epochs=1, progress=False)
    for other in (Autoencoder(8, 3, (6,)), Autoencoder(8, 2, (6, 6)), conditional(), SelfOrganizingMap(8, 3, 3)):
        with pytest.raises(ValueError, match="resume was a history that did not end"):
            fit(other, x, progress=False, resume=history)


def test_a_history_of_an_older_file_is_known_by_the_sizes_of_its_model(x, tmp_path):
    history = fit(model := make(), x, epochs=1, progress=False)
    history.fingerprint = None
    again, kept = load(save(model, tmp_path / "model.npz", history), with_history=True)
    with pytest.raises(ValueError, match="state was left by a model of other sizes"):
        fit(Autoencoder(8, 3, (6,)), x, progress=False, resume=kept)
    assert len(fit(again, x, epochs=1, progress=False, resume=kept)) == 2


def test_frames_are_learned_from_and_validated(x):
    frame, labels = pd.DataFrame(x, columns=list("xyzabcde")), pd.Series(np.arange(60) % 3)
    history = fit(make(), frame, epochs=2, progress=False, validation=frame)
    assert history.loss == fit(make(), x, epochs=2, progress=False).loss
    fit(conditional(), frame, labels, epochs=1, progress=False, validation=(frame[:10], labels[:10]))
    fit(Own(), frame, epochs=1, progress=False, validation=frame)
    assert make()(frame).shape == x.shape


def test_going_on_after_early_stopping_begins_at_the_best_weights(x, tmp_path):
    model = make()
    history = fit(model, x[:6], epochs=500, learning_rate=0.03, progress=False, validation=x[30:], patience=3)
    assert "no better" in history.stopped
    other, kept = load(save(model, tmp_path / "model.npz", history), with_history=True)
    ours = fit(model, x[:6], epochs=3, progress=False, resume=history)
    assert ours.loss == fit(other, x[:6], epochs=3, progress=False, resume=kept).loss


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
    assert history.loss[-1] <= history.loss[0] and history.terms["centre_shift"][-1] == 0
    with pytest.warns(DeprecationWarning, match="'moved' is now called 'centre_shift'"):
        assert history.terms["moved"] == history.terms["centre_shift"]


@pytest.mark.parametrize(
    ("model", "change", "words"),
    [
        (
            lambda: KMeans(3),
            {"batch_size": 20},
            "batch_size was given, but KMeans learns without it; its steps take ep",
        ),
        (lambda: KMeans(3), {"learning_rate": 0.1}, "learning_rate was given, but KMeans learns without it"),
        (lambda: KMeans(3), {"seed": 1}, "seed was given, but KMeans learns without it"),
        (lambda: SelfOrganizingMap(8, 3, 3), {"batch_size": 20}, "batch_size was given, .* take epochs, rule, radius"),
        (lambda: SelfOrganizingMap(8, 3, 3), {"learning_rate": 0.1}, "learning_rate was given, but the batch rule has"),
        (
            make,
            {"radius": 2.0},
            "radius was given, but Autoencoder learns without it; its steps take epochs, batch_siz",
        ),
    ],
)
def test_an_argument_without_meaning_is_refused(model, change, words, x):
    made = model()
    before = everything(made)
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        fit(made, x, progress=False, **change)
    assert same(before, everything(made)) and "\n" not in str(caught.value)


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


class Own(torch.nn.Module):
    """A user's module with batch normalization, which draws from torch's global generator too."""

    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(torch.nn.Linear(8, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 8))

    def loss(self, x, generator=None):
        return {"loss": ((self.layers(x + 0.1 * torch.randn(x.shape)) - x) ** 2).sum(dim=1).mean()}


def everything(model):
    return {name: value.clone() for name, value in model.state_dict().items()}, [m.training for m in model.modules()]


def same(one, other):
    return one[1] == other[1] and all(torch.equal(value, other[0][name]) for name, value in one[0].items())


def test_held_out_data_leave_no_trace_in_a_module_of_ones_own(x):
    runs = []
    for held_out in ({}, {"validation": x[:7]}):
        torch.manual_seed(0)
        model = Own()
        model.layers[1].eval()  # frozen, as in fine-tuning
        history = fit(model, x, epochs=3, batch_size=20, progress=False, **held_out)
        runs.append((history.loss, everything(model)[0]))
    assert runs[0][0] == runs[1][0] and same((runs[0][1], []), (runs[1][1], []))


class PerSample(Own):
    def loss(self, x, generator=None):
        return {"loss": ((self.layers(x) - x) ** 2).sum(dim=1)}


@pytest.mark.parametrize(
    ("made", "change", "kind"),
    [
        (Own, {"x": [["text"]]}, TypeError),
        (Own, {"validation": [["text"]]}, TypeError),
        (Own, {"validation": np.ones((4, 3))}, RuntimeError),  # the module's own words
        (Own, {"y": [0] * 60}, TypeError),
        (PerSample, {}, ValueError),
        (Own, {"learning_rate": lambda index: -1.0}, ValueError),
        (Own, {"x": np.full((60, 8), 1e38)}, FloatingPointError),
    ],
)
def test_a_fit_that_is_refused_changes_neither_weights_nor_counts_nor_modes(made, change, kind, x):
    model = made()
    model.eval().layers[0].train()
    before = everything(model)
    with pytest.raises(kind):
        fit(model, **({"x": x, "progress": False} | change))
    assert same(before, everything(model))


@pytest.mark.parametrize(
    ("model", "y", "held_out", "words"),
    [
        (lambda: ConvClassifier((1, 2, 4), 3, (4,)), [0, 1, 2] * 20, [0, 1, 3], "y holds labels from 0 to 3; .* 3 cl"),
        (lambda: ConvClassifier((1, 2, 4), 3, (4,)), [0, 1, 2] * 20, [0, 1], "y has 2 labels for 3 samples"),
        (lambda: ConvClassifier((1, 2, 4), 3, (4,)), [0, 1, 2] * 20, None, "y was missing"),
        (lambda: ConvClassifier((1, 2, 4), 3, (4,)), [0, 1, 2] * 20, ["a", "b", "c"], "y holds text"),
        (conditional, [0, 1, 2] * 20, [0, 1, 3], "y holds 3, but this model has 3 classes"),
        (conditional, [0, 1, 2] * 20, [0, -1, 2], "y holds -1, but this model has 3 classes"),
        (conditional, [0, 1, 2] * 20, [0, 1], "y has 2 labels for 3 samples"),
        (conditional, [0, 1, 2] * 20, None, "y was None, but this model has 3 classes"),
        (make, None, [0, 1, 2], "Autoencoder learns without labels"),
        (lambda: SelfOrganizingMap(8, 2, 2), None, [0, 1, 2], "SelfOrganizingMap learns without labels"),
        (lambda: GAN(8), None, [0, 1, 2], "made without classes"),
        (Own, None, [0, 1, 2], "Own learns without labels"),
    ],
)
def test_held_out_labels_are_checked_as_labels_to_learn_from(model, y, held_out, words, x):
    validation = x[:3] if held_out is None else (x[:3], held_out)
    made = model()
    before = everything(made)
    with pytest.raises((TypeError, ValueError), match=f"^validation: .*{words}"):
        fit(made, x, y, epochs=1, progress=False, validation=validation)
    assert same(before, everything(made))


def test_what_has_no_loss_to_validate_with_says_so_before_it_begins(x):
    model = KMeans(3)
    with pytest.raises(TypeError, match="validation was given, but KMeans has no loss"):
        fit(model, x, progress=False, validation=x)
    assert model.centres is None
    with pytest.raises(ValueError, match=r"validation was a tuple of 3; it must be samples or a pair"):
        fit(make(), x, progress=False, validation=(x, x, x))


def test_a_little_outside_the_range_is_validated_where_the_loss_allows_it(x):
    beyond = x[:5] * 1.5 - 0.25
    history = fit(Autoencoder(8, 2, (6,), output="sigmoid"), x, epochs=1, progress=False, validation=beyond)
    assert np.isfinite(history.validation).all()
    with pytest.raises(ValueError, match=r'validation: x holds values .*"bernoulli" needs values from 0 to 1'):
        fit(VariationalAutoencoder(8), x, epochs=1, progress=False, validation=beyond)


def cores(monkeypatch, number):
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: number)


class Counting(torch.nn.Linear):
    """Notes how many threads torch has while the loss is computed."""

    def __init__(self, width=8):
        super().__init__(width, width)
        self.seen = []

    def loss(self, x, generator=None):
        self.seen.append(torch.get_num_threads())
        return {"loss": ((self(x) - x) ** 2).sum(dim=1).mean()}


@pytest.fixture
def three_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


def test_a_small_model_learns_on_one_thread_and_hands_the_others_back(x, three_threads, monkeypatch):
    cores(monkeypatch, 3)
    model = Counting()
    fit(model, x, epochs=2, progress=False, validation=x)
    assert set(model.seen) == {1} and torch.get_num_threads() == 3
    steps = training.train(model, x)
    for _ in range(2):
        next(steps)
        assert torch.get_num_threads() == 3, "between two steps the machine is the caller's"
    with pytest.raises(FloatingPointError):
        fit(model, x, epochs=50, learning_rate=1e30, progress=False)
    assert torch.get_num_threads() == 3


def test_a_large_model_and_a_setting_of_the_users_own_are_left_alone(x, three_threads, monkeypatch):
    cores(monkeypatch, 3)
    large = Counting(1500)
    fit(large, np.ones((128, 1500), dtype=np.float32), epochs=1, progress=False)
    assert set(large.seen) == {3}
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    fit(small := Counting(), x, epochs=1, progress=False)
    assert set(small.seen) == {3}
    cores(monkeypatch, 64)  # 3 is not what torch takes by itself here
    monkeypatch.setattr(torch, "get_num_interop_threads", lambda: 64)
    fit(small := Counting(), x, epochs=1, progress=False)
    assert set(small.seen) == {3}


def test_history_draws_itself(x):
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    history = fit(make(), x, epochs=3, progress=False, validation=x)
    assert history.plot(axes) is axes and len(axes.lines) >= 2
