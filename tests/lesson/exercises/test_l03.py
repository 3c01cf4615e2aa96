"""Lesson 03: right answers written in other ways pass, and the same mistake written in another way gets its hint."""

import math
import zlib
from collections import Counter

import numpy as np
import pytest
from scipy import stats
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


def mean_of_psnrs(x, x_hat, data_range):
    return np.mean([peak_signal_noise_ratio(a, b, data_range=data_range) for a, b in zip(x, x_hat, strict=True)])


def psnr(x, x_hat):
    return peak_signal_noise_ratio(x, x_hat, data_range=1.0)


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("03.1", pair_in_another_order),
        ("03.1", pair_one_by_one),
        ("03.1", lambda x, strength, rng: [x - rng.normal(0, strength, x.shape), x.copy()]),
        ("03.2", lambda x, x_hat, data_range: peak_signal_noise_ratio(x, x_hat, data_range=data_range)),
        ("03.2", lambda x, x_hat, top: 20 * np.log10(top / np.sqrt(np.mean((x - x_hat) ** 2)))),
        ("03.2", lambda x, x_hat, top: 20 * math.log10(top) - 10 * math.log10(np.mean(np.square(x - x_hat)))),
        ("03.3", entropy_by_hand),
        ("03.3", entropy_by_bincount),
        ("03.3", lambda codes: stats.entropy(np.unique(codes, return_counts=True)[1], base=2)),
        ("03.4", lambda image, data, decoded: (len(data) * 8 / image[0].size, psnr(image, decoded))),
        ("03.4", lambda image, data, decoded: [8 * len(data) / image.shape[1] / image.shape[2], psnr(image, decoded)]),
        ("03.4", lambda image, data, decoded: np.array([8 * len(data) / image[0].size, psnr(image, decoded)])),
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
        ("03.2", lambda x, x_hat, top: 10 * np.log10(np.ptp(x) ** 2 / np.mean((x - x_hat) ** 2)),
         "range of the picture for the range"),
        ("03.2", lambda x, x_hat, top: top**2 / np.mean((x - x_hat) ** 2), "no logarithm"),
        ("03.2", lambda x, x_hat, top: 10 * np.log(top**2 / np.mean((x - x_hat) ** 2)), "natural logarithm"),
        ("03.2", mean_of_psnrs, "mean after the logarithm"),
        ("03.2", lambda x, x_hat, top: 20 * np.log10(255 / np.sqrt(np.mean((x - x_hat) ** 2))),
         "number 255 written into it"),
        ("03.2", lambda x, x_hat, top: -10 * np.log10(np.mean((x - x_hat) ** 2)), "range of 1 taken for granted"),
        ("03.2", lambda x, x_hat, top: 10 * np.log10(top / np.sqrt(np.mean((x - x_hat) ** 2))),
         "factor 10 without squares"),
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
        ("03.2", lambda x, x_hat, top: 10 * np.log10(top**2 / np.median((x - x_hat) ** 2))),
        ("03.2", lambda x, x_hat, top: 10 * np.log10(top**2 / np.var(x - x_hat))),
        ("03.3", entropy_in_256_bins),
        ("03.3", lambda codes: entropy_by_hand(codes % 256 // 2)),
        ("03.3", lambda codes: entropy_by_hand(np.diff(codes))),
        ("03.4", lambda image, data, decoded: (8 * len(zlib.compress(data)) / image[0].size, psnr(image, decoded))),
        ("03.4", lambda image, data, decoded: (8 * (len(data) - 20) / image[0].size, psnr(image, decoded))),
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
        ("03.1", lambda x, strength, rng: (x - np.abs(rng.normal(0, strength, x.shape)), x), "darker on the whole"),
        ("03.1", lambda x, strength, rng: (x + rng.laplace(0, strength / math.sqrt(2), x.shape), x), "not Gaussian"),
        ("03.2", lambda x, x_hat, top: 10 * np.log10(top**2 / ((x - x_hat) ^ 2).mean()), "a square is ** 2"),
        ("03.2", lambda x, x_hat, top: 10 * np.log10(top ^ 2 / ((x - x_hat) ** 2).mean()), "a square is ** 2"),
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
    x, x_hat, data_range = exercise("03.2").arguments(rng)
    assert exercise("03.2").solution(x, x_hat, data_range) == pytest.approx(metrics.psnr(x, x_hat, data_range))
    (codes,) = exercise("03.3").arguments(rng)
    assert exercise("03.3").solution(codes) == pytest.approx(metrics.entropy(codes))
    image, data, decoded = exercise("03.4").arguments(rng)
    wanted = metrics.bits_per_pixel(data, image), metrics.psnr(image, decoded)
    assert exercise("03.4").solution(image, data, decoded) == pytest.approx(wanted)
