"""Exercises of lesson 03: what a denoiser learns from, PSNR, the entropy of a code, rate and distortion."""

import sys

import numpy as np

from udl_teach.lesson.exercise import Exercise, Mistake, Wrong
from udl_teach.lesson.values import as_array, close

# -- 03.1 --


def training_pair(x, strength, rng):
    """What the network is given and what it should answer: noisy samples and their targets, both shaped like x."""
    noise = rng.normal(0, strength, size=x.shape)
    return x + noise, x


class _Generator(np.random.Generator):
    # Its text says which one it is, so that arguments can be told apart and recognized.
    def __init__(self, seed):
        super().__init__(np.random.PCG64(seed))
        self.seed = seed

    def __repr__(self):
        return f"generator of seed {self.seed}"


def _samples_and_strength(rng):
    # Some three thousand numbers, which tell one kind of noise from another; values at both ends, where clipping bites.
    n, n_features = int(rng.integers(60, 80)), int(rng.integers(50, 58))
    x = np.clip(rng.uniform(-0.3, 1.3, size=(n, n_features)), 0.0, 1.0)
    strength = float(rng.choice([rng.uniform(0.2, 0.4), rng.uniform(1.5, 2.5)]))
    return x, strength, _Generator(int(rng.integers(2**31)))


def _pair_of_arrays(result):
    if not isinstance(result, tuple | list) or len(result) != 2:
        return None
    given, target = as_array(result[0]), as_array(result[1])
    return (
        None if given is None or target is None or given.shape != target.shape or given.ndim != 2 else (given, target)
    )


def _law(given, target):
    # What can be told of noise without knowing its draws; every entry is good to a few hundredths on these sizes.
    noise = given - target
    spread = max(noise.std(), 1e-9)
    size = np.abs(noise)
    along = 0.0 if min(size.std(), target.std()) < 1e-9 else np.corrcoef(size.ravel(), target.ravel())[0, 1]
    return np.array(
        [
            noise.mean() / spread,
            noise.mean(axis=0).std() / spread,
            noise.mean(axis=1).std() / spread,
            4 * (size > 2 * spread).mean(),
            2 * size.mean() / spread,
            along,
            5 * np.isin(given, (0.0, 1.0)).mean(),
        ]
    ), spread


def _same_law(got, wanted):
    # Noise drawn in another order is as good: what must agree is the target, and the kind and strength of the noise.
    if close(got, wanted):
        return True
    pair, other = _pair_of_arrays(got), _pair_of_arrays(wanted)
    if pair is None or other is None or not close(pair[1], other[1]):
        return False
    (law, spread), (other_law, other_spread) = _law(*pair), _law(*other)
    return abs(spread / other_spread - 1) < 0.12 and bool(np.abs(law - other_law).max() < 0.15)


_TARGET_IS_NOISY = (
    "Your target is the noisy sample itself: then the best answer is to copy, noise and all, and the network learns "
    "nothing. It is given the noisy one and must answer with the clean one, x. (noisy = x makes no copy: what you "
    "then add to noisy is added to x as well.)"
)
_SWAPPED = (
    "Given and wanted are swapped: your network gets clean samples and learns to make noise. Return the noisy samples "
    "first, the clean ones second."
)
_NOISE_WANTED = (
    "Your target is the noise. Some denoisers do learn that (you will meet one in section 3), but this one should "
    "answer with the clean samples, x."
)
_TARGET_SPOILT = "Your target is not the clean samples. Spoil only what the network is given; the target is x as it is."
_REPEATED = (
    "Your noise is the same in every call, so the network sees the same spoilt samples in every epoch and can learn "
    "them by heart. Draw it anew from rng, the generator that is handed to you; make no generator of your own in here."
)
_NOT_FROM_RNG = (
    "Your noise does not come from rng, so nobody can repeat the run: draw it with rng.normal(...), not from a "
    "generator of your own or from np.random."
)


def _own_generator(x, strength, rng):
    return x + np.random.default_rng().normal(0, strength, x.shape), x


def _same_noise(x, strength, rng):
    return x + np.random.default_rng(0).normal(0, strength, x.shape), x


def _fresh_and_repeatable(function, rng):
    x, strength, _ = _samples_and_strength(rng)
    seed = int(rng.integers(1000))

    def call(generator):
        pair = _pair_of_arrays(function(x.copy(), strength, generator))
        return None if pair is None or pair[0].shape != x.shape else pair

    generator = np.random.default_rng(seed)
    first, second, again = call(generator), call(generator), call(np.random.default_rng(seed))
    if first is None or second is None or again is None:
        return
    given, target = first
    if not close(given, x) and close(given, target):
        raise Wrong(_TARGET_IS_NOISY)
    if not close(target, x):
        raise Wrong(_SWAPPED if close(given, x) else _NOISE_WANTED if close(given - x, target) else _TARGET_SPOILT)
    if close(given, x):
        return
    if close(given, second[0]):
        raise Wrong(_REPEATED)
    if not close(given, again[0]):
        raise Wrong(_NOT_FROM_RNG)
    _gaussian_of_that_strength(given, x, strength, rng)


def _gaussian_of_that_strength(given, x, strength, rng):
    # Other draws are as good as ours, so what is said is said of all draws together.
    mean, spread = (given - x).mean(), (given - x).std()
    if abs(mean) > 0.15 * strength:
        raise Wrong(
            f"Your noise makes the samples {'lighter' if mean > 0 else 'darker'} on the whole: its mean was {mean:.2g} "
            f"at strength {strength:.2g}, and must be 0. Draw it with rng.normal(0, strength, size=x.shape)."
        )
    if abs(spread / strength - 1) > 0.12:
        raise Wrong(
            f"Your noise had standard deviation {spread:.2g} where strength was {strength:.2g}. Hand strength itself "
            "to rng.normal, as its second argument, and do nothing to the result but add it."
        )
    if not _same_law((given, x), training_pair(x, strength, rng)):
        raise Wrong(
            "Your noise has the right strength, but it is not Gaussian and drawn for every pixel by itself. Add "
            "rng.normal(0, strength, size=x.shape), and do nothing more to it."
        )


_PAIR = Exercise(
    number="03.1",
    title="Corrupt and target",
    solution=training_pair,
    arguments=_samples_and_strength,
    compare=_same_law,
    judge=_fresh_and_repeatable,
    mistakes=(
        Mistake(
            "target is the noisy image",
            lambda x, strength, rng: ((noisy := x + rng.normal(0, strength, x.shape)), noisy),
            _TARGET_IS_NOISY,
        ),
        Mistake(
            "given and wanted swapped",
            lambda x, strength, rng: (x, x + rng.normal(0, strength, x.shape)),
            _SWAPPED,
        ),
        Mistake(
            "no noise at all",
            lambda x, strength, rng: (x, x),
            "Nothing is spoilt in yours: given and wanted are the same clean samples. That is a plain autoencoder. Add "
            "the noise to what is given.",
        ),
        Mistake(
            "noise is the target",
            lambda x, strength, rng: (x + (noise := rng.normal(0, strength, x.shape)), noise),
            _NOISE_WANTED,
        ),
        Mistake(
            "noise in place of the samples",
            lambda x, strength, rng: (rng.normal(0, strength, x.shape), x),
            "Yours is given nothing but noise, and nobody can tell from that which sample is wanted. Add the noise to "
            "x.",
        ),
        Mistake(
            "both noisy",
            lambda x, strength, rng: (x + rng.normal(0, strength, x.shape), x + rng.normal(0, strength, x.shape)),
            _TARGET_SPOILT,
        ),
        Mistake(
            "masking in place of noise",
            lambda x, strength, rng: (x * (rng.random(x.shape) >= strength), x),
            "You set pixels to 0, which is masking, and comes later. Here noise is added to every pixel: "
            "x + rng.normal(0, strength, size=x.shape).",
        ),
        Mistake(
            "a constant in place of noise",
            lambda x, strength, rng: (x + strength, x),
            "You added the strength itself, the same number everywhere: there is nothing random in it. Draw the noise, "
            "rng.normal(0, strength, size=x.shape).",
        ),
        Mistake(
            "the same noise in each call",
            _same_noise,
            _REPEATED,
        ),
        Mistake(
            "a generator of its own",
            _own_generator,
            _NOT_FROM_RNG,
        ),
        Mistake(
            "noise clipped away",
            lambda x, strength, rng: (np.clip(x + rng.normal(0, strength, x.shape), 0, 1), x),
            "You clipped the noisy samples to [0, 1], and with that you threw noise away: a black pixel can only get "
            "lighter now, and the noise no longer averages to zero. Leave values below 0 and above 1 as they are.",
        ),
        Mistake(
            "noise shared over the batch",
            lambda x, strength, rng: (x + rng.normal(0, strength, x.shape[1]), x),
            "All samples of your batch carry the same noise: you drew one row and NumPy added it to every sample. Draw "
            "as many numbers as x has, size=x.shape.",
        ),
        Mistake(
            "one number a sample",
            lambda x, strength, rng: (x + rng.normal(0, strength, (len(x), 1)), x),
            "Every sample gets one number that is added to all its pixels: it only becomes lighter or darker. Draw one "
            "number a pixel, size=x.shape.",
        ),
        Mistake(
            "one number for all",
            lambda x, strength, rng: (x + rng.normal(0, strength), x),
            "You drew a single number and added it to everything. Draw one for every pixel of every sample, "
            "size=x.shape.",
        ),
        Mistake(
            "strength taken for the variance",
            lambda x, strength, rng: (x + rng.normal(0, np.sqrt(strength), x.shape), x),
            "You took the root of the strength. strength is the standard deviation already, and that is what "
            "rng.normal wants as its second argument.",
        ),
        Mistake(
            "strength squared",
            lambda x, strength, rng: (x + rng.normal(0, strength**2, x.shape), x),
            "You squared the strength. rng.normal wants the standard deviation, not the variance: hand it strength.",
        ),
        Mistake(
            "strength not used",
            lambda x, strength, rng: (x + rng.normal(size=x.shape), x),
            "Your noise has standard deviation 1, whatever the strength: rng.normal(0, strength, ...).",
        ),
        Mistake(
            "strength taken for the mean",
            lambda x, strength, rng: (x + rng.normal(strength, size=x.shape), x),
            "The strength went in as the mean: rng.normal takes the mean first, then the standard deviation. Write "
            "rng.normal(0, strength, size=x.shape).",
        ),
        Mistake(
            "only adds light",
            lambda x, strength, rng: (x + strength * rng.random(x.shape), x),
            "rng.random draws between 0 and 1, evenly: your noise only adds. Gaussian noise goes both ways: "
            "rng.normal(0, strength, size=x.shape).",
        ),
        Mistake(
            "even noise",
            lambda x, strength, rng: (x + rng.uniform(-strength, strength, x.shape), x),
            "Your noise is spread evenly between -strength and strength. Asked for is Gaussian noise of standard "
            "deviation strength: rng.normal(0, strength, size=x.shape).",
        ),
        Mistake(
            "noise that multiplies",
            lambda x, strength, rng: (x * (1 + rng.normal(0, strength, x.shape)), x),
            "You multiplied by the noise, so black pixels stay clean. Add it: x + noise.",
        ),
    ),
    hints=(
        "Two things come back: what the network is given, and what it should have answered. Which one is noisy?",
        "rng.normal(mean, standard deviation, size=...) draws Gaussian noise. One number for every pixel of every "
        "sample: size=x.shape.",
        "Add the noise to x, and keep x as it is: it is the target.",
        "noise = rng.normal(0, strength, size=x.shape), and then return x + noise, ...",
    ),
)

# -- 03.2 --


def psnr(x, x_hat, data_range):
    """Peak signal-to-noise ratio in decibels, all images together as one."""
    squared_error = ((x_hat - x) ** 2).mean()
    return 10 * np.log10(data_range**2 / squared_error)


def _images_and_range(rng):
    # Never a range of 1; images that do not use all of it, and are spoilt very differently.
    n, height, width = int(rng.integers(3, 6)), int(rng.integers(6, 9)), int(rng.integers(10, 14))
    data_range = float(rng.choice([255.0, rng.uniform(2.0, 4.0)]))
    x = data_range * rng.uniform(0.1, 0.8, size=(n, height, width))
    spoilt = np.geomspace(0.01, 0.3, n)[:, None, None] * rng.normal(0.3, 1.0, size=x.shape)
    return x, x + data_range * rng.permutation(spoilt), data_range


def _mse(x, x_hat):
    return ((x_hat - x) ** 2).mean()


def _per_image(x, x_hat, data_range):
    return 10 * np.log10(data_range**2 / ((x_hat - x) ** 2).mean(axis=(1, 2)))


_PSNR = Exercise(
    number="03.2",
    title="PSNR",
    solution=psnr,
    arguments=_images_and_range,
    mistakes=(
        Mistake(
            "natural logarithm",
            lambda x, x_hat, data_range: 10 * np.log(data_range**2 / _mse(x, x_hat)),
            "np.log is the natural logarithm. Decibels are counted with the logarithm to base 10, np.log10; yours is "
            "2.3 times too large.",
        ),
        Mistake(
            "logarithm to base 2",
            lambda x, x_hat, data_range: 10 * np.log2(data_range**2 / _mse(x, x_hat)),
            "You took the logarithm to base 2, which counts bits. Decibels want base 10, np.log10.",
        ),
        Mistake(
            "255 written into it",
            lambda x, x_hat, data_range: 10 * np.log10(255**2 / _mse(x, x_hat)),
            "You wrote 255 into your function. That is right for bytes alone: for values in [0, 1] it would add "
            "48 decibels to any picture. Use data_range.",
        ),
        Mistake(
            "range of 1 taken for granted",
            lambda x, x_hat, data_range: 10 * np.log10(1 / _mse(x, x_hat)),
            "You took a range of 1 for granted. For bytes it is 255: put data_range ** 2 over the squared error.",
        ),
        Mistake(
            "range not squared",
            lambda x, x_hat, data_range: 10 * np.log10(data_range / _mse(x, x_hat)),
            "The range is not squared: below it stands a squared error, so a squared range must stand above. "
            "data_range ** 2.",
        ),
        Mistake(
            "root too many",
            lambda x, x_hat, data_range: 10 * np.log10(data_range**2 / np.sqrt(_mse(x, x_hat))),
            "You took the root of the squared error and left the range squared. Either both are squared, with 10 in "
            "front, or neither is, with 20 in front.",
        ),
        Mistake(
            "root forgotten",
            lambda x, x_hat, data_range: 20 * np.log10(data_range / _mse(x, x_hat)),
            "20 in front is right for amplitudes, data_range over the root of the squared error; your squared error "
            "has no root. Take the root, or write 10 and square the range.",
        ),
        Mistake(
            "20 with squares",
            lambda x, x_hat, data_range: 20 * np.log10(data_range**2 / _mse(x, x_hat)),
            "Yours is twice too large: 20 stands in front of plain amplitudes, 10 in front of their squares.",
        ),
        Mistake(
            "10 without squares",
            lambda x, x_hat, data_range: 10 * np.log10(data_range / np.sqrt(_mse(x, x_hat))),
            "Yours is half of what it must be: with the root taken and the range not squared, the factor is 20.",
        ),
        Mistake(
            "no factor of 10",
            lambda x, x_hat, data_range: np.log10(data_range**2 / _mse(x, x_hat)),
            "That is in bels. A bel has ten decibels: multiply by 10.",
        ),
        Mistake(
            "fraction upside down",
            lambda x, x_hat, data_range: 10 * np.log10(_mse(x, x_hat) / data_range**2),
            "Your fraction stands upside down, so good pictures get a low number: the range is above, the error below.",
        ),
        Mistake(
            "mean after the logarithm",
            lambda x, x_hat, data_range: _per_image(x, x_hat, data_range).mean(),
            "You took the PSNR of every image and averaged these. That is another number, and never a lower one, "
            "because the logarithm makes little of one bad picture. Here the squared error is averaged over all "
            "images first.",
        ),
        Mistake(
            "one number an image",
            _per_image,
            "You have one number an image. Average the squared error over everything, .mean() without an axis, before "
            "the logarithm.",
        ),
        Mistake(
            "sum of the squares",
            lambda x, x_hat, data_range: 10 * np.log10(data_range**2 / ((x_hat - x) ** 2).sum()),
            "You summed the squared differences. Then a larger picture is a worse one: average them, .mean().",
        ),
        Mistake(
            "absolute differences",
            lambda x, x_hat, data_range: 10 * np.log10(data_range**2 / np.abs(x_hat - x).mean()),
            "You averaged absolute differences. Square each difference: mean squared error.",
        ),
        Mistake(
            "squared after the mean",
            lambda x, x_hat, data_range: 10 * np.log10(data_range**2 / (x_hat - x).mean() ** 2),
            "You averaged the differences and squared the mean: too bright and too dark have cancelled by then. Square "
            "first.",
        ),
        Mistake(
            "brightest pixel for the range",
            lambda x, x_hat, data_range: 10 * np.log10(x.max() ** 2 / _mse(x, x_hat)),
            "You took the brightest pixel that happens to be there. The peak is the brightest that is possible: "
            "data_range. Otherwise a dark picture would be judged by another measure than a bright one.",
        ),
        Mistake(
            "range of the picture for the range",
            lambda x, x_hat, data_range: 10 * np.log10((x.max() - x.min()) ** 2 / _mse(x, x_hat)),
            "You took the range that the pictures happen to fill. What counts is the range that is possible: "
            "data_range. Otherwise a pale picture would be judged by another measure than a rich one.",
        ),
        Mistake(
            "power of the picture for the range",
            lambda x, x_hat, data_range: 10 * np.log10((x**2).mean() / _mse(x, x_hat)),
            "You put the picture's own mean square over the error: the signal-to-noise ratio without its P for peak. "
            "Above stands data_range ** 2.",
        ),
        Mistake(
            "no logarithm",
            lambda x, x_hat, data_range: data_range**2 / _mse(x, x_hat),
            "That is the fraction alone. Decibels are ten times its logarithm: 10 * np.log10(...).",
        ),
        Mistake(
            "variance of the differences",
            lambda x, x_hat, data_range: 10 * np.log10(data_range**2 / (x_hat - x).var()),
            "You took the variance of the differences, which forgives a picture that is too bright all over: it takes "
            "the mean away first. Average the squares themselves, ((x_hat - x) ** 2).mean().",
        ),
        Mistake(
            "divided by the number of images",
            lambda x, x_hat, data_range: 10 * np.log10(data_range**2 / (((x_hat - x) ** 2).sum() / len(x))),
            "You divided the sum of squares by len(x), the number of images. Divide by the number of pixels in all of "
            "them, x.size, or take .mean().",
        ),
        Mistake(
            "caret for a power, in an array",
            lambda x, x_hat, data_range: (x_hat - x) ^ 2,
            "In Python ^ is not a power but compares bits; a square is ** 2.",
        ),
        Mistake(
            "caret for a power, in a number",
            lambda x, x_hat, data_range: data_range ^ 2,
            "In Python a square is ** 2; ^ is not a power but compares bits.",
        ),
        Mistake(
            "variance of the picture for the range",
            lambda x, x_hat, data_range: 10 * np.log10(x.var() / _mse(x, x_hat)),
            "You put the picture's own variance over the error: the signal-to-noise ratio without its P for peak. "
            "Above stands data_range ** 2.",
        ),
    ),
    hints=(
        "First the mean squared error, one number for all images together; then a fraction; then a logarithm.",
        "((x_hat - x) ** 2).mean() is the mean squared error. Above it in the fraction stands the squared range.",
        "The logarithm is the one to base 10, np.log10, and in front of it stands 10.",
        "return 10 * np.log10(data_range**2 / ...)",
    ),
)

# -- 03.3 --


def entropy(codes):
    """Bits a symbol that a perfect coder needs, by how often each symbol occurs."""
    _, counts = np.unique(codes, return_counts=True)
    p = counts / counts.sum()
    return -(p * np.log2(p)).sum()


def _codes(rng):
    # Negative symbols, gaps between them, two far away, and some ten of them, so that no histogram fits by accident.
    symbols = rng.choice(np.arange(-9, 14), size=int(rng.integers(6, 10)), replace=False)
    symbols[0], symbols[1], symbols[2] = -700, 0, 900
    p = rng.dirichlet(np.full(len(symbols), 0.8)) + 0.02
    shape = int(rng.integers(12, 20)), int(rng.integers(21, 30))
    codes = rng.choice(symbols, size=shape, p=p / p.sum())
    codes[0, :3], codes[1, :2] = symbols[:3], (4, -4)
    return (codes,)


def _shares(codes):
    counts = np.unique(codes, return_counts=True)[1]
    return counts / counts.sum()


def _zero_counts(codes):
    p = np.bincount(codes.ravel() - codes.min()) / codes.size
    with np.errstate(divide="ignore", invalid="ignore"):
        return -(p * np.log2(p)).sum()


def _of_values(codes):
    p = np.abs(codes) / np.abs(codes).sum()
    p = p[p > 0]
    return -(p * np.log2(p)).sum()


def _in_bins(codes, n):
    counts = np.histogram(codes, bins=n)[0]
    p = counts[counts > 0] / counts.sum()
    return -(p * np.log2(p)).sum()


def _plain_counts(codes):
    counts = np.unique(codes, return_counts=True)[1]
    return -(counts * np.log2(counts)).sum()


def _mean_of_columns(codes):
    return _per_column(codes).mean()


def _per_column(codes):
    return np.array([entropy(column) for column in codes.T])


def _one_symbol(answer, rng):
    codes = np.full((3, 4), int(rng.integers(-5, 5)))
    value = as_array(answer(codes))
    if value is not None and value.ndim == 0 and not abs(float(value)) < 1e-6:
        raise Wrong(
            f"For a code that holds one symbol only yours is {float(value):.4g}. There is nothing to tell then: 0 bits."
        )


_ENTROPY = Exercise(
    number="03.3",
    title="The entropy of a code",
    solution=entropy,
    arguments=_codes,
    judge=_one_symbol,
    mistakes=(
        Mistake(
            "natural logarithm",
            lambda codes: -(_shares(codes) * np.log(_shares(codes))).sum(),
            "np.log is the natural logarithm: yours is in nats. Bits are counted with np.log2; a nat has 1.44 of them.",
        ),
        Mistake(
            "logarithm to base 10",
            lambda codes: -(_shares(codes) * np.log10(_shares(codes))).sum(),
            "You took the logarithm to base 10, which counts decimal digits. Bits want np.log2.",
        ),
        Mistake(
            "counts not normalised",
            _plain_counts,
            "You used the counts themselves. The formula wants probabilities, which add up to 1: divide the counts by "
            "their sum first.",
        ),
        Mistake(
            "divided by the number of symbols",
            lambda codes: -((p := (c := np.unique(codes, return_counts=True)[1]) / len(c)) * np.log2(p)).sum(),
            "You divided the counts by how many different symbols there are. Divide by how many there are in all, "
            "counts.sum(), so that the probabilities add up to 1.",
        ),
        Mistake(
            "zero counts",
            _zero_counts,
            "Yours is no number (nan), because a logarithm was taken of 0 or less. Symbols that never occur have count "
            "0; they cost nothing, so keep the counts above 0 only, or let np.unique count, which knows no others. (If "
            "you took the codes themselves for counts: count how often each occurs.)",
        ),
        Mistake(
            "negative codes counted by bincount",
            lambda codes: entropy(np.bincount(codes.ravel())),
            "np.bincount counts 0, 1, 2 and so on, and codes can be negative: np.unique(codes, return_counts=True) "
            "takes any symbols.",
        ),
        Mistake(
            "bincount of a table",
            lambda codes: np.bincount(codes),
            "np.bincount wants one list of numbers that are not negative. np.unique(codes, return_counts=True) takes "
            "any shape and any symbols.",
        ),
        Mistake(
            "values in place of counts",
            _of_values,
            "You took the codes themselves for probabilities. What a symbol costs has nothing to do with how large it "
            "is, only with how often it comes: count them, np.unique(codes, return_counts=True).",
        ),
        Mistake(
            "ten bins",
            lambda codes: _in_bins(codes, 10),
            "np.histogram puts the codes into ten drawers, whatever they are, and different symbols share one. Every "
            "symbol needs a count of its own: np.unique(codes, return_counts=True).",
        ),
        Mistake(
            "256 bins",
            lambda codes: _in_bins(codes, 256),
            "256 drawers are enough for bytes; where the codes spread wider, different symbols share one. Every symbol "
            "needs a count of its own: np.unique(codes, return_counts=True).",
        ),
        Mistake(
            "divided by the number of rows",
            lambda codes: -((p := np.unique(codes, return_counts=True)[1] / len(codes)) * np.log2(p)).sum(),
            "len(codes) is the number of rows. Divide the counts by how many symbols there are in all, codes.size or "
            "counts.sum(), so that the probabilities add up to 1.",
        ),
        Mistake(
            "divided by the largest count",
            lambda codes: -((p := _shares(codes) / _shares(codes).max()) * np.log2(p)).sum(),
            "You divided the counts by the largest of them. Divide by their sum, so that the probabilities add up to "
            "1.",
        ),
        Mistake(
            "rows for symbols",
            lambda codes: entropy(np.unique(codes, axis=0, return_inverse=True)[1]),
            "With axis=0 np.unique takes whole rows for symbols. A symbol is a single number: leave the axis out.",
        ),
        Mistake(
            "whole bits for every symbol",
            lambda codes: (_shares(codes) * np.ceil(-np.log2(_shares(codes)))).sum(),
            "You rounded every price up to whole bits. The entropy is the price without such rounding; a good coder "
            "comes close to it over many symbols.",
        ),
        Mistake(
            "sum forgotten",
            lambda codes: -_shares(codes) * np.log2(_shares(codes)),
            "That is what each symbol adds to the mean price. Asked for is one number: sum them.",
        ),
        Mistake(
            "the last symbol alone",
            lambda codes: -_shares(codes)[-1] * np.log2(_shares(codes)[-1]),
            "Yours is what the last symbol adds; the ones before it are lost. In a loop, add them up: total += ...",
        ),
        Mistake(
            "the first symbol alone",
            lambda codes: -_shares(codes)[0] * np.log2(_shares(codes)[0]),
            "Yours is what the first symbol adds: does your loop return before it has come to its end?",
        ),
        Mistake(
            "an array counted by Counter",
            lambda codes: {row: 0 for row in codes},
            "Going through codes gives its rows, not its symbols: flatten it first, codes.ravel().tolist().",
        ),
        Mistake(
            "signs thrown away",
            lambda codes: entropy(np.abs(codes)),
            "You threw the signs away: -2 and 2 count as one symbol in yours. They are two, and the decoder must be "
            "told which.",
        ),
        Mistake(
            "sign forgotten",
            lambda codes: -entropy(codes),
            "The minus sign is missing: logarithms of probabilities are negative, so a minus stands in front.",
        ),
        Mistake(
            "plain mean of the costs",
            lambda codes: -np.log2(_shares(codes)).mean(),
            "Each symbol costs -log2(p) bits, that is right; but you averaged these costs as if all symbols were "
            "equally frequent. Weigh each by its p, and sum.",
        ),
        Mistake(
            "mean in place of the sum",
            lambda codes: -(_shares(codes) * np.log2(_shares(codes))).mean(),
            "You divided by the number of different symbols in the end. The weights p are the mean already: sum them.",
        ),
        Mistake(
            "all symbols alike",
            lambda codes: np.log2(len(np.unique(codes))),
            "That is what it costs when all symbols are equally frequent, the logarithm of their number. Frequent "
            "ones can have short words: use how often each occurs.",
        ),
        Mistake(
            "bits in all",
            lambda codes: codes.size * entropy(codes),
            "Those are the bits of the whole code. Asked for is the price of one symbol: leave the factor codes.size "
            "out.",
        ),
        Mistake(
            "one number a column",
            _per_column,
            "You took the entropy of each column by itself. All the symbols of the code are counted together here.",
        ),
        Mistake(
            "mean over the columns",
            _mean_of_columns,
            "You took the entropy of each column and averaged. That is the price with a table for each column, which "
            "comes later; here all the symbols are counted together.",
        ),
        Mistake(
            "two to the entropy",
            lambda codes: 2 ** entropy(codes),
            "You raised 2 to it. That is the number of equally frequent symbols that would cost as much; the entropy "
            "is its logarithm.",
        ),
    ),
    hints=(
        "How often does each symbol occur? A symbol of probability p costs -log2(p) bits; what is the mean of that?",
        "symbols, counts = np.unique(codes, return_counts=True) counts every symbol that occurs, whatever the shape.",
        "p = counts / counts.sum() are the probabilities. The mean cost weighs each symbol's cost by its p.",
        "return -(p * ...).sum() with the logarithm to base 2.",
    ),
)

# -- 03.4 --


def rate_point(image, data, decoded):
    """Rate in bits per pixel and distortion as PSNR: what the bytes cost, and what came back from them."""
    channels, height, width = image.shape
    return 8 * len(data) / (height * width), psnr(image, decoded, 1.0)


def _image_and_bytes(rng):
    # Three channels, so that a pixel is not a number; bytes of which some are frequent.
    height = int(rng.integers(12, 20))
    image = rng.uniform(0.1, 0.8, size=(3, height, height + int(rng.integers(3, 9))))
    data = bytes((rng.integers(0, 256, size=int(rng.integers(150, 400))) ** 2 // 256).astype(np.uint8))
    spoilt = np.array([0.02, 0.05, 0.1])[:, None, None] * rng.normal(size=image.shape)
    decoded = np.clip(image + spoilt, 0, 1)
    return image, data, decoded


def _two_numbers(got, wanted):
    # An array of two numbers can be unpacked like a pair, and serves as well.
    array = as_array(got)
    return close(tuple(array) if array is not None and array.shape == (2,) else got, wanted)


def _ssim(image, decoded):
    from udl_teach import metrics

    return metrics.ssim(image, decoded)


def _rate(image, data):
    return 8 * len(data) / (image.shape[1] * image.shape[2])


_POINT = Exercise(
    number="03.4",
    title="A point of rate and distortion",
    solution=rate_point,
    arguments=_image_and_bytes,
    compare=_two_numbers,
    mistakes=(
        Mistake(
            "bytes for bits",
            lambda image, data, decoded: (_rate(image, data) / 8, psnr(image, decoded, 1.0)),
            "Your rate is in bytes per pixel, an eighth of what it must be. A byte has 8 bits.",
        ),
        Mistake(
            "channels counted as pixels",
            lambda image, data, decoded: (8 * len(data) / image.size, psnr(image, decoded, 1.0)),
            "You divided by image.size, which counts red, green and blue as three pixels. A pixel is a place: divide "
            "by height times width.",
        ),
        Mistake(
            "bytes for bits and channels for pixels",
            lambda image, data, decoded: (len(data) / image.size, psnr(image, decoded, 1.0)),
            "That is bytes per number. A byte has 8 bits, and a pixel is a place: 8 * len(data) over height times "
            "width.",
        ),
        Mistake(
            "divided by the height",
            lambda image, data, decoded: (8 * len(data) / image.shape[1], psnr(image, decoded, 1.0)),
            "You divided by the height alone, so yours is bits per row. Pixels are height times width.",
        ),
        Mistake(
            "divided by the number of channels",
            lambda image, data, decoded: (8 * len(data) / len(image), psnr(image, decoded, 1.0)),
            "len(image) is the number of channels, not of pixels: the image has shape (channels, height, width). "
            "Divide by height times width.",
        ),
        Mistake(
            "channels and height for pixels",
            lambda image, data, decoded: (8 * len(data) / (image.shape[0] * image.shape[1]), psnr(image, decoded, 1.0)),
            "You took the first two axes for height and width, but the first one holds the channels: "
            "channels, height, width = image.shape.",
        ),
        Mistake(
            "bits in all",
            lambda image, data, decoded: (8 * len(data), psnr(image, decoded, 1.0)),
            "Those are the bits of the whole picture. Divide by its pixels, height times width, so that small and "
            "large pictures can be compared.",
        ),
        Mistake(
            "rate of the codes without header",
            lambda image, data, decoded: (
                entropy(np.frombuffer(data, dtype=np.uint8)) * len(data) / (image.shape[1] * image.shape[2]),
                psnr(image, decoded, 1.0),
            ),
            "You took the entropy, which is what a perfect coder would need for the symbols if it knew their "
            "frequencies already. What is paid is the file, header and all: count its bytes, 8 * len(data).",
        ),
        Mistake(
            "size of the Python object",
            lambda image, data, decoded: (
                8 * sys.getsizeof(data) / (image.shape[1] * image.shape[2]),
                psnr(image, decoded, 1.0),
            ),
            "sys.getsizeof counts what Python needs to look after the object as well. The file has len(data) bytes.",
        ),
        Mistake(
            "compression ratio",
            lambda image, data, decoded: (image.size / len(data), psnr(image, decoded, 1.0)),
            "That says how many times smaller the file has become, which depends on what it is compared with. The rate "
            "is bits per pixel: 8 * len(data) over height times width.",
        ),
        Mistake(
            "divided by 8",
            lambda image, data, decoded: (_rate(image, data) / 64, psnr(image, decoded, 1.0)),
            "A byte has 8 bits, so there are more bits than bytes: multiply by 8, do not divide.",
        ),
        Mistake(
            "pixels per bit",
            lambda image, data, decoded: (1 / _rate(image, data), psnr(image, decoded, 1.0)),
            "That is pixels per bit, the fraction upside down. The bits stand above, the pixels below.",
        ),
        Mistake(
            "bits a byte",
            lambda image, data, decoded: (entropy(np.frombuffer(data, dtype=np.uint8)), psnr(image, decoded, 1.0)),
            "That is the entropy of the file's bytes. What is paid is the file as it is: 8 * len(data) bits, over "
            "height times width.",
        ),
        Mistake(
            "bytes have no size",
            lambda image, data, decoded: data.size,
            "data holds plain bytes and is no array: len(data) counts them.",
        ),
        Mistake(
            "distortion first",
            lambda image, data, decoded: (psnr(image, decoded, 1.0), _rate(image, data)),
            "Both numbers are right, in the wrong order: the rate comes first.",
        ),
        Mistake(
            "squared error for PSNR",
            lambda image, data, decoded: (_rate(image, data), _mse(image, decoded)),
            "The rate is right. For the distortion you returned the mean squared error; asked for is the PSNR in "
            "decibels: psnr(image, decoded, 1.0).",
        ),
        Mistake(
            "range of bytes",
            lambda image, data, decoded: (_rate(image, data), psnr(image, decoded, 255)),
            "The rate is right. The pictures hold values in [0, 1], so the range is 1.0 and not 255; yours flatters by "
            "48 decibels.",
        ),
        Mistake(
            "PSNR of each channel",
            lambda image, data, decoded: (
                _rate(image, data),
                np.mean([psnr(one, other, 1.0) for one, other in zip(image, decoded, strict=True)]),
            ),
            "The rate is right. You averaged the PSNR of the three channels; take one PSNR of the whole picture: "
            "psnr(image, decoded, 1.0).",
        ),
        Mistake(
            "brightest pixel for the range",
            lambda image, data, decoded: (_rate(image, data), psnr(image, decoded, image.max())),
            "The rate is right. For the range you took what this picture happens to fill; values can go from 0 to 1, "
            "so it is 1.0.",
        ),
        Mistake(
            "SSIM for PSNR",
            lambda image, data, decoded: (_rate(image, data), _ssim(image, decoded)),
            "The rate is right. For the distortion you returned SSIM; asked for is psnr(image, decoded, 1.0).",
        ),
        Mistake(
            "the rate alone",
            lambda image, data, decoded: _rate(image, data),
            "The rate is right; the distortion is missing. Return both: rate, psnr(image, decoded, 1.0).",
        ),
    ),
    hints=(
        "Two numbers: what it costs and what you get. The cost is counted from the bytes, the quality by your psnr.",
        "A byte has 8 bits, and len(data) is the number of bytes. Pixels are places: height times width, whatever the "
        "number of channels.",
        "channels, height, width = image.shape. The values are in [0, 1]: the range is 1.0.",
        "return 8 * len(data) / (...), psnr(image, decoded, 1.0)",
    ),
)

EXERCISES = (_PAIR, _PSNR, _ENTROPY, _POINT)
