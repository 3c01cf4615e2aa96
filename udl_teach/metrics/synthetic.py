"""Synthetic tables beside real ones: marginals, pairs of columns, a classifier's AUC, usefulness, rules.

All take pandas DataFrames of the same columns. Sources: Lopez-Paz and Oquab 2017, "Revisiting classifier two-sample
tests", for the AUC; Esteban, Hyland and Rätsch 2017, "Real-valued (medical) time series generation with recurrent
conditional GANs", for training on synthetic and testing on real data; Cramér 1946 for V; Pearson 1905 for the
correlation ratio.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from udl_teach import inputs


def marginal_distances(real: Any, synthetic: Any) -> dict[Any, float]:
    """How far each column's distribution is from the real one, in [0, 1]; 0 is best.

    Numbers: the Kolmogorov-Smirnov distance max |F - G|. Categories, true and false: the total variation distance
    1/2 sum |p - q|. Missing values count as a category; the distance of a number is that of its present values or that
    of the share of missing ones, whichever is larger.

    Args:
        real: DataFrame, shape (n_real, n_columns).
        synthetic: DataFrame of the same columns.

    Returns:
        column -> distance.

    Raises:
        TypeError, ValueError: an argument is no DataFrame with rows, or their columns differ.
    """
    real, synthetic = frame_pair(real, synthetic)
    found = {}
    for name in real.columns:
        a, b = real[name], synthetic[name]
        if is_number(a):
            a, b = floats(a), floats(b)
            gaps = abs(np.isnan(a).mean() - np.isnan(b).mean())
            found[name] = float(max(gaps, _kolmogorov_smirnov(a[~np.isnan(a)], b[~np.isnan(b)])))
        else:
            p, q = (texts(column).value_counts(normalize=True) for column in (a, b))
            found[name] = float(0.5 * p.sub(q, fill_value=0.0).abs().sum())
    return found


def associations(frame: Any) -> Any:
    """How strongly every two columns depend on each other, in [0, 1]; a DataFrame (n_columns, n_columns).

    Two numbers: |Spearman's rank correlation|. A number and a category: the correlation ratio of the ranks (the share
    of their standard deviation that lies between the categories). Two categories: Cramér's V. Rows with a missing
    number are left out; a constant column depends on nothing.
    """
    import pandas as pd

    frame = checked_frame(frame, "frame")
    numbers = {name: is_number(frame[name]) for name in frame.columns}
    coded = {
        name: frame[name].astype("Float64").rank().to_numpy(dtype=float, na_value=np.nan)
        if numbers[name]
        else pd.factorize(texts(frame[name]))[0]
        for name in frame.columns
    }
    table = np.eye(len(frame.columns))
    for i, one in enumerate(frame.columns):
        for j in range(i):
            other = frame.columns[j]
            if numbers[one] and numbers[other]:
                value = _correlation(coded[one], coded[other])
            elif numbers[one] or numbers[other]:
                number, category = (one, other) if numbers[one] else (other, one)
                value = _correlation_ratio(coded[number], coded[category])
            else:
                value = _cramers_v(coded[one], coded[other])
            table[i, j] = table[j, i] = value
    return pd.DataFrame(table, index=frame.columns, columns=frame.columns)


def association_difference(real: Any, synthetic: Any) -> float:
    """Mean absolute difference of the `associations` over all pairs of columns, in [0, 1]; 0 is best."""
    real, synthetic = frame_pair(real, synthetic)
    if len(real.columns) < 2:
        raise ValueError("real has one column; a pair needs at least two.")
    pairs = np.triu_indices(len(real.columns), 1)
    return float(np.abs(associations(real).to_numpy() - associations(synthetic).to_numpy())[pairs].mean())


def detection_auc(real: Any, synthetic: Any, *, folds: int = 3, seed: int = 0) -> float:
    """AUC of gradient boosting that tells synthetic from real rows, cross-validated: 0.5 is best, 1 is worst.

    Of as many rows of each. A table can be useful though it is told apart: one rule that is always broken is enough.

    Args:
        real: DataFrame.
        synthetic: DataFrame of the same columns.
        folds: of the cross-validation.
        seed: of the choice of rows, the folds and the boosting.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold, cross_val_score

    real, synthetic = frame_pair(real, synthetic)
    n = min(len(real), len(synthetic))
    folds = inputs.whole(folds, "folds", minimum=2)
    if n < folds:
        raise ValueError(f"the smaller table has {n} rows; {folds} folds need at least as many.")
    real, synthetic = (frame.sample(n, random_state=seed) for frame in (real, synthetic))
    x = np.concatenate([codes(real, real), codes(synthetic, real)])
    y = np.repeat([0, 1], n)
    splits = StratifiedKFold(folds, shuffle=True, random_state=seed)
    return float(
        cross_val_score(HistGradientBoostingClassifier(random_state=seed), x, y, cv=splits, scoring="roc_auc").mean()
    )


def transfer_score(train: Any, test: Any, label: Any, *, learner: Any = None, seed: int = 0) -> float:
    """Train on one table, test on another: macro-F1 if the label is a category, R^2 if it is a number; 1 is best.

    TSTR is `transfer_score(synthetic, real_test, label)`, what the synthetic table is good for; TRTS is
    `transfer_score(real, synthetic, label)`; what they are to be compared with is `transfer_score(real, real_test,
    label)`. The test rows must not have been seen by the generator.

    Args:
        train: DataFrame to learn from.
        test: DataFrame of the same columns.
        label: the column to predict. Whole numbers with at most 10 different values are categories.
        learner: a scikit-learn classifier or regressor, which gets standardized columns, one-hot categories, and means
            in place of missing numbers; None takes gradient boosting.
        seed: of the boosting.

    Raises:
        TypeError, ValueError: an argument is not what it must be, or `train` holds a single class.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.metrics import f1_score, r2_score

    train, test = frame_pair(train, test, ("train", "test"))
    if label not in train.columns:
        raise ValueError(f"label was {label!r}; it must be one of {', '.join(map(repr, train.columns))}.")
    number = is_number(test[label]) and not _is_few(test[label])
    if train[label].isna().any() or test[label].isna().any():
        train, test = train.dropna(subset=[label]), test.dropna(subset=[label])
    y_train, y_test = ((floats if number else _names)(frame[label]) for frame in (train, test))
    if not number and len(np.unique(y_train)) < 2:
        raise ValueError(f"label {label!r} has one class in train; a classifier needs at least two.")
    train, test = train.drop(columns=label), test.drop(columns=label)
    if learner is None:
        kind = HistGradientBoostingRegressor if number else HistGradientBoostingClassifier
        guess = kind(random_state=seed).fit(codes(train, test), y_train).predict(codes(test, test))
    else:
        from sklearn.base import clone
        from sklearn.preprocessing import StandardScaler

        scaler = StandardScaler().fit(x := one_hot(train, test))
        guess = clone(learner).fit(scaler.transform(x), y_train).predict(scaler.transform(one_hot(test, test)))
    return float(r2_score(y_test, guess) if number else f1_score(y_test, guess, average="macro"))


def rule_violations(frame: Any, rules: dict[str, Callable[[Any], Any]]) -> dict[str, float]:
    """Share of rows that break each rule, in [0, 1].

    Args:
        frame: DataFrame.
        rules: name -> function from the frame to True or False per row, True where the rule holds, such as
            `data.diamond_rules()`.
    """
    frame = checked_frame(frame, "frame")
    found = {}
    for name, rule in rules.items():
        kept = np.asarray(rule(frame), dtype=bool)
        if kept.shape != (len(frame),):
            raise ValueError(f"rules[{name!r}] gave shape {kept.shape}; it must give one True or False per row.")
        found[name] = float(1 - kept.mean())
    return found


def is_number(column: Any) -> bool:
    """Whether a column holds numbers, true and false excepted."""
    return getattr(column.dtype, "kind", "O") in "iuf" and not hasattr(column, "cat")


def floats(column: Any) -> np.ndarray:
    """A column of numbers as float64, NaN where missing."""
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def texts(column: Any) -> Any:
    """A column of categories as texts, one of them for what is missing."""
    return column.astype(object).where(column.notna(), "(missing)").map(str)


def codes(frame: Any, known: Any) -> np.ndarray:
    """Numbers as they are, categories by their place among those of `known`; NaN where missing or unknown."""
    import pandas as pd

    found = []
    for name in known.columns:
        if is_number(known[name]):
            found.append(floats(frame[name]))
        else:
            values = sorted(texts(known[name]).unique())
            place = pd.Categorical(texts(frame[name]), values).codes.astype(np.float64)
            found.append(np.where(place < 0, np.nan, place))
    return np.stack(found, axis=1)


def one_hot(frame: Any, known: Any) -> np.ndarray:
    """Numbers, with the mean of `known` where missing, and a column of 0 and 1 for each category of `known`."""
    found = []
    for name in known.columns:
        if is_number(known[name]):
            values, own = floats(frame[name]), floats(known[name])
            found.append(np.where(np.isnan(values), np.nanmean(own) if not np.isnan(own).all() else 0.0, values))
        else:
            column = texts(frame[name]).to_numpy()
            found += [(column == value).astype(np.float64) for value in sorted(texts(known[name]).unique())]
    return np.stack(found, axis=1)


def _kolmogorov_smirnov(a: np.ndarray, b: np.ndarray) -> float:
    if not len(a) or not len(b):
        return float(len(a) != len(b))
    at = np.sort(np.concatenate([a, b]))
    below_a, below_b = (np.searchsorted(np.sort(each), at, side="right") / len(each) for each in (a, b))
    return float(np.abs(below_a - below_b).max())


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    kept = ~(np.isnan(a) | np.isnan(b))
    if kept.sum() < 2 or np.ptp(a[kept]) == 0 or np.ptp(b[kept]) == 0:
        return 0.0
    return float(abs(np.corrcoef(a[kept], b[kept])[0, 1]))


def _correlation_ratio(number: np.ndarray, category: np.ndarray) -> float:
    kept = ~np.isnan(number)
    number, category = number[kept], category[kept]
    if not len(number) or np.ptp(number) == 0:
        return 0.0
    counts = np.bincount(category)
    sums = np.bincount(category, number)
    means = sums[counts > 0] / counts[counts > 0]
    return float(
        np.sqrt((counts[counts > 0] * (means - number.mean()) ** 2).sum() / ((number - number.mean()) ** 2).sum())
    )


def _cramers_v(a: np.ndarray, b: np.ndarray) -> float:
    counts = np.zeros((a.max() + 1, b.max() + 1))
    np.add.at(counts, (a, b), 1)
    if min(counts.shape) < 2:
        return 0.0
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    chi2 = ((counts - expected) ** 2 / expected).sum()
    return float(np.sqrt(chi2 / counts.sum() / (min(counts.shape) - 1)))


def _is_few(column: Any) -> bool:
    values = floats(column)
    values = np.unique(values[~np.isnan(values)])
    return len(values) <= 10 and np.array_equal(values, np.round(values))


def _names(column: Any) -> np.ndarray:
    # 1, 1.0 and True of different tables are one class.
    return np.array(
        [str(float(value)) if isinstance(value, (int, float, np.number)) else str(value) for value in column]
    )


def checked_frame(frame: Any, name: str) -> Any:
    """The frame, if it is a pandas DataFrame with rows and columns; else an error says so."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"{name} was {type(frame).__name__}; it must be a pandas DataFrame.")
    if not len(frame) or not len(frame.columns):
        raise ValueError(f"{name} has shape {frame.shape}; it must have at least one row and one column.")
    return frame


def frame_pair(one: Any, other: Any, names: tuple[str, str] = ("real", "synthetic")) -> tuple[Any, Any]:
    """Two frames of the same columns, those of the second in the order of the first; else an error says so."""
    one, other = checked_frame(one, names[0]), checked_frame(other, names[1])
    if set(one.columns) != set(other.columns):
        odd = sorted(map(repr, set(one.columns) ^ set(other.columns)))
        raise ValueError(f"{names[0]} and {names[1]} differ in the columns {', '.join(odd)}; they must have the same.")
    return one, other[list(one.columns)]
