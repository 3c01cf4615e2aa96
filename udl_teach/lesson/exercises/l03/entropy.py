"""The entropy of a code."""

import numpy as np

from udl_teach.lesson.exercise import Wrong, difference, mistake
from udl_teach.lesson.values import as_array


def entropy(codes):
    """Bits a symbol that a perfect coder needs, by how often each symbol occurs."""
    ### BEGIN SOLUTION
    _, counts = np.unique(codes, return_counts=True)
    p = counts / counts.sum()
    return -(p * np.log2(p)).sum()
    ### END SOLUTION


HINTS = (
    "How often does each symbol occur? A symbol of probability p costs -log2(p) bits; what is the mean of that?",
    "symbols, counts = np.unique(codes, return_counts=True) counts every symbol that occurs, whatever the shape.",
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
    "np.log is the natural logarithm: yours is in nats. Bits are counted with np.log2; a nat has 1.44 of them.",
)

logarithm_to_base_10 = difference(
    entropy,
    {"np.log2": "np.log10"},
    "You took the logarithm to base 10, which counts decimal digits. Bits want np.log2.",
)

counts_not_normalised = difference(
    entropy,
    {"counts / counts.sum()": "counts"},
    """You used the counts themselves. The formula wants probabilities, which add up to 1: divide the counts by their
    sum first.""",
)

divided_by_the_number_of_symbols = difference(
    entropy,
    {"counts.sum()": "len(counts)"},
    """You divided the counts by how many different symbols there are. Divide by how many there are in all,
    counts.sum(), so that the probabilities add up to 1.""",
)


@mistake
def zero_counts(codes):
    """Yours is no number (nan), because a logarithm was taken of 0 or less. Symbols that never occur have count 0; they
    cost nothing, so keep the counts above 0 only, or let np.unique count, which knows no others. (If you took the codes
    themselves for counts: count how often each occurs.)
    """
    p = np.bincount(codes.ravel() - codes.min()) / codes.size
    with np.errstate(divide="ignore", invalid="ignore"):
        return -(p * np.log2(p)).sum()


@mistake
def negative_codes_counted_by_bincount(codes):
    """np.bincount counts 0, 1, 2 and so on, and codes can be negative: np.unique(codes, return_counts=True) takes any
    symbols.
    """
    return np.bincount(codes.ravel())


@mistake
def bincount_of_a_table(codes):
    """np.bincount wants one list of numbers that are not negative. np.unique(codes, return_counts=True) takes any shape
    and any symbols.
    """
    return np.bincount(codes)


@mistake
def values_in_place_of_counts(codes):
    """You took the codes themselves for probabilities. What a symbol costs has nothing to do with how large it is, only
    with how often it comes: count them, np.unique(codes, return_counts=True).
    """
    p = np.abs(codes[codes != 0]) / np.abs(codes).sum()
    return -(p * np.log2(p)).sum()


def _in_bins(codes, n_bins):
    counts = np.histogram(codes, bins=n_bins)[0]
    p = counts[counts > 0] / counts.sum()
    return -(p * np.log2(p)).sum()


@mistake
def ten_bins(codes):
    """np.histogram puts the codes into ten bins, whatever they are, and different symbols share one. Every symbol needs
    a count of its own: np.unique(codes, return_counts=True).
    """
    return _in_bins(codes, 10)


@mistake
def only_256_bins(codes):
    """256 bins are enough for bytes; where the codes spread wider, different symbols share one. Every symbol needs a
    count of its own: np.unique(codes, return_counts=True).
    """
    return _in_bins(codes, 256)


divided_by_the_number_of_rows = difference(
    entropy,
    {"counts.sum()": "len(codes)"},
    """len(codes) is the number of rows. Divide the counts by how many symbols there are in all, codes.size or
    counts.sum(), so that the probabilities add up to 1.""",
)

divided_by_the_largest_count = difference(
    entropy,
    {"counts.sum()": "counts.max()"},
    "You divided the counts by the largest of them. Divide by their sum, so that the probabilities add up to 1.",
)

rows_for_symbols = difference(
    entropy,
    {"codes, return_counts": "codes, axis=0, return_counts"},
    "With axis=0 np.unique takes whole rows for symbols. A symbol is a single number: leave the axis out.",
)

whole_bits_for_every_symbol = difference(
    entropy,
    {"-(p * np.log2(p))": "(p * np.ceil(-np.log2(p)))"},
    """You rounded every price up to whole bits. The entropy is the price without such rounding; a good coder comes
    close to it over many symbols.""",
)

sum_forgotten = difference(
    entropy,
    {"np.log2(p)).sum()": "np.log2(p))"},
    "That is what each symbol adds to the mean price. Asked for is one number: sum them.",
)

the_last_symbol_alone = difference(
    entropy,
    {"np.log2(p)).sum()": "np.log2(p))[-1]"},
    "Yours is what the last symbol adds; the ones before it are lost. In a loop, add them up: total += ...",
)

the_first_symbol_alone = difference(
    entropy,
    {"np.log2(p)).sum()": "np.log2(p))[0]"},
    "Yours is what the first symbol adds: does your loop return before it has come to its end?",
)


@mistake
def an_array_counted_by_counter(codes):
    """Going through codes gives its rows, not its symbols: flatten it first, codes.ravel().tolist()."""
    return {row: 0 for row in codes}


@mistake
def signs_thrown_away(codes):
    """You threw the signs away: -2 and 2 count as one symbol in yours. They are two, and the decoder must be told
    which.
    """
    return entropy(np.abs(codes))


@mistake
def sign_forgotten(codes):
    """The minus sign is missing: logarithms of probabilities are negative, so a minus stands in front."""
    return -entropy(codes)


plain_mean_of_the_costs = difference(
    entropy,
    {"-(p * np.log2(p)).sum()": "-np.log2(p).mean()"},
    """Each symbol costs -log2(p) bits, that is right; but you averaged these costs as if all symbols were equally
    frequent. Weight each by its p, and sum.""",
)

mean_in_place_of_the_sum = difference(
    entropy,
    {"np.log2(p)).sum()": "np.log2(p)).mean()"},
    "You divided by the number of different symbols in the end. The weights p are the mean already: sum them.",
)


@mistake
def all_symbols_alike(codes):
    """That is what it costs when all symbols are equally frequent, the logarithm of their number. Frequent ones can
    have short words: use how often each occurs.
    """
    return np.log2(len(np.unique(codes)))


@mistake
def bits_in_all(codes):
    """Those are the bits of the whole code. Asked for is the price of one symbol: leave the factor codes.size out."""
    return codes.size * entropy(codes)


@mistake
def one_number_per_column(codes):
    """You took the entropy of each column by itself. All the symbols of the code are counted together here."""
    return np.array([entropy(column) for column in codes.T])


@mistake
def mean_over_the_columns(codes):
    """You took the entropy of each column and averaged. That is the price with a table for each column, which comes
    later; here all the symbols are counted together.
    """
    return np.mean([entropy(column) for column in codes.T])


@mistake
def two_to_the_entropy(codes):
    """You raised 2 to it. That is the number of equally frequent symbols that would cost as much; the entropy is its
    logarithm.
    """
    return 2 ** entropy(codes)


def judge(function, rng):
    codes = np.full((3, 4), int(rng.integers(-5, 5)))
    value = as_array(function(codes))
    if value is not None and value.ndim == 0 and not abs(float(value)) < 1e-6:
        raise Wrong(
            f"For a code that holds one symbol only yours is {float(value):.4g}. There is nothing to tell then: 0 bits."
        )
