"""The entropy of a code."""

import numpy as np

from udl_teach.lesson.exercise import Wrong, difference, mistake
from udl_teach.lesson.values import as_array


def entropy(codes):
    """Entropy in bits per symbol, from the relative frequency of each symbol."""
    ### BEGIN SOLUTION
    _, counts = np.unique(codes, return_counts=True)
    p = counts / counts.sum()
    return -(p * np.log2(p)).sum()
    ### END SOLUTION


HINTS = (
    "How often does each symbol occur? A symbol of probability p costs -log2(p) bits; what is the mean cost?",
    "symbols, counts = np.unique(codes, return_counts=True) counts every symbol that occurs, for any shape.",
    "p = counts / counts.sum() are the probabilities. The mean cost weights each symbol's cost by its p.",
    "return -(p * ...).sum() with the logarithm to base 2.",
)


def arguments(rng):
    # Negative symbols, gaps between them, two far away, and some ten of them, so that no histogram fits by accident.
    symbols = rng.choice(np.arange(-9, 14), size=int(rng.integers(6, 10)), replace=False)
    symbols[:3] = -700, 0, 900
    p = rng.dirichlet(np.full(len(symbols), 0.8)) + 0.02
    shape = int(rng.integers(12, 20)), int(rng.integers(21, 30))
    codes = rng.choice(symbols, size=shape, p=p / p.sum())
    codes[0, :3], codes[1, :2] = symbols[:3], (4, -4)
    return (codes,)


natural_logarithm = difference(
    entropy,
    {"np.log2": "np.log"},
    "np.log is the natural logarithm, so yours is in nats. Bits need np.log2; one nat is 1.44 bits.",
)

logarithm_to_base_10 = difference(
    entropy,
    {"np.log2": "np.log10"},
    "You took the logarithm to base 10, which counts decimal digits. Bits need np.log2.",
)

counts_not_normalised = difference(
    entropy,
    {"counts / counts.sum()": "counts"},
    """You used the counts themselves. The formula needs probabilities, which add up to 1: divide the counts by their
    sum first.""",
)

divided_by_the_number_of_symbols = difference(
    entropy,
    {"counts.sum()": "len(counts)"},
    """You divided the counts by the number of different symbols. Divide by the number of all symbols, counts.sum(), so
    that the probabilities add up to 1.""",
)


@mistake
def zero_counts(codes):
    """Yours is NaN, because you took a logarithm of 0 or less. Symbols that never occur have count 0 and cost nothing:
    keep only counts above 0, or count with np.unique, which lists only symbols that occur. (If you used the codes
    themselves as counts: count how often each occurs.)
    """
    p = np.bincount(codes.ravel() - codes.min()) / codes.size
    with np.errstate(divide="ignore", invalid="ignore"):
        return -(p * np.log2(p)).sum()


@mistake
def negative_codes_counted_by_bincount(codes):
    """np.bincount counts 0, 1, 2 and so on, and codes can be negative: np.unique(codes, return_counts=True) accepts any
    symbols.
    """
    return np.bincount(codes.ravel())


@mistake
def bincount_of_a_table(codes):
    """np.bincount needs a one-dimensional array without negative numbers. np.unique(codes, return_counts=True) accepts
    any shape and any symbols.
    """
    return np.bincount(codes)


@mistake
def values_in_place_of_counts(codes):
    """You used the codes themselves as probabilities. The cost of a symbol depends on how often it occurs, not on its
    size: count the symbols, np.unique(codes, return_counts=True).
    """
    p = np.abs(codes[codes != 0]) / np.abs(codes).sum()
    return -(p * np.log2(p)).sum()


def _in_bins(codes, n_bins):
    counts = np.histogram(codes, bins=n_bins)[0]
    p = counts[counts > 0] / counts.sum()
    return -(p * np.log2(p)).sum()


@mistake
def ten_bins(codes):
    """np.histogram puts the codes into ten bins, so different symbols share a bin. Every symbol needs its own count:
    np.unique(codes, return_counts=True).
    """
    return _in_bins(codes, 10)


@mistake
def only_256_bins(codes):
    """256 bins are enough for bytes; if the codes have a wider range, different symbols share a bin. Every symbol needs
    its own count: np.unique(codes, return_counts=True).
    """
    return _in_bins(codes, 256)


divided_by_the_number_of_rows = difference(
    entropy,
    {"counts.sum()": "len(codes)"},
    """len(codes) is the number of rows. Divide the counts by the number of all symbols, codes.size or counts.sum(), so
    that the probabilities add up to 1.""",
)

divided_by_the_largest_count = difference(
    entropy,
    {"counts.sum()": "counts.max()"},
    "You divided the counts by the largest of them. Divide by their sum, so that the probabilities add up to 1.",
)

rows_for_symbols = difference(
    entropy,
    {"codes, return_counts": "codes, axis=0, return_counts"},
    "With axis=0 np.unique treats whole rows as symbols. A symbol is a single number: leave the axis out.",
)

whole_bits_for_every_symbol = difference(
    entropy,
    {"-(p * np.log2(p))": "(p * np.ceil(-np.log2(p)))"},
    """You rounded every cost up to whole bits. The entropy is the cost without such rounding; a good coder comes close
    to it over many symbols.""",
)

sum_forgotten = difference(
    entropy,
    {"np.log2(p)).sum()": "np.log2(p))"},
    "These are the terms of the mean cost, one per symbol. Return one number: sum them.",
)

the_last_symbol_alone = difference(
    entropy,
    {"np.log2(p)).sum()": "np.log2(p))[-1]"},
    "Yours is the term of the last symbol alone; the terms before it are lost. In a loop, add them up: total += ...",
)

the_first_symbol_alone = difference(
    entropy,
    {"np.log2(p)).sum()": "np.log2(p))[0]"},
    "Yours is the term of the first symbol alone: does your loop return too early?",
)


@mistake
def an_array_counted_by_counter(codes):
    """Iterating over codes gives its rows, not its symbols: flatten it first, codes.ravel().tolist()."""
    return {row: 0 for row in codes}


@mistake
def signs_thrown_away(codes):
    """You dropped the signs, so -2 and 2 count as one symbol. They are two, and the decoder must know which one it
    is."""
    return entropy(np.abs(codes))


@mistake
def sign_forgotten(codes):
    """The minus sign is missing: logarithms of probabilities are negative, so the sum needs a minus in front."""
    return -entropy(codes)


plain_mean_of_the_costs = difference(
    entropy,
    {"-(p * np.log2(p)).sum()": "-np.log2(p).mean()"},
    """Each symbol does cost -log2(p) bits, but you averaged these costs as if all symbols were equally frequent. Weight
    each cost by its p, and sum.""",
)

mean_in_place_of_the_sum = difference(
    entropy,
    {"np.log2(p)).sum()": "np.log2(p)).mean()"},
    "You divided by the number of different symbols at the end. The weights p already make it a mean: sum the terms.",
)


@mistake
def all_symbols_alike(codes):
    """That is the entropy if all symbols are equally frequent, the logarithm of their number. Frequent symbols cost
    less: use how often each occurs.
    """
    return np.log2(len(np.unique(codes)))


@mistake
def bits_in_all(codes):
    """Those are the bits of the whole code. Return bits per symbol: leave out the factor codes.size."""
    return codes.size * entropy(codes)


@mistake
def one_number_per_column(codes):
    """You computed the entropy of each column. Here all symbols of the code are counted together."""
    return np.array([entropy(column) for column in codes.T])


@mistake
def mean_over_the_columns(codes):
    """You averaged the entropies of the columns. That is the cost with one table per column, which comes later; here
    all symbols are counted together.
    """
    return np.mean([entropy(column) for column in codes.T])


@mistake
def two_to_the_entropy(codes):
    """You returned 2 to the power of the entropy, which is the number of equally frequent symbols of the same cost. The
    entropy is its logarithm.
    """
    return 2 ** entropy(codes)


def judge(function, rng):
    codes = np.full((3, 4), int(rng.integers(-5, 5)))
    value = as_array(function(codes))
    if value is not None and value.ndim == 0 and not abs(float(value)) < 1e-6:
        raise Wrong(
            f"If all codes are equal, yours is {float(value):.4g}. Nothing needs to be told then, so it must be 0 bits."
        )
