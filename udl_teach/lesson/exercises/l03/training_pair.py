"""Corrupt and target."""

import numpy as np

from udl_teach.lesson.exercise import Wrong, mistake
from udl_teach.lesson.values import as_array, close


def training_pair(x, strength, rng):
    """What the network is given and what it should answer: noisy samples and their targets, both shaped like x."""
    ### BEGIN SOLUTION
    noise = rng.normal(0, strength, size=x.shape)
    return x + noise, x
    ### END SOLUTION


class _Generator(np.random.Generator):
    # Its text says which one it is, so that arguments can be told apart and recognized.
    def __init__(self, seed):
        super().__init__(np.random.PCG64(seed))
        self.seed = seed

    def __repr__(self):
        return f"generator of seed {self.seed}"


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
    if not agree((given, x), training_pair(x, strength, rng)):
        raise Wrong(
            "Your noise has the right strength, but it is not Gaussian and drawn for every pixel by itself. Add "
            "rng.normal(0, strength, size=x.shape), and do nothing more to it."
        )


def arguments(rng):
    # Some three thousand numbers, which tell one kind of noise from another; values at both ends, where clipping bites.
    n, n_features = int(rng.integers(60, 80)), int(rng.integers(50, 58))
    x = np.clip(rng.uniform(-0.3, 1.3, size=(n, n_features)), 0.0, 1.0)
    strength = float(rng.choice([rng.uniform(0.2, 0.4), rng.uniform(1.5, 2.5)]))
    return x, strength, _Generator(int(rng.integers(2**31)))


def agree(got, wanted):
    # Noise drawn in another order is as good: what must agree is the target, and the kind and strength of the noise.
    if close(got, wanted):
        return True
    pair, other = _pair_of_arrays(got), _pair_of_arrays(wanted)
    if pair is None or other is None or not close(pair[1], other[1]):
        return False
    (law, spread), (other_law, other_spread) = _law(*pair), _law(*other)
    return abs(spread / other_spread - 1) < 0.12 and bool(np.abs(law - other_law).max() < 0.15)


HINTS = (
    "Two things come back: what the network is given, and what it should have answered. Which one is noisy?",
    "rng.normal(mean, standard deviation, size=...) draws Gaussian noise. One number for every pixel of every "
    "sample: size=x.shape.",
    "Add the noise to x, and keep x as it is: it is the target.",
    "noise = rng.normal(0, strength, size=x.shape), and then return x + noise, ...",
)


@mistake
def target_is_the_noisy_image(x, strength, rng):
    """Your target is the noisy sample itself: then the best answer is to copy, noise and all, and the network learns
    nothing. It is given the noisy one and must answer with the clean one, x. (noisy = x makes no copy: what you then
    add to noisy is added to x as well.)
    """
    return ((noisy := x + rng.normal(0, strength, x.shape)), noisy)


@mistake
def given_and_wanted_swapped(x, strength, rng):
    """Given and wanted are swapped: your network gets clean samples and learns to make noise. Return the noisy samples
    first, the clean ones second.
    """
    return (x, x + rng.normal(0, strength, x.shape))


@mistake
def no_noise_at_all(x, strength, rng):
    """Nothing is spoilt in yours: given and wanted are the same clean samples. That is a plain autoencoder. Add the
    noise to what is given.
    """
    return (x, x)


@mistake
def noise_is_the_target(x, strength, rng):
    """Your target is the noise. Some denoisers do learn that (you will meet one in section 3), but this one should
    answer with the clean samples, x.
    """
    return (x + (noise := rng.normal(0, strength, x.shape)), noise)


@mistake
def noise_in_place_of_the_samples(x, strength, rng):
    """Yours is given nothing but noise, and nobody can tell from that which sample is wanted. Add the noise to x."""
    return (rng.normal(0, strength, x.shape), x)


@mistake
def both_noisy(x, strength, rng):
    """Your target is not the clean samples. Spoil only what the network is given; the target is x as it is."""
    return (x + rng.normal(0, strength, x.shape), x + rng.normal(0, strength, x.shape))


@mistake
def masking_in_place_of_noise(x, strength, rng):
    """You set pixels to 0, which is masking, and comes later. Here noise is added to every pixel: x + rng.normal(0,
    strength, size=x.shape).
    """
    return (x * (rng.random(x.shape) >= strength), x)


@mistake
def a_constant_in_place_of_noise(x, strength, rng):
    """You added the strength itself, the same number everywhere: there is nothing random in it. Draw the noise,
    rng.normal(0, strength, size=x.shape).
    """
    return (x + strength, x)


@mistake
def the_same_noise_in_each_call(x, strength, rng):
    """Your noise is the same in every call, so the network sees the same spoilt samples in every epoch and can learn
    them by heart. Draw it anew from rng, the generator that is handed to you; make no generator of your own in here.
    """
    return x + np.random.default_rng(0).normal(0, strength, x.shape), x


@mistake
def a_generator_of_its_own(x, strength, rng):
    """Your noise does not come from rng, so nobody can repeat the run: draw it with rng.normal(...), not from a
    generator of your own or from np.random.
    """
    return x + np.random.default_rng().normal(0, strength, x.shape), x


@mistake
def noise_clipped_away(x, strength, rng):
    """You clipped the noisy samples to [0, 1], and with that you threw noise away: a black pixel can only get lighter
    now, and the noise no longer averages to zero. Leave values below 0 and above 1 as they are.
    """
    return (np.clip(x + rng.normal(0, strength, x.shape), 0, 1), x)


@mistake
def noise_shared_over_the_batch(x, strength, rng):
    """All samples of your batch carry the same noise: you drew one row and NumPy added it to every sample. Draw as many
    numbers as x has, size=x.shape.
    """
    return (x + rng.normal(0, strength, x.shape[1]), x)


@mistake
def one_number_a_sample(x, strength, rng):
    """Every sample gets one number that is added to all its pixels: it only becomes lighter or darker. Draw one number
    a pixel, size=x.shape.
    """
    return (x + rng.normal(0, strength, (len(x), 1)), x)


@mistake
def one_number_for_all(x, strength, rng):
    """You drew a single number and added it to everything. Draw one for every pixel of every sample, size=x.shape."""
    return (x + rng.normal(0, strength), x)


@mistake
def strength_taken_for_the_variance(x, strength, rng):
    """You took the root of the strength. strength is the standard deviation already, and that is what rng.normal wants
    as its second argument.
    """
    return (x + rng.normal(0, np.sqrt(strength), x.shape), x)


@mistake
def strength_squared(x, strength, rng):
    """You squared the strength. rng.normal wants the standard deviation, not the variance: hand it strength."""
    return (x + rng.normal(0, strength**2, x.shape), x)


@mistake
def strength_not_used(x, strength, rng):
    """Your noise has standard deviation 1, whatever the strength: rng.normal(0, strength, ...)."""
    return (x + rng.normal(size=x.shape), x)


@mistake
def strength_taken_for_the_mean(x, strength, rng):
    """The strength went in as the mean: rng.normal takes the mean first, then the standard deviation. Write
    rng.normal(0, strength, size=x.shape).
    """
    return (x + rng.normal(strength, size=x.shape), x)


@mistake
def only_adds_light(x, strength, rng):
    """rng.random draws between 0 and 1, evenly: your noise only adds. Gaussian noise goes both ways: rng.normal(0,
    strength, size=x.shape).
    """
    return (x + strength * rng.random(x.shape), x)


@mistake
def even_noise(x, strength, rng):
    """Your noise is spread evenly between -strength and strength. Asked for is Gaussian noise of standard deviation
    strength: rng.normal(0, strength, size=x.shape).
    """
    return (x + rng.uniform(-strength, strength, x.shape), x)


@mistake
def noise_that_multiplies(x, strength, rng):
    """You multiplied by the noise, so black pixels stay clean. Add it: x + noise."""
    return (x * (1 + rng.normal(0, strength, x.shape)), x)


def judge(function, rng):
    x, strength, _ = arguments(rng)
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
        raise Wrong(target_is_the_noisy_image.hint)
    if not close(target, x):
        raise Wrong(
            given_and_wanted_swapped.hint
            if close(given, x)
            else noise_is_the_target.hint
            if close(given - x, target)
            else both_noisy.hint
        )
    if close(given, x):
        return
    if close(given, second[0]):
        raise Wrong(the_same_noise_in_each_call.hint)
    if not close(given, again[0]):
        raise Wrong(a_generator_of_its_own.hint)
    _gaussian_of_that_strength(given, x, strength, rng)
