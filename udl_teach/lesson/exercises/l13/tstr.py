"""Train on synthetic, test on real."""

from functools import partial

import numpy as np

from udl_teach.lesson.exercise import difference, mistake


def tstr(x, y, n_train, synthesize, score):
    """Usefulness of synthetic data: (train on synthetic, test on real), (train on real, test on real).

    x (n, d) and y (n,) are real; the first n_train rows are for training, the others for testing.
    synthesize(x, y) trains a generator on the rows that it is given and returns synthetic rows (x, y).
    score(x_train, y_train, x_test, y_test) trains a model and returns its R² on the test rows. The model may compare
    distances, so standardize x first: by mean and standard deviation (ddof=0) of the rows that the model learns from.
    """
    ### BEGIN SOLUTION
    train, test = slice(None, n_train), slice(n_train, None)
    made_x, made_y = synthesize(x[train], y[train])

    def scaled_score(from_x, from_y):
        mean, sd = from_x.mean(axis=0), from_x.std(axis=0)
        return score((from_x - mean) / sd, from_y, (x[test] - mean) / sd, y[test])

    return scaled_score(made_x, made_y), scaled_score(x[train], y[train])
    ### END SOLUTION


HINTS = (
    "Split first. Only the final scoring may see the test rows.",
    "The generator learns from the training rows: made_x, made_y = synthesize(x[:n_train], y[:n_train]).",
    "Two models are trained: one on the synthetic rows, one on the real training rows. Both are tested on x[n_train:], "
    "y[n_train:].",
    "Each model scales its test rows by the mean and standard deviation of its own training rows.",
)


def arguments(rng):
    # Test rows that are not like the training rows, as those of another month: then it shows who has seen them.
    n, n_train = int(rng.integers(80, 100)), 50
    x = rng.normal(size=(n, 3)) * (1.0, 20.0, 0.1)
    x[n_train:] += (0.5, -8.0, 0.06)
    x[n_train:, 1] *= 1.6
    y = np.sin(x[:, 0]) + 0.05 * x[:, 1] + 8 * x[:, 2] + 0.2 * rng.normal(size=n)
    return x, y, n_train, partial(_interpolate, int(rng.integers(2**31))), _score


def _interpolate(seed, x, y):
    # Between each row and its nearest neighbour, as SMOTE does.
    draw = np.random.default_rng(seed)
    table = np.column_stack([x, y])
    away = (((table[:, None] - table) / table.std(axis=0)) ** 2).sum(axis=2)
    np.fill_diagonal(away, np.inf)
    share = draw.uniform(0, 1, (len(table), 1))
    made = table + share * (table[away.argmin(axis=1)] - table)
    return made[:, :-1], made[:, -1]


def _score(x_train, y_train, x_test, y_test):
    # R² of the mean of the three nearest neighbours.
    away = ((x_test[:, None] - x_train) ** 2).sum(axis=2)
    near = np.argsort(away, axis=1, kind="stable")[:, :3]
    return 1 - ((y_train[near].mean(axis=1) - y_test) ** 2).sum() / ((y_test - y_test.mean()) ** 2).sum()


test_rows_in_the_generator = difference(
    tstr,
    {"synthesize(x[train], y[train])": "synthesize(x, y)"},
    """Your generator was trained on all rows, the test rows among them. The synthetic table can then repeat what it
    will be tested on: give synthesize the first n_train rows only.""",
)

scaled_on_all = difference(
    tstr,
    {"mean, sd = from_x.mean(axis=0), from_x.std(axis=0)": "mean, sd = x.mean(axis=0), x.std(axis=0)"},
    """You measured mean and standard deviation on all rows, so the scaling knows the test rows. Measure them on the
    rows that the model learns from.""",
)

scaled_by_the_real_rows = difference(
    tstr,
    {"mean, sd = from_x.mean(axis=0), from_x.std(axis=0)":
     "mean, sd = x[train].mean(axis=0), x[train].std(axis=0)"},
    """You scaled both models by the real training rows. A user of your synthetic table does not have them: scale each
    model by the rows that it learns from.""",
)  # fmt: skip

test_rows_scaled_by_themselves = difference(
    tstr,
    {"(x[test] - mean) / sd": "(x[test] - x[test].mean(axis=0)) / x[test].std(axis=0)"},
    """You scaled the test rows by their own mean and standard deviation. A shift between training and test rows then
    disappears, and the model sees other units than it has learned. Use those of its training rows.""",
)

not_scaled = difference(
    tstr,
    {"mean, sd = from_x.mean(axis=0), from_x.std(axis=0)": "mean, sd = 0.0, 1.0"},
    """You did not standardize. The model compares distances, and the column with the largest numbers decides them
    alone.""",
)

tested_on_the_training_rows = difference(
    tstr,
    {"return scaled_score(made_x, made_y), scaled_score(x[train], y[train])":
     "made = scaled_score(made_x, made_y)\ntest = train\nreturn made, scaled_score(x[train], y[train])"},
    """The second number is a training score: the model on real rows was tested on the rows that it has learned from.
    Compared with it, every synthetic table looks poor. Test both models on the same test rows.""",
)  # fmt: skip


@mistake
def both_tested_on_the_training_rows(x, y, n_train, synthesize, score):
    """You tested both models on the real training rows. The generator has learned from them, so a generator that
    copies gets a perfect score. Test on the rows that nobody has seen: x[n_train:].
    """
    train = slice(None, n_train)
    results = []
    for from_x, from_y in (synthesize(x[train], y[train]), (x[train], y[train])):
        mean, sd = from_x.mean(axis=0), from_x.std(axis=0)
        results.append(score((from_x - mean) / sd, from_y, (x[train] - mean) / sd, y[train]))
    return tuple(results)


@mistake
def trained_on_real_tested_on_synthetic(x, y, n_train, synthesize, score):
    """Your first model learns from real rows and is tested on synthetic ones. That is TRTS, which asks whether
    synthetic rows look real; a generator that makes few kinds of rows passes it. Exchange the two.
    """
    train = slice(None, n_train)
    made_x, made_y = synthesize(x[train], y[train])
    mean, sd = x[train].mean(axis=0), x[train].std(axis=0)
    return score((x[train] - mean) / sd, y[train], (made_x - mean) / sd, made_y), tstr(
        x, y, n_train, synthesize, score
    )[1]


@mistake
def synthetic_on_both_sides(x, y, n_train, synthesize, score):
    """Your first model is trained and tested on synthetic rows. That says nothing about real rows: the test rows are
    x[n_train:], y[n_train:].
    """
    made_x, made_y = synthesize(x[:n_train], y[:n_train])
    scaled = (made_x - made_x.mean(axis=0)) / made_x.std(axis=0)
    return score(scaled, made_y, scaled, made_y), tstr(x, y, n_train, synthesize, score)[1]


@mistake
def exchanged(x, y, n_train, synthesize, score):
    """Your two results are exchanged: first the model trained on synthetic rows, then the one trained on real rows."""
    return tstr(x, y, n_train, synthesize, score)[::-1]
