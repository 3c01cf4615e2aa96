"""Noisy input and clean target."""

import numpy as np

from udl_teach.lesson.exercise import Wrong, difference
from udl_teach.lesson.values import as_array, close


def training_pair(x, strength, rng):
    """The input and the target of a training step, both with the shape of x."""
    ### BEGIN SOLUTION
    noise = rng.normal(0, strength, size=x.shape)
    return x + noise, x
    ### END SOLUTION


HINTS = (
    "Return two arrays: the input of the network and its target. Which of the two is noisy?",
    "rng.normal(mean, standard deviation, size=...) draws Gaussian noise. You need one number for every pixel of "
    "every sample: size=x.shape.",
    "Add the noise to x and keep x itself unchanged, because it is the target.",
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
    """Your target is the noisy sample itself: then the best output is a copy of the input, noise included. The input
    must be noisy and the target clean, x. (noisy = x makes no copy: what you then add to noisy is added to x as
    well.)""",
)

given_and_wanted_swapped = difference(
    training_pair,
    {"x + noise, x": "x, x + noise"},
    """Input and target are swapped: your network gets clean samples and would have to predict the noise. Return the
    noisy samples first, the clean ones second.""",
)

no_noise_at_all = difference(
    training_pair,
    {"x + noise, x": "x, x"},
    """You corrupted nothing: input and target are the same clean samples, as in a plain autoencoder. Add the noise to
    the input.""",
)

noise_is_the_target = difference(
    training_pair,
    {"x + noise, x": "x + noise, noise"},
    """Your target is the noise. Some denoisers do predict it (you will meet one in section 3), but this one should
    predict the clean samples, x.""",
)

noise_in_place_of_the_samples = difference(
    training_pair,
    {"x + noise, x": "noise, x"},
    "Your input is noise alone, which says nothing about the sample. Add the noise to x.",
)

both_noisy = difference(
    training_pair,
    {"x + noise, x": "x + noise, x + rng.normal(0, strength, x.shape)"},
    "Your target is not clean. Corrupt the input only; the target is x, unchanged.",
)

masking_in_place_of_noise = difference(
    training_pair,
    {"rng.normal(0, strength, size=x.shape)": "rng.random(x.shape) < strength", "x + noise": "x * ~noise"},
    """You set pixels to 0, which is masking and comes later. Here noise is added to every pixel: x + rng.normal(0,
    strength, size=x.shape).""",
)

a_constant_in_place_of_noise = difference(
    training_pair,
    {"x + noise": "x + strength"},
    """You added the strength itself, the same number everywhere, so nothing is random. Draw the noise, rng.normal(0,
    strength, size=x.shape).""",
)

the_same_noise_in_each_call = difference(
    training_pair,
    {"rng.normal": "np.random.default_rng(0).normal"},
    """Your noise is the same in every call, so the network sees the same noisy samples in every epoch and can memorize
    them. Draw fresh noise from the argument rng; do not make a generator of your own here.""",
)

a_generator_of_its_own = difference(
    training_pair,
    {"rng.normal": "np.random.default_rng().normal"},
    """Your noise does not come from rng, so the run cannot be repeated. Draw it with rng.normal(...), not from a
    generator of your own or from np.random.""",
)

noise_clipped_away = difference(
    training_pair,
    {"x + noise, x": "np.clip(x + noise, 0, 1), x"},
    """You clipped the noisy samples to [0, 1], which removes part of the noise: a black pixel can now only get lighter,
    and the noise no longer has mean zero. Leave values below 0 and above 1 as they are.""",
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
    """You add one number to all pixels of a sample, so it only becomes lighter or darker. Draw one number per pixel,
    size=x.shape.""",
)

one_number_for_all = difference(
    training_pair,
    {", size=x.shape": ""},
    "You drew a single number and added it to everything. Draw one number per pixel and sample, size=x.shape.",
)

strength_taken_for_the_variance = difference(
    training_pair,
    {"0, strength": "0, np.sqrt(strength)"},
    """You took the root of the strength. strength is already the standard deviation, which is the second argument of
    rng.normal.""",
)

strength_squared = difference(
    training_pair,
    {"0, strength": "0, strength**2"},
    "You squared the strength. rng.normal takes the standard deviation, not the variance: pass strength.",
)

strength_not_used = difference(
    training_pair,
    {"0, strength": "0, 1"},
    "Your noise has standard deviation 1, whatever the strength: rng.normal(0, strength, ...).",
)

strength_taken_for_the_mean = difference(
    training_pair,
    {"0, strength": "strength"},
    """You passed the strength as the mean: rng.normal takes the mean first, then the standard deviation. Write
    rng.normal(0, strength, size=x.shape).""",
)

only_adds_light = difference(
    training_pair,
    {"rng.normal(0, strength, size=x.shape)": "strength * rng.random(x.shape)"},
    """rng.random draws uniformly between 0 and 1, so your noise is never negative. Gaussian noise has both signs:
    rng.normal(0, strength, size=x.shape).""",
)

uniform_noise = difference(
    training_pair,
    {"rng.normal(0, strength": "rng.uniform(-strength, strength"},
    """Your noise is uniform between -strength and strength. It must be Gaussian with standard deviation strength:
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
            f"Your noise makes the samples {'lighter' if mean > 0 else 'darker'} on average: its mean was {mean:.2g} "
            f"at strength {strength:.2g}, and must be 0. Draw it with rng.normal(0, strength, size=x.shape)."
        )
    if abs(spread / strength - 1) > 0.12:
        raise Wrong(
            f"Your noise had standard deviation {spread:.2g} where strength was {strength:.2g}. Pass strength "
            "itself to rng.normal as its second argument, and only add the result."
        )
    if not agree((given, x), training_pair(x, strength, rng)):
        raise Wrong(
            "Your noise has the right strength, but it is not Gaussian and independent for every pixel. Add "
            "rng.normal(0, strength, size=x.shape) and change nothing else."
        )
