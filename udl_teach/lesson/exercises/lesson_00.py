"""Exercise of lesson 00: centre the data."""

import numpy as np

from udl_teach.lesson.exercise import Exercise, Mistake


def centre(x):
    """Subtract from every feature (column) its mean over the samples (rows)."""
    return x - x.mean(axis=0)


def _table(rng):
    n_samples, n_features = rng.integers(5, 20), rng.integers(2, 5)
    return (rng.normal(rng.normal(0, 5, n_features), rng.uniform(0.2, 4, n_features), (n_samples, n_features)),)


EXERCISES = (
    Exercise(
        number="00.1",
        title="Centre the data",
        solution=centre,
        arguments=_table,
        mistakes=(
            Mistake(
                "one grand mean",
                lambda x: x - np.mean(x),
                "You subtracted one mean over everything. Every feature has a mean of its own: take it down each "
                "column, with axis=0.",
            ),
            Mistake(
                "mean over the wrong axis",
                lambda x: x - x.mean(axis=1, keepdims=True),
                "You subtracted from every sample its own mean, along the rows. Wanted is the mean of every feature, "
                "down the columns: the axis that runs over the samples is axis 0.",
            ),
            Mistake(
                "mean over the wrong axis, shapes do not fit",
                lambda x: x - x.mean(axis=1),
                "x.mean(axis=1) is one number a sample; wanted is one number a feature. Average over axis 0, and the "
                "shapes fit as well.",
            ),
            Mistake(
                "divides by the standard deviation as well",
                lambda x: (x - x.mean(axis=0)) / x.std(axis=0),
                "You also divided by the standard deviation. That is standardizing, one step more than centring: only "
                "subtract the mean here.",
            ),
            Mistake(
                "adds instead of subtracting",
                lambda x: x + x.mean(axis=0),
                "You added the mean. Subtract it: then every feature's new mean is zero.",
            ),
            Mistake(
                "returns the mean",
                lambda x: x.mean(axis=0),
                "You returned the means themselves. Subtract them from x and return what is left.",
            ),
        ),
        hints=(
            "After centring, the mean of every feature is zero. What do you have to take away from each column?",
            "x has shape (samples, features). x.mean(axis=0) averages over the samples: one number a feature is left.",
            "NumPy stretches a row over a whole table: x - something of shape (features,) subtracts it from each row.",
            "return x - x.mean(axis=...) and the axis is the one that runs over the samples.",
        ),
    ),
)
