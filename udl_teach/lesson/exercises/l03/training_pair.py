"""Corrupt and target."""

import numpy as np

from udl_teach.lesson.exercise import Wrong, difference
from udl_teach.lesson.values import as_array, close


def training_pair(x, strength, rng):
    """What the network is given and what it should answer: noisy samples and their targets, both shaped like x."""
    ### BEGIN SOLUTION
    noise = rng.normal(0, strength, size=x.shape)
    return x + noise, x
    ### END SOLUTION


HINTS = (
    "Two things come back: what the network is given, and what it should have answered. Which one is noisy?",
    "rng.normal(mean, standard deviation, size=...) draws Gaussian noise. One number for every pixel of every "
    "sample: size=x.shape.",
    "Add the noise to x, and keep x as it is: it is the target.",
    "noise = rng.normal(0, strength, size=x.shape), and then return x + noise, ...",
)


class _Generator(np.random.Generator):
    # Its text says which one it is, so that arguments can be told apart and recognized.
    def __init__(self, seed):
        super().__init__(np.random.PCG64(seed))
        self.seed = seed

    def __repr__(self):
        return f"generator of seed {self.seed}"


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


def _pair_of_arrays(result):
    if not isinstance(result, tuple | list) or len(result) != 2:
        return None
    given, target = map(as_array, result)
    fit = given is not None and target is not None and given.shape == target.shape and given.ndim == 2
    return (given, target) if fit else None


def _law(given, target):
    # What can be told of noise without knowing its draws; every entry is good to a few hundredths on these sizes.
    noise = given - target
    spread = max(noise.std(), 1e-9)
    size = np.abs(noise)
    along = 0.0 if min(size.std(), target.std()) < 1e-9 else np.corrcoef(size.ravel(), target.ravel())[0, 1]
    law = [
        noise.mean() / spread,
        noise.mean(axis=0).std() / spread,
        noise.mean(axis=1).std() / spread,
        4 * (size > 2 * spread).mean(),
        2 * size.mean() / spread,
        along,
        5 * np.isin(given, (0.0, 1.0)).mean(),
    ]
    return np.array(law), spread


target_is_the_noisy_image = difference(
    training_pair,
    {"x + noise, x": "x + noise, x + noise"},
    """Your target is the noisy sample itself: then the best answer is to copy, noise and all, and the network learns
    nothing. It is given the noisy one and must answer with the clean one, x. (noisy = x makes no copy: what you then
    add to noisy is added to x as well.)""",
)

given_and_wanted_swapped = difference(
    training_pair,
    {"x + noise, x": "x, x + noise"},
    """Given and wanted are swapped: your network gets clean samples and learns to make noise. Return the noisy samples
    first, the clean ones second.""",
)

no_noise_at_all = difference(
    training_pair,
    {"x + noise, x": "x, x"},
    """Nothing is corrupted in yours: given and wanted are the same clean samples. That is a plain autoencoder. Add the
    noise to what is given.""",
)

noise_is_the_target = difference(
    training_pair,
    {"x + noise, x": "x + noise, noise"},
    """Your target is the noise. Some denoisers do learn that (you will meet one in section 3), but this one should
    answer with the clean samples, x.""",
)

noise_in_place_of_the_samples = difference(
    training_pair,
    {"x + noise, x": "noise, x"},
    "Yours is given nothing but noise, and nobody can tell from that which sample is wanted. Add the noise to x.",
)

both_noisy = difference(
    training_pair,
    {"x + noise, x": "x + noise, x + rng.normal(0, strength, x.shape)"},
    "Your target is not the clean samples. Corrupt only what the network is given; the target is x as it is.",
)

masking_in_place_of_noise = difference(
    training_pair,
    {"rng.normal(0, strength, size=x.shape)": "rng.random(x.shape) < strength", "x + noise": "x * ~noise"},
    """You set pixels to 0, which is masking, and comes later. Here noise is added to every pixel: x + rng.normal(0,
    strength, size=x.shape).""",
)

a_constant_in_place_of_noise = difference(
    training_pair,
    {"x + noise": "x + strength"},
    """You added the strength itself, the same number everywhere: there is nothing random in it. Draw the noise,
    rng.normal(0, strength, size=x.shape).""",
)

the_same_noise_in_each_call = difference(
    training_pair,
    {"rng.normal": "np.random.default_rng(0).normal"},
    """Your noise is the same in every call, so the network sees the same noisy samples in every epoch and can learn
    them by heart. Draw it anew from rng, the generator that is handed to you; make no generator of your own in
    here.""",
)

a_generator_of_its_own = difference(
    training_pair,
    {"rng.normal": "np.random.default_rng().normal"},
    """Your noise does not come from rng, so nobody can repeat the run: draw it with rng.normal(...), not from a
    generator of your own or from np.random.""",
)

noise_clipped_away = difference(
    training_pair,
    {"x + noise, x": "np.clip(x + noise, 0, 1), x"},
    """You clipped the noisy samples to [0, 1], and with that you threw noise away: a black pixel can only get lighter
    now, and the noise no longer averages to zero. Leave values below 0 and above 1 as they are.""",
)

noise_shared_over_the_batch = difference(
    training_pair,
    {"size=x.shape": "size=x.shape[1]"},
    """All samples of your batch carry the same noise: you drew one row and NumPy added it to every sample. Draw as many
    numbers as x has, size=x.shape.""",
)

one_number_per_sample = difference(
    training_pair,
    {"size=x.shape": "size=(len(x), 1)"},
    """Every sample gets one number that is added to all its pixels: it only becomes lighter or darker. Draw one number
    per pixel, size=x.shape.""",
)

one_number_for_all = difference(
    training_pair,
    {", size=x.shape": ""},
    "You drew a single number and added it to everything. Draw one for every pixel of every sample, size=x.shape.",
)

strength_taken_for_the_variance = difference(
    training_pair,
    {"0, strength": "0, np.sqrt(strength)"},
    """You took the root of the strength. strength is the standard deviation already, and that is what rng.normal wants
    as its second argument.""",
)

strength_squared = difference(
    training_pair,
    {"0, strength": "0, strength**2"},
    "You squared the strength. rng.normal wants the standard deviation, not the variance: hand it strength.",
)

strength_not_used = difference(
    training_pair,
    {"0, strength": "0, 1"},
    "Your noise has standard deviation 1, whatever the strength: rng.normal(0, strength, ...).",
)

strength_taken_for_the_mean = difference(
    training_pair,
    {"0, strength": "strength"},
    """The strength went in as the mean: rng.normal takes the mean first, then the standard deviation. Write
    rng.normal(0, strength, size=x.shape).""",
)

only_adds_light = difference(
    training_pair,
    {"rng.normal(0, strength, size=x.shape)": "strength * rng.random(x.shape)"},
    """rng.random draws uniformly between 0 and 1: your noise only adds. Gaussian noise goes both ways: rng.normal(0,
    strength, size=x.shape).""",
)

uniform_noise = difference(
    training_pair,
    {"rng.normal(0, strength": "rng.uniform(-strength, strength"},
    """Your noise is uniform between -strength and strength. Asked for is Gaussian noise of standard deviation strength:
    rng.normal(0, strength, size=x.shape).""",
)

noise_that_multiplies = difference(
    training_pair,
    {"x + noise": "x * (1 + noise)"},
    "You multiplied by the noise, so black pixels stay clean. Add it: x + noise.",
)


def judge(function, rng):
    x, strength, _ = arguments(rng)
    seed = int(rng.integers(1000))
    generator = np.random.default_rng(seed)
    pairs = [
        _pair_of_arrays(function(x.copy(), strength, drawn))
        for drawn in (generator, generator, np.random.default_rng(seed))
    ]
    if any(pair is None or pair[0].shape != x.shape for pair in pairs):
        return
    (given, target), (second, _), (again, _) = pairs
    if not close(given, x) and close(given, target):
        raise Wrong(target_is_the_noisy_image.hint)
    if not close(target, x):
        if close(given, x):
            raise Wrong(given_and_wanted_swapped.hint)
        raise Wrong(noise_is_the_target.hint if close(given - x, target) else both_noisy.hint)
    if close(given, x):
        return
    if close(given, second):
        raise Wrong(the_same_noise_in_each_call.hint)
    if not close(given, again):
        raise Wrong(a_generator_of_its_own.hint)
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
