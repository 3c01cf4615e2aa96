"""The self-organizing map: its rules against sums written out, and what a user of a map relies on."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_iris, make_blobs

from udl_teach import data, fit, load, metrics, save, storage
from udl_teach.models import KMeans, SelfOrganizingMap
from udl_teach.models.maps.neighbourhood import default_radius
from udl_teach.modules import arguments_of

# What a map is made with; the rest goes to its steps.
MADE = ("topology", "wrap", "neighbourhood", "init", "missing", "seed")
GRIDS = [("rectangular", False), ("rectangular", True), ("hexagonal", False), ("hexagonal", True)]


@pytest.fixture(scope="module")
def digits():
    return data.digits()


def drawn(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def learned(x, rows=4, columns=5, *, model=None, **options):
    """A map after some passes, few and quick ones unless told otherwise."""
    made = {name: options.pop(name) for name in list(options) if name in MADE}
    model = SelfOrganizingMap(x.shape[1], rows, columns, **made)
    for _ in model.steps(x, **({"epochs": 10} | options)):
        pass
    return model


def share(kind, squared, radius):
    """The neighbourhood as its formula says, for one pair of units."""
    gaussian = np.exp(-squared / (2 * radius**2))
    inside = squared <= radius**2
    return {"gaussian": gaussian, "bubble": float(inside), "cut_gaussian": gaussian * inside}[kind]


def apart_on_the_grid(first, second, rows, columns, topology, wrap):
    """Squared distance of two units, the shortest over all copies of the second where the map is wrapped."""
    height = np.sqrt(3) / 2 if topology == "hexagonal" else 1.0
    x, y = (
        np.array([unit % columns + 0.5 * (unit // columns % 2) * (topology == "hexagonal"), unit // columns * height])
        for unit in (first, second)
    )
    copies = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)] if wrap else [(0, 0)]
    return min(((x - y - np.array([i * columns, j * rows * height])) ** 2).sum() for i, j in copies)


@pytest.mark.parametrize(("topology", "wrap"), GRIDS)
@pytest.mark.parametrize("kind", ["gaussian", "bubble", "cut_gaussian"])
@pytest.mark.parametrize("radius", [0.5, 1.5])
def test_a_batch_step_is_the_mean_that_the_formula_says(topology, wrap, kind, radius):
    x, rows, columns = drawn(0, 40, 3), 4, 5
    model = SelfOrganizingMap(3, rows, columns, topology=topology, wrap=wrap, neighbourhood=kind, init="data")
    model.initialize(x)
    before = model.weights.reshape(-1, 3).numpy().astype(float)
    best = ((x[:, None] - before) ** 2).sum(axis=2).argmin(axis=1)
    step = next(model.steps(x, radius=radius))
    for unit in range(rows * columns):
        h = [share(kind, apart_on_the_grid(c, unit, rows, columns, topology, wrap), radius) for c in best]
        right = np.average(x, axis=0, weights=h) if sum(h) > 0 else before[unit]
        assert np.allclose(model.weights.reshape(-1, 3)[unit], right, atol=1e-5)
    assert step.loss == pytest.approx(np.sqrt(((x[:, None] - before) ** 2).sum(axis=2).min(axis=1)).mean(), rel=1e-5)
    assert step.terms == {"quantization_error": step.loss, "radius": radius, "learning_rate": 1.0}


@pytest.mark.parametrize(("topology", "wrap"), GRIDS)
def test_an_online_step_moves_every_unit_by_its_share(topology, wrap):
    x, rows, columns = drawn(0, 40, 3), 4, 5
    model = SelfOrganizingMap(3, rows, columns, topology=topology, wrap=wrap, init="random")
    steps = model.steps(x, rule="online", radius=1.3, learning_rate=0.3)
    seen = []
    for _ in range(40):
        before = model.weights.reshape(-1, 3).numpy().copy()
        step = next(steps)
        sample, best = x[int(step.terms["sample"])], int(step.terms["unit"])
        distances = np.sqrt(((before - sample) ** 2).sum(axis=1))
        assert best == distances.argmin() and step.loss == pytest.approx(distances[best], rel=1e-5)
        for unit in range(rows * columns):
            h = share("gaussian", apart_on_the_grid(best, unit, rows, columns, topology, wrap), 1.3)
            right = before[unit] + 0.3 * h * (sample - before[unit])
            assert np.allclose(model.weights.reshape(-1, 3)[unit], right, atol=1e-5)
        seen.append(int(step.terms["sample"]))
    assert sorted(seen) == list(range(40)) and step.epoch == 1 and next(steps).epoch == 2


def test_a_unit_follows_the_faintest_pull_and_stays_without_any():
    # All samples are nearest to the first unit, so that whoever is reached at all goes to their mean.
    for radius, reached in ((0.5, [0, 1, 2]), (0.1, [0, 1]), (0.0, [0])):
        model = SelfOrganizingMap(1, 1, 3)
        model.weights = torch.tensor([[[0.0], [5.0], [9.0]]])
        next(model.steps([[1.0], [2.0]], radius=radius))
        assert model.weights.flatten().tolist() == [1.5 if unit in reached else [0, 5, 9][unit] for unit in range(3)]


def test_radius_zero_is_k_means(digits):
    x = digits.x[:400]
    model = SelfOrganizingMap(64, 3, 4, init="data")
    model.initialize(x)
    kmeans = KMeans(12)
    kmeans.centres = model.weights.reshape(12, 64).clone()
    for step, other in zip(model.steps(x, epochs=5, radius=0), kmeans.steps(x, epochs=5), strict=False):
        assert torch.allclose(model.weights.reshape(12, 64), kmeans.centres, atol=1e-5)
        assert step.index == other.index


def test_online_and_batch_come_to_the_known_answer():
    # Half of the data at 0, half at 1: each of two units is the mean of its own half and, h as much, of the other.
    x, radius = np.repeat([[0.0], [1.0]], 50, axis=0), 0.8
    h = np.exp(-1 / (2 * radius**2))
    answer = np.array([h, 1.0]) / (1 + h)
    batch = learned(x, 1, 2, radius=radius, epochs=50)
    online = learned(x, 1, 2, rule="online", radius=radius, epochs=100, learning_rate=(0.5, 0.001))
    assert np.allclose(np.sort(batch.weights.flatten()), answer, atol=1e-5)
    assert np.allclose(np.sort(online.weights.flatten()), answer, atol=0.01)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.sampled_from(["pca", "data"]))
def test_rotating_the_data_rotates_the_map(seed, init):
    x = drawn(seed, 150, 3) * np.array([3, 2, 1], np.float32) + drawn(seed + 1, 150, 3) ** 2
    rotation, _ = np.linalg.qr(drawn(seed + 2, 3, 3).astype(float))
    turned = learned(x @ rotation.astype(np.float32), init=init, epochs=3).weights.numpy()
    # Rounding may give a sample between two units to the other one, which moves the units around a little.
    assert np.abs(turned - learned(x, init=init, epochs=3).weights.numpy() @ rotation).mean() < 1e-2 * x.std()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_the_order_of_samples_does_not_change_the_batch_rule(seed):
    x = drawn(seed, 200, 4)
    mixed = np.random.default_rng(seed).permutation(x)
    assert torch.allclose(learned(x, epochs=5).weights, learned(mixed, epochs=5).weights, atol=1e-3)


def on_a_torus(n=4000, seed=0):
    """Points spread evenly over a torus in four dimensions: data without any border."""
    angles = np.random.default_rng(seed).uniform(0, 2 * np.pi, (n, 2))
    return np.concatenate([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


@pytest.mark.parametrize("topology", ["rectangular", "hexagonal"])
def test_a_wrapped_map_has_no_border_effect(topology):
    x = on_a_torus()
    inner = np.zeros((8, 8), dtype=bool)
    inner[2:-2, 2:-2] = True
    at_the_edge = {}
    for wrap in (True, False):
        model = learned(x, 8, 8, topology=topology, wrap=wrap, epochs=30)
        at_the_edge[wrap] = model.u_matrix()[~inner].mean() / model.u_matrix()[inner].mean()
    assert at_the_edge[True] == pytest.approx(1, abs=0.03)
    # Without it the units at the edge are pulled inwards and stand closer together.
    assert at_the_edge[False] < 0.93


@pytest.mark.parametrize("topology", ["rectangular", "hexagonal"])
def test_rolling_a_wrapped_map_changes_nothing_but_the_places(topology):
    x = drawn(0, 300, 4)
    model = learned(x, 6, 7, topology=topology, wrap=True, init="random")
    rolled = SelfOrganizingMap(4, 6, 7, topology=topology, wrap=True)
    rolled.weights = model.weights.roll((2, 3), dims=(0, 1)).clone()
    assert rolled.topographic_error(x) == model.topographic_error(x)
    assert np.allclose(rolled.u_matrix(), np.roll(model.u_matrix(), (2, 3), axis=(0, 1)), atol=1e-6)
    for changing in (model, rolled):
        next(changing.steps(x, radius=1.0))
    assert torch.allclose(rolled.weights, model.weights.roll((2, 3), dims=(0, 1)), atol=1e-5)


def test_missing_values_are_refused_with_their_place_or_ignored_on_request():
    x = drawn(0, 60, 3)
    x[7, 2] = np.nan
    with pytest.raises(ValueError, match=r'row 7, column 2.*missing="ignore"'):
        SelfOrganizingMap(3, 2, 2).steps(x)
    model = SelfOrganizingMap(3, 2, 3, missing="ignore")
    model.initialize(x)
    before = model.weights.reshape(6, 3).numpy().astype(float)
    best = np.nansum((x[:, None] - before) ** 2, axis=2).argmin(axis=1)
    next(model.steps(x, radius=0.9))
    for unit in range(6):
        h = np.array([share("gaussian", apart_on_the_grid(c, unit, 2, 3, "rectangular", False), 0.9) for c in best])
        present = ~np.isnan(x)
        right = (h[:, None] * np.nan_to_num(x)).sum(axis=0) / (h[:, None] * present).sum(axis=0)
        assert np.allclose(model.weights.reshape(6, 3)[unit], right, atol=1e-5)
    assert np.array_equal(model.predict(x), model.transform(x).argmin(axis=1))
    x[11] = np.nan
    with pytest.raises(ValueError, match="x has no value at all in row 11"):
        model.steps(x)
    with pytest.raises(ValueError, match="an infinite value first in row 3, column 0"):
        model.steps(np.where(np.arange(60)[:, None] == 3, np.inf, 0.0) + np.zeros((60, 3)))


@pytest.mark.parametrize("rule", ["batch", "online"])
@pytest.mark.parametrize("init", ["pca", "random", "data"])
def test_a_fifth_of_the_values_missing_still_gives_the_map_of_the_rest(digits, rule, init):
    x = digits.x[:300].copy()
    x[np.random.default_rng(0).random(x.shape) < 0.2] = np.nan
    model = learned(x, 6, 6, missing="ignore", rule=rule, init=init, epochs=20)
    full = learned(digits.x[:300], 6, 6, rule=rule, init=init, epochs=20)
    assert torch.isfinite(model.weights).all()
    assert model.quantization_error(digits.x[:300]) < 1.1 * full.quantization_error(digits.x[:300])


@pytest.mark.parametrize("rule", ["batch", "online"])
@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (6, 1), (2, 1)])
@pytest.mark.parametrize(("topology", "wrap"), GRIDS)
def test_chains_and_a_single_unit_work(shape, rule, topology, wrap):
    x = drawn(0, 50, 3)
    model = learned(x, *shape, rule=rule, topology=topology, wrap=wrap)
    assert torch.isfinite(model.weights).all() and np.isfinite(model.u_matrix()).all()
    assert 0 <= model.topographic_error(x) <= 1 and model.hits(x).sum() == 50
    if shape == (1, 1):
        assert model.neighbours((0, 0)) == [] and model.topographic_error(x) == 0
        if rule == "batch":
            assert np.allclose(model.weights.flatten(), x.mean(axis=0), atol=1e-6)


@pytest.mark.parametrize("x", [np.ones((5, 3)), np.ones((1, 3)), np.ones((30, 1)), np.eye(4)[:, :3]])
@pytest.mark.parametrize("init", ["pca", "random", "data"])
@pytest.mark.parametrize("wrap", [False, True])
def test_sets_without_spread_and_with_fewer_samples_than_units_work(x, init, wrap):
    for rule in ("batch", "online"):
        model = learned(x, 4, 4, rule=rule, init=init, wrap=wrap)
        assert torch.isfinite(model.weights).all() and np.isfinite(model.quantization_error(x))


def test_double_precision_gives_the_same_map(digits):
    x = digits.x[:300]
    assert torch.equal(learned(x).weights, learned(x.astype(np.float64)).weights)
    assert learned(x.astype(np.float64)).weights.dtype == torch.float32
    assert torch.equal(learned(x).weights, learned(torch.from_numpy(x.copy())).weights)


def test_a_run_is_the_same_again_and_its_seed_matters(digits):
    x = digits.x[:200]
    options = {"rule": "online", "epochs": 2}
    assert torch.equal(learned(x, **options).weights, learned(x, **options).weights)
    assert not torch.equal(learned(x, **options).weights, learned(x, **options, init="random").weights)
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    learned(x, **options, init="random")
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("rule", ["batch", "online"])
def test_two_runs_equal_one_to_the_last_bit(digits, rule):
    x, options = digits.x[:100], {"rule": rule, "radius": lambda step: 2 / (1 + step / 50), "progress": False}
    whole, halves = SelfOrganizingMap(64, 4, 4), SelfOrganizingMap(64, 4, 4)
    fit(whole, x, epochs=4, **options)
    options["learning_rate"] = None
    history = fit(halves, x, epochs=2, **options)
    history = fit(halves, x, epochs=2, resume=history, **options)
    if rule == "batch":
        assert torch.equal(whole.weights, halves.weights)
    assert len(history) == (4 if rule == "batch" else 400)


def test_an_online_run_goes_on_from_the_middle_of_a_pass(digits):
    x = digits.x[:50]
    options = {"rule": "online", "radius": 1.0, "learning_rate": 0.1}
    whole, halves = SelfOrganizingMap(64, 3, 3), SelfOrganizingMap(64, 3, 3)
    fit(whole, x, epochs=2, progress=False, **options)
    from udl_teach.training import LearningState

    state = LearningState(0)
    for step in halves.steps(x, epochs=2, state=state, **options):
        if step.index == 30:
            break
    again = LearningState(0)
    again.load_state_dict(state.state_dict())
    for _ in halves.steps(x, epochs=2, state=again, **options):
        pass
    assert torch.equal(whole.weights, halves.weights)


def test_a_saved_map_is_the_same_map(digits, tmp_path):
    model = learned(digits.x[:200], topology="hexagonal", wrap=True)
    save(model, tmp_path / "map.npz")
    again = load(tmp_path / "map.npz")
    assert torch.equal(again.weights, model.weights)
    assert (again.topology, again.wrap, again.rows, again.columns) == ("hexagonal", True, 4, 5)
    assert np.array_equal(again.best_units(digits.x), model.best_units(digits.x))


def test_old_names_answer_and_a_file_that_holds_them_loads(digits, tmp_path, monkeypatch):
    with pytest.warns(DeprecationWarning, match="the argument start is now called init"):
        model = SelfOrganizingMap(64, 3, 4, start="random")
    with pytest.warns(DeprecationWarning, match="begin is now called initialize"):
        model.begin(digits.x)
    with pytest.warns(DeprecationWarning, match="assign is now called predict"):
        assert np.array_equal(model.assign(digits.x), model.predict(digits.x))
    with pytest.warns(DeprecationWarning, match="neighbourhood_of is now called neighbourhood_function"):
        assert np.array_equal(model.neighbourhood_of((1, 1), 1.0), model.neighbourhood_function((1, 1), 1.0))
    arguments = arguments_of(model)
    arguments["start"] = arguments.pop("init")
    monkeypatch.setattr(storage, "arguments_of", lambda model: arguments)
    again = load(save(model, tmp_path / "map.npz"))
    assert again.init == "random" and torch.equal(again.weights, model.weights)


def test_defaults_give_a_good_map_of_digits(digits):
    model = SelfOrganizingMap(64, 8, 8)
    fit(model, digits.x, progress=False)
    units = model.predict(digits.x)
    assert model.quantization_error(digits.x) <= 1.30
    assert model.topographic_error(digits.x) <= 0.040
    assert metrics.purity(digits.labels, units) >= 0.935
    assert metrics.nmi(digits.labels, units) >= 0.675


def standardized(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)


TABLES = {
    "digits": lambda: data.digits().x,
    "wine": lambda: standardized(data.wine().x),
    "iris": lambda: standardized(load_iris().data),
    "blobs": lambda: make_blobs(400, 5, centers=5, random_state=0)[0],
    "square": lambda: np.random.default_rng(0).random((400, 2)),
}


@pytest.mark.parametrize("table", TABLES)
def test_defaults_give_a_useful_map_of_any_size(table):
    x = np.random.default_rng(1).permutation(TABLES[table]())[:40].astype(np.float32)
    errors = []
    for side in (2, 3, 4, 6, 9, 14, 20):  # from ten samples per unit to ten units per sample
        model = SelfOrganizingMap(x.shape[1], side, side)
        model.initialize(x)
        flat = model.quantization_error(x)
        fit(model, x, progress=False)
        errors.append(model.quantization_error(x))
        # The sheet of the start lies flat in the data, and fits points of a plane as well as anything can.
        assert errors[-1] < (1.25 if table == "square" else 1.02) * flat
        assert model.topographic_error(x) <= 0.1
        spread = model.weights.reshape(-1, x.shape[1]).numpy().var(axis=0).sum() / x.var(axis=0).sum()
        assert spread > (0.03 if side == 2 else 0.08 if side == 3 else 0.15)
        if side >= 9:
            assert metrics.trustworthiness(x, model.best_units(x)) > 0.85
    assert all(larger < smaller for smaller, larger in itertools.pairwise(errors))


def test_a_chain_longer_than_its_data_reaches_all_of_it():
    angle = np.random.default_rng(0).uniform(0, 2 * np.pi, 40)
    x = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    for length in (20, 100, 400):
        model = SelfOrganizingMap(2, 1, length)
        fit(model, x, progress=False)
        assert model.quantization_error(x) < 0.2 and model.topographic_error(x) <= 0.1


@pytest.mark.parametrize("rule", ["batch", "online"])
@pytest.mark.parametrize("options", [{"wrap": True}, {"topology": "hexagonal"}, {"neighbourhood": "bubble"}])
def test_no_map_shrinks_to_a_point(rule, options):
    x = data.digits().x[:40]
    model = learned(x, 20, 20, rule=rule, epochs=150 if rule == "batch" else 20, **options)
    assert model.quantization_error(x) < 1.6  # a point in the middle has 2.1
    assert model.weights.reshape(400, 64).numpy().var(axis=0).sum() > 0.15 * x.var(axis=0).sum()


def test_the_radius_falls_between_the_defaults():
    model, x = SelfOrganizingMap(2, 4, 6), drawn(0, 50, 2)
    radii = [step.terms["radius"] for step in model.steps(x, epochs=3)]
    assert (radii[0], radii[-1]) == default_radius(model.grid, "gaussian", 50)


def test_a_pair_spans_the_passes_of_both_runs(digits):
    model = SelfOrganizingMap(64, 4, 4)
    history = fit(model, digits.x[:100], epochs=3, radius=(4, 1), progress=False)
    assert history.terms["radius"] == pytest.approx([4, 2, 1])
    history = fit(model, digits.x[:100], epochs=2, radius=(16, 1), resume=history, progress=False)
    assert history.terms["radius"][3:] == pytest.approx([2, 1])


def is_flat_over_the_square(model, x):
    corners = model.weights[[0, 0, -1, -1], [0, -1, 0, -1]].numpy()
    nearest = np.abs(corners[:, None] - [[0, 0], [0, 1], [1, 0], [1, 1]]).max(axis=2)
    in_the_corners = sorted(nearest.argmin(axis=1)) == [0, 1, 2, 3] and nearest.min(axis=1).max() < 0.13
    return in_the_corners and model.topographic_error(x) <= 0.01


@pytest.mark.parametrize("init", ["pca", "random", "data"])
def test_defaults_unfold_a_sheet_over_a_square(init):
    x = np.random.default_rng(0).random((1000, 2))
    seeds = range(5) if init == "data" else [0]  # one initialization in ten from samples ends folded
    flat = [is_flat_over_the_square(learned(x, 10, 10, init=init, seed=seed, epochs=150), x) for seed in seeds]
    assert sum(flat) > len(flat) / 2


@pytest.mark.parametrize("centres", [3, 10])
def test_defaults_keep_blobs_in_order(centres):
    x, _ = make_blobs(4000, 50, centers=centres, random_state=0)
    assert learned(x, 25, 15, epochs=150).topographic_error(x) < 0.10


def test_twenty_online_passes_are_enough_for_digits(digits):
    model = learned(digits.x, 8, 8, rule="online", epochs=20)
    assert model.quantization_error(digits.x) < 1.36 and model.topographic_error(digits.x) < 0.06


BAD = [
    ({"n_features": 0}, {}, "n_features was 0"),
    ({"rows": 0}, {}, "rows was 0"),
    ({"init": "zero"}, {}, "init was 'zero'; it must be one of 'pca', 'random', 'data'"),
    ({"neighbourhood": "box"}, {}, "neighbourhood was 'box'"),
    ({"missing": "drop"}, {}, "missing was 'drop'"),
    ({}, {"rule": "both"}, "rule was 'both'; it must be one of 'batch', 'online'"),
    ({}, {"radius": -1}, "radius was -1"),
    ({}, {"radius": (3, 0)}, "radius was 0; it must be a finite number above 0"),
    ({}, {"radius": (3, 2, 1)}, "a number, a pair .start, end. or a function"),
    ({}, {"rule": "online", "learning_rate": 1.5}, "learning_rate was 1.5; it must be a finite number .*at most 1"),
    ({}, {"learning_rate": 0.1}, "learning_rate was given, but the batch rule has none"),
    ({}, {"epochs": -1}, "epochs was -1"),
    ({}, {"x": np.ones((5, 4))}, "x has 4 features per sample; this model was made for 3"),
]


@pytest.mark.parametrize(("made", "stepped", "message"), BAD)
def test_bad_arguments_are_answered_before_anything_changes(made, stepped, message):
    stepped = {"x": drawn(0, 20, 3)} | stepped
    with pytest.raises((ValueError, TypeError), match=message):
        model = SelfOrganizingMap(**({"n_features": 3, "rows": 3, "columns": 3} | made))
        try:
            model.steps(**stepped)
        finally:
            assert model.weights is None


def test_what_a_map_cannot_answer_it_says(digits):
    model = SelfOrganizingMap(64, 3, 3)
    for ask in (model.best_units, model.transform, model.hits, model.topographic_error):
        with pytest.raises(ValueError, match="this map has no weights yet; call fit"):
            ask(digits.x)
    with pytest.raises(TypeError, match="SelfOrganizingMap learns without labels"):
        fit(model, digits.x, digits.labels, progress=False)
    model = learned(digits.x[:50], 3, 3)
    with pytest.raises(ValueError, match="feature was 64; it must be below n_features=64"):
        model.component_plane(64)
    with pytest.raises(ValueError, match=r"unit was \(3, 0\); it must be a pair \(row, column\) on this map of 3 x 3"):
        model.neighbours((3, 0))
    with pytest.raises(ValueError, match="unit was 4"):
        model.neighbours(4)
    with pytest.raises(ValueError, match="labels has 1797 labels for 50 samples"):
        model.label_map(digits.x[:50], digits.labels)
    steps = model.steps(digits.x[:50], radius=lambda step: float("nan"))
    with pytest.raises(ValueError, match=r"radius\(0\) was nan"):
        next(steps)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
def test_a_gpu_learns_the_same_map(digits):
    maps = []
    for device in ("cpu", "cuda"):
        maps.append(SelfOrganizingMap(64, 6, 6, topology="hexagonal"))
        fit(maps[-1], digits.x, epochs=5, device=device, progress=False)
    assert maps[1].weights.device.type == "cuda"
    assert torch.allclose(maps[0].weights, maps[1].weights.cpu(), atol=1e-3)
