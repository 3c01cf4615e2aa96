"""Lesson 03: right answers written in other ways pass, and the same mistake written in another way gets its hint."""

import itertools
import math
import zlib
from collections import Counter

import numpy as np
import pytest
from scipy import stats
from scipy.interpolate import interp1d
from scipy.spatial.distance import cdist
from scipy.special import softmax
from skimage.metrics import peak_signal_noise_ratio

from udl_teach.lesson.exercises import exercise
from udl_teach.lesson.verdict import RIGHT, WRONG, verdict_on


def pair_in_another_order(x, strength, rng):
    return x + strength * rng.standard_normal(x.shape[::-1]).T, x


def pair_one_by_one(x, strength, rng):
    noisy = x.copy()
    for sample in noisy:
        sample += rng.normal(scale=strength, size=len(sample))
    return noisy, x


def pair_in_place(x, strength, rng):
    noisy = x
    noisy += rng.normal(0, strength, x.shape)
    return noisy, x


def pair_clipped_low(x, strength, rng):
    return np.maximum(x + rng.normal(0, strength, x.shape), 0), x


def pair_from_a_fixed_seed(x, strength, rng):
    np.random.seed(0)
    return x + np.random.normal(0, strength, x.shape), x


def pair_with_constant(x, strength, rng):
    return x + strength, x


def pair_masked(x, strength, rng):
    return np.where(rng.random(x.shape) < strength, 0, x), x


def entropy_in_256_bins(codes):
    return entropy_by_hand(np.digitize(codes, np.linspace(codes.min(), codes.max() + 1e-6, 257)))


def entropy_of_rows(codes):
    return entropy_by_hand(np.unique(codes, axis=0, return_inverse=True)[1])


def entropy_by_counter_of_rows(codes):
    return Counter(codes)


def entropy_by_hand(codes):
    codes = codes.ravel().tolist()
    return sum(n / len(codes) * math.log2(len(codes) / n) for n in Counter(codes).values())


def entropy_by_bincount(codes):
    p = np.bincount((codes - codes.min()).ravel()) / codes.size
    p = p[p > 0]
    return -np.sum(p * np.log2(p))


def entropy_of_a_density(codes):
    p, _ = np.histogram(codes, bins=np.arange(codes.min(), codes.max() + 2), density=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -(p * np.log2(p)).sum()


def means_by_bayes(noisy, clean, sigma):
    """Point by point, with normalized densities of the noise."""
    answers = []
    for point in noisy:
        density = stats.norm(0, sigma).pdf(point - clean).prod(axis=1)
        posterior = density / density.sum()
        answers.append((posterior[:, None] * clean).sum(axis=0))
    return np.array(answers)


def means_by_softmax(noisy, clean, sigma):
    return softmax(-(cdist(noisy, clean) ** 2) / (2 * sigma**2), axis=1) @ clean


def means_of_the_nearest_three(noisy, clean, sigma):
    return np.array([clean[np.argsort(row)[:3]].mean(axis=0) for row in cdist(noisy, clean)])


def lead_by_hand(one, other, rates):
    def at(curve, rate):
        points = sorted(map(tuple, curve))
        for (low, bad), (high, good) in itertools.pairwise(points):
            if low <= rate <= high:
                return bad + (good - bad) * (rate - low) / (high - low)
        return math.nan

    return [at(one, rate) - at(other, rate) for rate in rates]


def lead_by_scipy(one, other, rates):
    return np.subtract(*(interp1d(*curve.T, bounds_error=False)(rates) for curve in (one, other)))


def lead_over_log_rates(one, other, rates):
    one, other = (curve[curve[:, 0].argsort()] for curve in (one, other))
    at = [np.interp(np.log(rates), np.log(curve[:, 0]), curve[:, 1], math.nan, math.nan) for curve in (one, other)]
    return at[0] - at[1]


def psnr(x, x_hat):
    return peak_signal_noise_ratio(x, x_hat, data_range=1.0)


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("03.1", pair_in_another_order),
        ("03.1", pair_one_by_one),
        ("03.1", lambda x, strength, rng: [x - rng.normal(0, strength, x.shape), x.copy()]),
        ("03.2", means_by_bayes),
        ("03.2", means_by_softmax),
        ("03.3", entropy_by_hand),
        ("03.3", entropy_by_bincount),
        ("03.3", lambda codes: stats.entropy(np.unique(codes, return_counts=True)[1], base=2)),
        ("03.4", lambda image, data, decoded: (len(data) * 8 / image[0].size, psnr(image, decoded))),
        ("03.4", lambda image, data, decoded: [8 * len(data) / image.shape[1] / image.shape[2], psnr(image, decoded)]),
        ("03.4", lambda image, data, decoded: np.array([8 * len(data) / image[0].size, psnr(image, decoded)])),
        ("03.5", lambda one, other, rates: np.array(lead_by_hand(one, other, rates))),
        ("03.5", lead_by_scipy),
    ],
)
def test_another_way_to_be_right(number, answer):
    verdict = verdict_on(exercise(number), answer, seed=0, seconds=60.0)
    assert verdict.status == RIGHT, verdict.sentence


@pytest.mark.parametrize(
    ("number", "answer", "mistake"),
    [
        ("03.1", pair_in_place, "target is the noisy image"),
        ("03.1", lambda x, strength, rng: (x, pair_in_another_order(x, strength, rng)[0]), "given and wanted swapped"),
        ("03.1", lambda x, strength, rng: np.clip(pair_in_another_order(x, strength, rng), 0, 1), None),
        ("03.1", lambda x, strength, rng: (np.clip(pair_in_another_order(x, strength, rng)[0], 0, 1), x),
         "noise clipped away"),
        ("03.1", lambda x, strength, rng: (x + rng.normal(0, strength, (1, x.shape[1])), x),
         "noise shared over the batch"),
        ("03.1", pair_from_a_fixed_seed, "the same noise in each call"),
        ("03.1", lambda x, strength, rng: (x + np.random.normal(0, strength, x.shape), x), "a generator of its own"),
        ("03.1", lambda x, strength, rng: (x + rng.uniform(-1, 1, x.shape) * strength, x), "uniform noise"),
        ("03.1", pair_with_constant, "a constant in place of noise"),
        ("03.1", pair_masked, "masking in place of noise"),
        ("03.1", lambda x, strength, rng: (x + rng.normal(0, strength, x.shape), pair_in_another_order(x, strength,
                                                                                                        rng)[0]),
         "both noisy"),
        ("03.2", lambda noisy, clean, sigma: clean[cdist(noisy, clean).argmin(axis=1)], "nearest clean point"),
        ("03.2", lambda noisy, clean, sigma: clean.mean(axis=0) + 0 * noisy, "all alike"),
        ("03.2", lambda noisy, clean, s: means_by_softmax(noisy, clean, s / math.sqrt(2)), "factor two missing"),
        ("03.2", lambda noisy, clean, sigma: means_by_softmax(noisy, clean, math.sqrt(sigma)), "sigma not squared"),
        ("03.2", lambda noisy, clean, sigma: softmax(-cdist(noisy, clean) ** 2 / (2 * sigma**2), axis=0) @ clean,
         "normalized over the noisy points"),
        ("03.3", lambda codes: stats.entropy(np.unique(codes, return_counts=True)[1]), "natural logarithm"),
        ("03.3", entropy_of_a_density, "zero counts"),
        ("03.3", lambda codes: entropy_by_hand(np.abs(codes)), "signs thrown away"),
        ("03.3", lambda codes: entropy_by_hand(codes) * codes.size, "bits in all"),
        ("03.3", lambda codes: math.log2(len(set(codes.ravel().tolist()))), "all symbols alike"),
        ("03.3", entropy_of_rows, "rows for symbols"),
        ("03.3", lambda codes: np.mean([entropy_by_hand(column) for column in codes.T]), "mean over the columns"),
        ("03.4", lambda image, data, decoded: (len(data) / image[0].size, psnr(image, decoded)), "bytes for bits"),
        ("03.4", lambda image, data, decoded: (image[0].size / len(data) / 8, psnr(image, decoded)), "pixels per bit"),
        ("03.4", lambda image, data, decoded: (8 * len(data) / image[0].size, np.mean([*map(psnr, image, decoded)])),
         "psnr of each channel"),
        ("03.4", lambda image, data, decoded: (8 * len(data) / np.prod(image.shape), psnr(image, decoded)),
         "channels counted as pixels"),
        ("03.4", lambda image, data, decoded: (8 * len(data) / image.shape[1], psnr(image, decoded)),
         "divided by the height"),
        ("03.4", lambda image, data, decoded: (psnr(image, decoded), 8 * len(data) / image[0].size),
         "distortion first"),
        ("03.4", lambda image, data, decoded: (entropy_by_hand(np.frombuffer(data, np.uint8)) * len(data)
                                               / image[0].size, psnr(image, decoded)),
         "rate of the codes without header"),
        ("03.5", lambda one, other, rates: np.mean(one[:, 1] - other[:, 1]), "still at equal settings"),
        ("03.5", lambda one, other, rates: np.interp(rates, *one.T) - np.interp(rates, *other.T),
         "not sorted and ends repeated"),
        ("03.5", lambda one, other, rates: np.negative(lead_by_hand(one, other, rates)), "second minus first"),
        ("03.5", lambda one, other, rates: np.nanmean(lead_by_hand(one, other, rates)), "averaged over the rates"),
        ("03.5", lambda one, other, rates: np.interp(rates, *np.sort(one, axis=0).T)
         - np.interp(rates, *np.sort(other, axis=0).T), "ends repeated"),
    ],
)  # fmt: skip
def test_the_same_mistake_in_other_words(number, answer, mistake):
    verdict = verdict_on(exercise(number), answer, seed=0)
    assert verdict.status == WRONG and mistake in (None, verdict.mistake), verdict.sentence


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("03.1", pair_clipped_low),
        ("03.1", lambda x, strength, rng: (x + rng.laplace(0, strength / math.sqrt(2), x.shape), x)),
        ("03.1", lambda x, strength, rng: (x + np.abs(rng.normal(0, strength, x.shape)), x)),
        ("03.1", lambda x, strength, rng: (x + np.sort(rng.normal(0, strength, x.shape), axis=0), x)),
        ("03.1", lambda x, strength, rng: (x + rng.normal(0, 1.25 * strength, x.shape), x)),
        ("03.3", entropy_in_256_bins),
        ("03.3", lambda codes: entropy_by_hand(codes % 256 // 2)),
        ("03.3", lambda codes: entropy_by_hand(np.diff(codes))),
        ("03.4", lambda image, data, decoded: (8 * len(zlib.compress(data)) / image[0].size, psnr(image, decoded))),
        ("03.4", lambda image, data, decoded: (8 * (len(data) - 20) / image[0].size, psnr(image, decoded))),
        ("03.2", means_of_the_nearest_three),
        ("03.2", lambda noisy, clean, sigma: np.maximum(means_by_bayes(noisy, clean, sigma), 0)),
        ("03.5", lead_over_log_rates),
        ("03.5", lambda one, other, rates: np.nan_to_num(lead_by_hand(one, other, rates))),
    ],
)
def test_what_is_nearly_right_is_refused(number, answer):
    verdict = verdict_on(exercise(number), answer, seed=0)
    assert verdict.status == WRONG, verdict.sentence


@pytest.mark.parametrize("seed", range(5))
def test_right_noise_is_never_taken_for_wrong_noise(seed):
    """The check of exercise 03.1 looks at statistics; it must not depend on luck."""
    assert verdict_on(exercise("03.1"), pair_in_another_order, seed=seed).status == RIGHT


@pytest.mark.parametrize(
    ("number", "answer", "words"),
    [
        ("03.1", lambda x, strength, rng: (x + rng.normal(0, 0.6 * strength, x.shape), x), "had standard deviation"),
        ("03.1", lambda x, strength, rng: (x - np.abs(rng.normal(0, strength, x.shape)), x), "darker on average"),
        ("03.1", lambda x, strength, rng: (x + rng.laplace(0, strength / math.sqrt(2), x.shape), x), "not Gaussian"),
        ("03.3", entropy_by_counter_of_rows, "flatten it first"),
        ("03.4", lambda image, data, decoded: 8 * data.size / image[0].size, "len(data) counts them"),
    ],
)  # fmt: skip
def test_what_is_said_where_no_number_could_say_it(number, answer, words):
    verdict = verdict_on(exercise(number), answer, seed=0)
    assert verdict.status != RIGHT and words in verdict.sentence, verdict.sentence


def test_the_measures_agree_with_the_librarys():
    """The exercises and the library mean the same things by their words."""
    from udl_teach import metrics

    rng = np.random.default_rng(0)
    (codes,) = exercise("03.3").arguments(rng)
    assert exercise("03.3").solution(codes) == pytest.approx(metrics.entropy(codes))
    image, data, decoded = exercise("03.4").arguments(rng)
    wanted = metrics.bits_per_pixel(data, image), metrics.psnr(image, decoded)
    assert exercise("03.4").solution(image, data, decoded) == pytest.approx(wanted)
