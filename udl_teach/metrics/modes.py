"""How many of the modes a generator found, and how evenly it fills them.

Source: the protocol of Lin, Khetan, Fanti and Oh 2018, "PacGAN: the power of two samples in generative adversarial
networks", section 4.1, which goes back to Srivastava et al. 2017 (VEEGAN): 2,500 samples for the ring and the grid,
26,000 for stacked digits.
"""

from typing import Any, NamedTuple

import numpy as np
import torch

from udl_teach import inputs

# Distances in a block: 4 million numbers are 32 megabytes.
BLOCK = 2**22


class ModeCoverage(NamedTuple):
    """Where samples lie among known modes.

    Attributes:
        modes: modes with at least one sample of high quality.
        high_quality: share of the samples that are within 3 standard deviations of their nearest mode, in [0, 1]; NaN
            where a classifier gave the modes, since it names one for anything.
        reverse_kl: KL(generated || real) of the two histograms over the modes, in nats; 0 where the modes are filled as
            they should be. Real samples too have about (n_modes - 1) / (2 n_samples) of it, by chance.
        counts: samples of any quality at each mode, int64 array of shape (n_modes,).
        high_quality_counts: those of high quality among them.
    """

    modes: int
    high_quality: float
    reverse_kl: float
    counts: np.ndarray
    high_quality_counts: np.ndarray


def mode_coverage(x: Any, centres: Any, sd: Any, *, weights: Any = None) -> ModeCoverage:
    """How samples spread over Gaussian modes.

    A sample belongs to its nearest mode, whatever the distance, and is of high quality within 3 standard deviations of
    it. A mode counts with one sample of high quality. The histogram of the reverse KL holds all samples, those of low
    quality too:

        reverse KL = sum_m q_m log(q_m / p_m), q_m = counts_m / n_samples, p_m = weight of mode m

    Reverse, because a mode without samples adds nothing by itself: it stays finite when modes are lost.

    Args:
        x: samples, shape (n_samples, n_features).
        centres: the middles of the modes, shape (n_modes, n_features).
        sd: standard deviation of the modes in each direction, one number above 0 or one a mode. "Near" is measured in
            standard deviations, Euclidean in x / sd.
        weights: how often each mode occurs in the data, as shares of any sum above 0; None: equally often.

    Returns:
        A ModeCoverage.

    Raises:
        TypeError, ValueError: an argument is not what it must be, or they do not fit each other.
    """
    centres = inputs.samples(centres, "centres", dtype=torch.float64).detach().cpu()
    x = inputs.samples(x, "x", dtype=torch.float64).detach().cpu()
    if x.shape[1] != centres.shape[1]:
        raise ValueError(f"x has {x.shape[1]} features; it must have those of centres, {centres.shape[1]}.")
    spread = inputs.each(sd, "sd", len(centres), minimum=0.0)
    if (spread == 0).any():
        raise ValueError("sd was 0; it must be above 0, or no sample were near enough to a mode.")
    found, near = [], []
    for part in x.split(max(BLOCK // len(centres), 1)):
        apart = torch.cdist(part, centres, compute_mode="donot_use_mm_for_euclid_dist") / torch.from_numpy(spread)
        nearest = apart.min(dim=1)
        found.append(nearest.indices)
        near.append(nearest.values <= 3)
    mode, high = torch.cat(found).numpy(), torch.cat(near).numpy()
    good = np.bincount(mode[high], minlength=len(centres))
    counts = np.bincount(mode, minlength=len(centres))
    return ModeCoverage(int((good > 0).sum()), float(high.mean()), _reverse_kl(counts, weights), counts, good)


def class_coverage(labels_hat: Any, n_modes: int, *, weights: Any = None) -> ModeCoverage:
    """How samples spread over modes that a classifier told apart.

    A mode counts with one sample. A classifier gives a class to everything, noise included, so this number says nothing
    without a measure of quality beside it, such as the precision of `prdc`.

    Args:
        labels_hat: the class that the classifier gave each sample, whole numbers from 0 to n_modes - 1.
        n_modes: number of classes there are.
        weights: how often each class occurs in the data, as shares of any sum above 0; None: equally often.

    Returns:
        A ModeCoverage whose `high_quality` is NaN and whose `high_quality_counts` are the counts.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """
    labels_hat, n_modes = inputs.labels(labels_hat, "labels_hat"), inputs.whole(n_modes, "n_modes")
    low, high = labels_hat.min(), labels_hat.max()
    if low < 0 or high >= n_modes:
        raise ValueError(
            f"labels_hat holds numbers from {low} to {high}; they must lie from 0 to n_modes - 1, here {n_modes - 1}."
        )
    counts = np.bincount(labels_hat, minlength=n_modes)
    return ModeCoverage(int((counts > 0).sum()), float("nan"), _reverse_kl(counts, weights), counts, counts)


def _reverse_kl(counts: np.ndarray, weights: Any) -> float:
    weights = np.ones(len(counts)) if weights is None else inputs.each(weights, "weights", len(counts), minimum=0.0)
    if (weights == 0).any():
        raise ValueError("weights holds a 0; every mode must occur in the data: leave out those that do not.")
    p, q = weights / weights.sum(), counts / counts.sum()
    there = q > 0
    return max(float((q[there] * np.log(q[there] / p[there])).sum()), 0.0)
