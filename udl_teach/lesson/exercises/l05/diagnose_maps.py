"""Diagnosing maps."""

import numpy as np

from udl_teach import metrics
from udl_teach.lesson.exercise import difference, mistake


def diagnose_maps(maps):
    """Name each map: "sound", "stiff", "twisted" or "dead units"."""
    names = []
    for weights, x in maps:
        # weights: (rows, columns, features), x: (samples, features). Find the name of this map, called name.
        ### BEGIN SOLUTION
        units = weights.reshape(-1, x.shape[1])
        winners = ((x[:, None] - units) ** 2).sum(axis=2).argmin(axis=1)
        unused = 1 - len(np.unique(winners)) / len(units)
        if metrics.topographic_error(x, weights) > 0.1:
            name = "dead units" if unused > 0.2 else "twisted"
        else:
            name = "stiff" if units.std(axis=0).mean() < 0.7 * x.std(axis=0).mean() else "sound"
        ### END SOLUTION
        names.append(name)
    return names


HINTS = (
    "Which of the four have a high topographic error? That leaves two pairs.",
    "Dead units win no sample: count how many units appear among the winners. A stiff map keeps its units close "
    "together: compare how far the units and the samples spread.",
    "Compare like with like: shares, and the spread of the units divided by that of the samples. A threshold in the "
    "units of the data fails as soon as somebody measures in millimetres.",
    "metrics.topographic_error(x, weights) > 0.1 separates twisted maps and dead units from the others; the share of "
    "units that win nothing separates those two; the spread, .std(axis=0).mean(), separates stiff from sound.",
)


def arguments(rng):
    # Every draw holds every case, in an order and a unit of its own, so every mistake shows.
    maps = [_drawn(rng, fault) for fault in ("sound", "stiff", "twisted", "dead units", "stiff", "sound")]
    return ([maps[place] for place in rng.permutation(len(maps))],)


def _drawn(rng, fault):
    # A band along the diagonal of a square: about half of the square is empty, and units thrown there win nothing.
    rows, columns = int(rng.integers(8, 10)), int(rng.integers(12, 15))
    axes = np.array([[1.5, 1.5], [-0.75, 0.75]])
    scale, shift = 10.0 ** rng.integers(-3, 4), rng.normal(size=2)
    x = rng.uniform(-1, 1, size=(600, 2)) @ axes
    across, along = np.linspace(-0.9, 0.9, rows), np.linspace(-0.93, 0.93, columns)
    places = np.stack(np.meshgrid(along, across), axis=2) + rng.normal(0, 0.005, (rows, columns, 2))
    weights = places @ axes
    if fault == "stiff":
        weights = rng.uniform(0.35, 0.5) * weights
    elif fault == "twisted":
        for start in range(0, columns, 4):
            weights[:, start : start + 2] = weights[::-1, start : start + 2]
        for start in range(0, rows, 4):
            weights[start : start + 2] = weights[start : start + 2, ::-1]
    elif fault == "dead units":
        weights = rng.uniform(x.min(axis=0), x.max(axis=0), size=weights.shape)
    return scale * (weights + shift), scale * (x + shift)


def agree(got, wanted):
    return list(got) == wanted


@mistake
def topographic_error_alone(maps):
    """You look at the topographic error alone, so dead units are called twisted. Both maps have no order, but only one
    has units that never win: count the winners.
    """
    return ["twisted" if name == "dead units" else name for name in diagnose_maps(maps)]


@mistake
def stiff_maps_overlooked(maps):
    """You call a stiff map sound. Its topographic error is low, because it lies flat; but it covers only the middle of
    the data. Compare the spread of its units with that of the samples.
    """
    return ["sound" if name == "stiff" else name for name in diagnose_maps(maps)]


spread_in_the_units_of_the_data = difference(
    diagnose_maps,
    {"0.7 * x.std(axis=0).mean()": "0.7"},
    """You compare the spread of the units with a fixed number. These data come in several units of measurement: divide
    by the spread of the samples.""",
)


@mistake
def quantization_error_against_a_fixed_number(maps):
    """You compare the quantization error with a fixed number, but it is measured in the units of the data. Compare it
    with another distance, such as the spread of the samples, or compare two spreads.
    """
    names = diagnose_maps(maps)
    far = [metrics.quantization_error(x, weights) > 0.2 for weights, x in maps]
    return [("stiff" if f else "sound") if name in ("stiff", "sound") else name for name, f in zip(names, far)]


@mistake
def unused_units_judged_first(maps):
    """You ask for unused units before you ask for order. Where a stiff map covers only the middle of the data, many of
    its inner units win nothing either, but they are pulled along. Look at the topographic error first.
    """
    names = []
    for (weights, x), name in zip(maps, diagnose_maps(maps)):
        units = weights.reshape(-1, x.shape[1])
        winners = ((x[:, None] - units) ** 2).sum(axis=2).argmin(axis=1)
        names.append("dead units" if len(np.unique(winners)) < 0.8 * len(units) else name)
    return names


names_exchanged = difference(
    diagnose_maps,
    {'"dead units" if unused > 0.2 else "twisted"': '"twisted" if unused > 0.2 else "dead units"'},
    """You exchanged "twisted" and "dead units". In a twisted map nearly every unit wins something; dead units win
    nothing.""",
)

high_and_low_exchanged = difference(
    diagnose_maps,
    {"topographic_error(x, weights) > 0.1": "topographic_error(x, weights) < 0.1"},
    """You exchanged high and low: a topographic error of 0 means that the best two units touch for every sample, so the
    map is in order.""",
)
