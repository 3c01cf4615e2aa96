"""Repair a comparison of codecs."""

import numpy as np

from udl_teach.lesson.exercise import difference, mistake


def lead_at_rates(one, other, rates):
    """The lead of the first curve over the second in dB at each rate; NaN at rates outside one of the curves."""
    ### BEGIN SOLUTION
    qualities = []
    for curve in (one, other):
        rate, quality = curve[np.argsort(curve[:, 0])].T
        qualities.append(np.interp(rates, rate, quality, left=np.nan, right=np.nan))
    return qualities[0] - qualities[1]
    ### END SOLUTION


HINTS = (
    "The two files of a row have different sizes. Read each curve at the given rates first, and subtract then.",
    "np.interp(rates, x, y) reads a curve between its points, but only if x increases: sort the rows of each curve by "
    "rate first, curve[np.argsort(curve[:, 0])].",
    "Outside the points np.interp repeats the last value, as if more bits bought nothing. With left=np.nan and "
    "right=np.nan it returns NaN there.",
    "rate, quality = curve[np.argsort(curve[:, 0])].T, then np.interp(rates, rate, quality, left=np.nan, "
    "right=np.nan), for both curves; return the first minus the second.",
)


def arguments(rng):
    # Lowest rate first and highest last, the others in falling order, so that np.interp without sorting answers, and
    # answers wrongly; the rates asked for reach beyond both curves at both ends.
    def curve(n, low, high, best):
        rate = np.geomspace(low, high, n) * rng.uniform(0.97, 1.03, size=n)
        quality = best + 6 * np.log2(1 + 4 * rate) + rng.uniform(-0.05, 0.05, size=n)
        order = [0, *range(n - 2, 0, -1), n - 1]
        return np.stack([rate, quality], axis=1)[order]

    n = int(rng.integers(6, 8))
    one = curve(n, 0.12, 1.5, rng.uniform(21, 22))
    other = curve(n, 0.22, 2.4, rng.uniform(19, 20))
    return one, other, np.array([0.15, 0.3, 0.55, 0.9, 1.3, 1.9]) * rng.uniform(0.97, 1.03)


def _at(curve, rates, **ends):
    rate, quality = curve[np.argsort(curve[:, 0])].T
    return np.interp(rates, rate, quality, **ends)


BOTH = {"left": np.nan, "right": np.nan}


@mistake
def still_at_equal_settings(one, other, rates):
    """Yours still compares point by point: the files of a row have different sizes. Read both curves at the given rates
    with np.interp, and subtract then.
    """
    return (one[:, 1] - other[:, 1]).mean()


@mistake
def at_equal_settings_point_by_point(one, other, rates):
    """Yours still compares point by point, without the mean: the files of a row have different sizes. Read both curves
    at the given rates with np.interp, and subtract then.
    """
    return one[:, 1] - other[:, 1]


not_sorted = difference(
    lead_at_rates,
    {"curve[np.argsort(curve[:, 0])].T": "curve.T"},
    """np.interp needs increasing rates, and the points of a curve come in any order here: it returns nonsense without a
    warning. Sort the rows first, curve[np.argsort(curve[:, 0])].""",
)

not_sorted_and_ends_repeated = difference(
    lead_at_rates,
    {"curve[np.argsort(curve[:, 0])].T": "curve.T", ", left=np.nan, right=np.nan": ""},
    """np.interp needs increasing rates, and the points of a curve come in any order here: it returns nonsense without a
    warning. Sort the rows first, curve[np.argsort(curve[:, 0])]. Then look at the rates outside the curves.""",
)

ends_repeated = difference(
    lead_at_rates,
    {", left=np.nan, right=np.nan": ""},
    """Outside the points np.interp repeats the last value, so yours compares where one curve was never measured. Pass
    left=np.nan and right=np.nan.""",
)

right_end_repeated = difference(
    lead_at_rates,
    {", right=np.nan": ""},
    "At low rates yours is NaN, as it must be, but beyond the last point it repeats a value: add right=np.nan.",
)

left_end_repeated = difference(
    lead_at_rates,
    {"left=np.nan, ": ""},
    "At high rates yours is NaN, as it must be, but before the first point it repeats a value: add left=np.nan.",
)

zero_outside = difference(
    lead_at_rates,
    {"left=np.nan, right=np.nan": "left=0, right=0"},
    "Outside its points a curve says nothing. A quality of 0 dB would be a claim: use np.nan.",
)

second_minus_first = difference(
    lead_at_rates,
    {"qualities[0] - qualities[1]": "qualities[1] - qualities[0]"},
    "The sign is the wrong way round: the lead of the first curve is the first minus the second.",
)

ratio_for_difference = difference(
    lead_at_rates,
    {"qualities[0] - qualities[1]": "qualities[0] / qualities[1]"},
    "You divided. Decibels are logarithms already: the lead is a difference.",
)

rate_and_quality_swapped = difference(
    lead_at_rates,
    {"np.interp(rates, rate, quality, left": "np.interp(rates, quality, rate, left"},
    "Rate and quality are swapped: np.interp takes the known rates first and the known qualities second.",
)

rate_and_quality_swapped_and_ends_repeated = difference(
    lead_at_rates,
    {"np.interp(rates, rate, quality, left=np.nan, right=np.nan)": "np.interp(rates, quality, rate)"},
    """Rate and quality are swapped: np.interp takes the known rates first and the known qualities second. And where a
    curve has no point, ask for left=np.nan and right=np.nan.""",
)


@mistake
def averaged_over_the_rates(one, other, rates):
    """You averaged over the rates. Return one number for each rate: a codec can lead at low rates and lose at high
    ones.
    """
    return np.nanmean(_at(one, rates, **BOTH) - _at(other, rates, **BOTH))


@mistake
def rates_outside_left_out(one, other, rates):
    """You left the rates outside the curves out. Return one number for each rate, and NaN where there is none."""
    lead = _at(one, rates, **BOTH) - _at(other, rates, **BOTH)
    return lead[~np.isnan(lead)]


@mistake
def nearest_point_for_interpolation(one, other, rates):
    """You took the nearest point of each curve, whose rate is not the rate asked for: interpolate with np.interp."""
    found = []
    for curve in (one, other):
        nearest = np.abs(curve[:, 0][None] - rates[:, None]).argmin(axis=1)
        inside = (rates >= curve[:, 0].min()) & (rates <= curve[:, 0].max())
        found.append(np.where(inside, curve[nearest, 1], np.nan))
    return found[0] - found[1]


@mistake
def nearest_point_everywhere(one, other, rates):
    """You took the nearest point of each curve, even at rates outside the curve. Interpolate with np.interp, and
    pass left=np.nan and right=np.nan.
    """
    found = [curve[np.abs(curve[:, 0][None] - rates[:, None]).argmin(axis=1), 1] for curve in (one, other)]
    return found[0] - found[1]


@mistake
def the_first_curve_alone(one, other, rates):
    """That is the quality of the first curve. Subtract the quality of the second at the same rates."""
    return _at(one, rates, **BOTH)
