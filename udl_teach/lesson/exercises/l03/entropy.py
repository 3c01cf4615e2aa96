"""The entropy of a code."""

import numpy as np

from udl_teach.lesson.exercise import Wrong, mistake
from udl_teach.lesson.values import as_array


def entropy(codes):
    """Bits a symbol that a perfect coder needs, by how often each symbol occurs."""
    ### BEGIN SOLUTION
    _, counts = np.unique(codes, return_counts=True)
    p = counts / counts.sum()
    return -(p * np.log2(p)).sum()
    ### END SOLUTION


def _shares(codes):
    counts = np.unique(codes, return_counts=True)[1]
    return counts / counts.sum()


def _in_bins(codes, n):
    counts = np.histogram(codes, bins=n)[0]
    p = counts[counts > 0] / counts.sum()
    return -(p * np.log2(p)).sum()


def _per_column(codes):
    return np.array([entropy(column) for column in codes.T])


def arguments(rng):
    # Negative symbols, gaps between them, two far away, and some ten of them, so that no histogram fits by accident.
    symbols = rng.choice(np.arange(-9, 14), size=int(rng.integers(6, 10)), replace=False)
    symbols[0], symbols[1], symbols[2] = -700, 0, 900
    p = rng.dirichlet(np.full(len(symbols), 0.8)) + 0.02
    shape = int(rng.integers(12, 20)), int(rng.integers(21, 30))
    codes = rng.choice(symbols, size=shape, p=p / p.sum())
    codes[0, :3], codes[1, :2] = symbols[:3], (4, -4)
    return (codes,)


HINTS = (
    "How often does each symbol occur? A symbol of probability p costs -log2(p) bits; what is the mean of that?",
    "symbols, counts = np.unique(codes, return_counts=True) counts every symbol that occurs, whatever the shape.",
    "p = counts / counts.sum() are the probabilities. The mean cost weighs each symbol's cost by its p.",
    "return -(p * ...).sum() with the logarithm to base 2.",
)


@mistake
def natural_logarithm(codes):
    """np.log is the natural logarithm: yours is in nats. Bits are counted with np.log2; a nat has 1.44 of them."""
    return -(_shares(codes) * np.log(_shares(codes))).sum()


@mistake
def logarithm_to_base_10(codes):
    """You took the logarithm to base 10, which counts decimal digits. Bits want np.log2."""
    return -(_shares(codes) * np.log10(_shares(codes))).sum()


@mistake
def counts_not_normalised(codes):
    """You used the counts themselves. The formula wants probabilities, which add up to 1: divide the counts by their
    sum first.
    """
    counts = np.unique(codes, return_counts=True)[1]
    return -(counts * np.log2(counts)).sum()


@mistake
def divided_by_the_number_of_symbols(codes):
    """You divided the counts by how many different symbols there are. Divide by how many there are in all,
    counts.sum(), so that the probabilities add up to 1.
    """
    return -((p := (c := np.unique(codes, return_counts=True)[1]) / len(c)) * np.log2(p)).sum()


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
    return entropy(np.bincount(codes.ravel()))


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
    p = np.abs(codes) / np.abs(codes).sum()
    p = p[p > 0]
    return -(p * np.log2(p)).sum()


@mistake
def ten_bins(codes):
    """np.histogram puts the codes into ten drawers, whatever they are, and different symbols share one. Every symbol
    needs a count of its own: np.unique(codes, return_counts=True).
    """
    return _in_bins(codes, 10)


@mistake
def number_256_bins(codes):
    """256 drawers are enough for bytes; where the codes spread wider, different symbols share one. Every symbol needs a
    count of its own: np.unique(codes, return_counts=True).
    """
    return _in_bins(codes, 256)


@mistake
def divided_by_the_number_of_rows(codes):
    """len(codes) is the number of rows. Divide the counts by how many symbols there are in all, codes.size or
    counts.sum(), so that the probabilities add up to 1.
    """
    return -((p := np.unique(codes, return_counts=True)[1] / len(codes)) * np.log2(p)).sum()


@mistake
def divided_by_the_largest_count(codes):
    """You divided the counts by the largest of them. Divide by their sum, so that the probabilities add up to 1."""
    return -((p := _shares(codes) / _shares(codes).max()) * np.log2(p)).sum()


@mistake
def rows_for_symbols(codes):
    """With axis=0 np.unique takes whole rows for symbols. A symbol is a single number: leave the axis out."""
    return entropy(np.unique(codes, axis=0, return_inverse=True)[1])


@mistake
def whole_bits_for_every_symbol(codes):
    """You rounded every price up to whole bits. The entropy is the price without such rounding; a good coder comes
    close to it over many symbols.
    """
    return (_shares(codes) * np.ceil(-np.log2(_shares(codes)))).sum()


@mistake
def sum_forgotten(codes):
    """That is what each symbol adds to the mean price. Asked for is one number: sum them."""
    return -_shares(codes) * np.log2(_shares(codes))


@mistake
def the_last_symbol_alone(codes):
    """Yours is what the last symbol adds; the ones before it are lost. In a loop, add them up: total += ..."""
    return -_shares(codes)[-1] * np.log2(_shares(codes)[-1])


@mistake
def the_first_symbol_alone(codes):
    """Yours is what the first symbol adds: does your loop return before it has come to its end?"""
    return -_shares(codes)[0] * np.log2(_shares(codes)[0])


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


@mistake
def plain_mean_of_the_costs(codes):
    """Each symbol costs -log2(p) bits, that is right; but you averaged these costs as if all symbols were equally
    frequent. Weigh each by its p, and sum.
    """
    return -np.log2(_shares(codes)).mean()


@mistake
def mean_in_place_of_the_sum(codes):
    """You divided by the number of different symbols in the end. The weights p are the mean already: sum them."""
    return -(_shares(codes) * np.log2(_shares(codes))).mean()


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
def one_number_a_column(codes):
    """You took the entropy of each column by itself. All the symbols of the code are counted together here."""
    return _per_column(codes)


@mistake
def mean_over_the_columns(codes):
    """You took the entropy of each column and averaged. That is the price with a table for each column, which comes
    later; here all the symbols are counted together.
    """
    return _per_column(codes).mean()


@mistake
def two_to_the_entropy(codes):
    """You raised 2 to it. That is the number of equally frequent symbols that would cost as much; the entropy is its
    logarithm.
    """
    return 2 ** entropy(codes)


def judge(answer, rng):
    codes = np.full((3, 4), int(rng.integers(-5, 5)))
    value = as_array(answer(codes))
    if value is not None and value.ndim == 0 and not abs(float(value)) < 1e-6:
        raise Wrong(
            f"For a code that holds one symbol only yours is {float(value):.4g}. There is nothing to tell then: 0 bits."
        )
