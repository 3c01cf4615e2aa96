"""What a synthetic table gives away of the rows behind it: closest records, and membership inference.

Sources: Zhao, Kunar, Birke and Chen 2021, "CTAB-GAN", section 4, for distance to closest record and its ratio; Platzer
and Reutterer 2021, "Holdout-based empirical assessment of mixed-type synthetic data", for the share closer to training;
Stadler, Oprisanu and Troncoso 2022, "Synthetic data: anonymisation groundhog day", and Carlini et al. 2022, "Membership
inference attacks from first principles", for shadow models.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from udl_teach import inputs
from udl_teach.metrics.synthetic import checked_frame, floats, frame_pair, is_number, texts
from udl_teach.nearest import nearest


@dataclass(frozen=True)
class ClosestRecords:
    """For every synthetic row the closest real one.

    Attributes:
        distance: to it, shape (n_synthetic,).
        row: its position in the real table.
        ratio: this distance over that to the second closest, in [0, 1]: near 0 one row is much closer than all others,
            so the synthetic row is about that one. 1 where both are 0.
    """

    distance: np.ndarray
    row: np.ndarray
    ratio: np.ndarray


@dataclass(frozen=True)
class Share:
    """A share with its interval.

    Attributes:
        share: in [0, 1].
        low, high: ends of its 95 % interval.
    """

    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Membership:
    """How well an attacker tells from synthetic tables who was in the training data.

    Attributes:
        auc: mean over the shadow models: 0.5 is chance, 1 gives everybody away.
        low, high: ends of its 95 % interval over the shadow models (Student's t).
        per_shadow: the AUC of each shadow model, shape (shadows,).
        per_target: the AUC for each target, over the shadow models with it against those without, shape (n_targets,).
    """

    auc: float
    low: float
    high: float
    per_shadow: np.ndarray
    per_target: np.ndarray


def closest_records(synthetic: Any, real: Any) -> ClosestRecords:
    """Distance from every synthetic row to the closest real one, and its ratio to the second closest.

    Numbers are divided by the range from their 5 % to their 95 % quantile in `real`, a category that differs counts 1,
    and so does a value that is missing in one of two rows; the distance is Euclidean. It has no meaning by itself:
    compare with the distances of other real rows to the same ones. Where `synthetic` is a part of `real`, every row
    finds itself.

    Args:
        synthetic: DataFrame.
        real: DataFrame of the same columns, at least two rows.
    """
    real, synthetic = frame_pair(real, synthetic)
    if len(real) < 2:
        raise ValueError("real has one row; the ratio to the second closest needs at least 2.")
    distances, rows = nearest(_space(synthetic, real), _space(real, real), k=2)
    near, second = (np.where(column < 1e-5, 0.0, column) for column in distances.numpy().astype(np.float64).T)
    ratio = np.divide(near, second, out=np.ones_like(near), where=second > 0)
    return ClosestRecords(near, rows[:, 0].numpy(), ratio)


def closer_to_training(synthetic: Any, train: Any, holdout: Any, *, seed: int = 0) -> Share:
    """Share of the synthetic rows that lie closer to a training row than to one that was held out; 0.5 is no copying.

    Of as many rows of each, chosen at random where there are more; ties count half.

    Args:
        synthetic: DataFrame.
        train: DataFrame, the rows that the generator learned from.
        holdout: DataFrame, rows of the same origin that it has not seen.
        seed: of the choice.
    """
    train, synthetic = frame_pair(train, synthetic, ("train", "synthetic"))
    train, holdout = frame_pair(train, holdout, ("train", "holdout"))
    n = min(len(train), len(holdout))
    scale = train
    train, holdout = (frame.sample(n, random_state=seed) for frame in (train, holdout))
    rows = _space(synthetic, scale)
    to_train, to_holdout = (nearest(rows, _space(each, scale))[0][:, 0].numpy() for each in (train, holdout))
    closer = np.where(np.abs(to_train - to_holdout) < 1e-5, 0.5, to_train < to_holdout)
    margin = 1.96 * closer.std(ddof=1) / np.sqrt(len(closer)) if len(closer) > 1 else 0.5
    share = float(closer.mean())
    return Share(share, max(0.0, share - margin), min(1.0, share + margin))


def membership_inference(
    generate: Callable[[Any, int], Any],
    frame: Any,
    *,
    targets: Any = None,
    shadows: int = 8,
    size: int | None = None,
    seed: int = 0,
) -> Membership:
    """Attack a generator by shadow models: was a row among those that it learned from?

    Every shadow model learns from half of the rows, drawn at random, so that each target is in about half of them. The
    attacker sees its synthetic table alone and takes the distance from the target to the closest synthetic row, less
    the mean of that distance over the *other* shadow models that had not seen the target (Carlini et al. 2022: a row
    may be close to any table). Where members have smaller scores than others, the table gives them away.

    Args:
        generate: function from a DataFrame and a seed to a synthetic DataFrame: it fits and samples.
        frame: DataFrame, all rows.
        targets: positions of the rows that are attacked; None takes 500 at random, or all.
        shadows: number of shadow models, at least 4 and even; each is one fit.
        size: rows that each learns from; None takes half of them.
        seed: of the halves and of the shadow models.

    Returns:
        Membership; its interval covers the chance of halves and fits. It says what this attack finds: another one may
        find more.
    """
    from scipy.stats import t

    frame = checked_frame(frame, "frame").reset_index(drop=True)
    shadows = inputs.whole(shadows, "shadows", minimum=4)
    if shadows % 2:
        raise ValueError(f"shadows was {shadows}; it must be even: half of the models have seen a target.")
    rng = np.random.default_rng(seed)
    if targets is None:
        targets = rng.permutation(len(frame))[:500]
    targets = inputs.labels(targets, "targets")
    if targets.min() < 0 or targets.max() >= len(frame):
        raise ValueError(f"targets holds {targets.max()}; positions must be from 0 to {len(frame) - 1}.")
    # Halves in pairs: what one model of a pair has seen, the other has not.
    seen = np.zeros((shadows, len(frame)), dtype=bool)
    for k in range(0, shadows, 2):
        half = rng.permutation(len(frame))[: len(frame) // 2]
        seen[k, half] = True
        seen[k + 1] = ~seen[k]
    aimed, scores = _space(frame.iloc[targets], frame), np.empty((shadows, len(targets)))
    for k in range(shadows):
        rows = np.flatnonzero(seen[k])
        if size is not None:
            rows = rng.permutation(rows)[: inputs.whole(size, "size", minimum=2)]
            seen[k] = False
            seen[k, rows] = True
        made = frame_pair(
            frame, generate(frame.iloc[rows].reset_index(drop=True), int(seed) + k), ("frame", "the synthetic")
        )
        scores[k] = nearest(aimed, _space(made[1], frame))[0][:, 0].numpy()
    member = seen[:, targets]
    calibrated = np.empty_like(scores)
    for k in range(shadows):
        others = np.where(member, np.nan, scores)
        others[k] = np.nan
        calibrated[k] = scores[k] - np.nanmean(others, axis=0)
    per_shadow = np.array([_auc(-calibrated[k], member[k]) for k in range(shadows)])
    per_target = np.array([_auc(-scores[:, j], member[:, j]) for j in range(len(targets))])
    mean, margin = per_shadow.mean(), t.ppf(0.975, shadows - 1) * per_shadow.std(ddof=1) / np.sqrt(shadows)
    return Membership(float(mean), float(mean - margin), float(mean + margin), per_shadow, per_target)


def _auc(scores: np.ndarray, positive: np.ndarray) -> float:
    """scikit-learn's, but NaN where there are none of a kind."""
    from sklearn.metrics import roc_auc_score

    return float("nan") if positive.all() or not positive.any() else float(roc_auc_score(positive, scores))


def _space(frame: Any, scale: Any) -> torch.Tensor:
    """Rows as points, float32: scaled numbers, one-hot categories, and a column that says where a number is missing."""
    found = []
    for name in scale.columns:
        if is_number(scale[name]):
            own = floats(scale[name])
            own = own[~np.isnan(own)]
            low, middle, high = np.quantile(own, (0.05, 0.5, 0.95)) if len(own) else (0.0, 0.0, 1.0)
            spread = high - low or np.ptp(own) if len(own) else 1.0
            values = (floats(frame[name]) - middle) / (spread or 1.0)
            found.append(np.nan_to_num(values, nan=0.0))
            if scale[name].isna().any():
                found.append(np.isnan(values).astype(np.float64))
        else:
            column = texts(frame[name]).to_numpy()
            values = sorted(set(texts(scale[name])))
            # Two rows of different categories then lie at a distance of 1.
            found += [(column == value) / np.sqrt(2) for value in values]
    return torch.from_numpy(np.stack(found, axis=1).astype(np.float32))
