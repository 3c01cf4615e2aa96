"""The Fréchet distance."""

import numpy as np
from scipy.linalg import sqrtm

from udl_teach.lesson.exercise import Wrong, mistake
from udl_teach.lesson.exercises.l07.shared import _one_number
from udl_teach.lesson.values import as_array


def frechet_distance(mean_x, covariance_x, mean_y, covariance_y):
    """Squared Fréchet distance of two Gaussians, given by means (d,) and covariances (d, d)."""
    ### BEGIN SOLUTION
    eigenvalues = np.linalg.eigvals(covariance_x @ covariance_y).real.clip(min=0)
    shift = ((mean_x - mean_y) ** 2).sum()
    return shift + np.trace(covariance_x) + np.trace(covariance_y) - 2 * np.sqrt(eigenvalues).sum()
    ### END SOLUTION


def _root_trace(x, y):
    return np.trace(sqrtm(x @ y)).real


def _traces(x, y):
    return np.trace(x) + np.trace(y)


def _shift(a, b):
    return ((a - b) ** 2).sum()


_FEW = (
    "Right, until there are fewer samples than features, here {} of 32; the lesson goes down to 30. Then some "
    "eigenvalues are 0, and rounding gives them an imaginary part or makes them a bit negative: yours gives {}. Before "
    "the root take the .real part, then .clip(min=0)."
)


_DEAD = (
    "Right, until a feature never varies (a dead unit): its eigenvalue is 0, and rounding can make that a little less "
    "than 0, which has no root. Yours gives {}. Take np.linalg.eigvals(...), its .real part, and .clip(min=0)."
)


def _singular_gaussians(rng):
    # With 20 samples of 32 features the eigenvalues that should be 0 come out complex; with 30 they are about as often
    # real and negative, which is another slip.
    for n in (20,) + 12 * (30,):
        samples = [rng.normal(size=(many, 32)) @ rng.normal(size=(32, 32)) for many in (n, 200)]
        yield (*(part for x in samples for part in (x.mean(axis=0), np.cov(x.T))),), _FEW.replace("{}", str(n), 1)
    for _ in range(3):
        # Twelve features that follow three hidden numbers, and two that are always 0.
        spread = [np.vstack([rng.normal(size=(12, 3)), np.zeros((2, 3))]) for _ in range(2)]
        one, other = (a @ a.T for a in spread)
        yield (np.zeros(14), one, rng.normal(size=14), other), _DEAD


def _with_roots(root_of):
    """The formula with another way to get the roots of the eigenvalues."""

    def distance(mean_x, covariance_x, mean_y, covariance_y):
        with np.errstate(invalid="ignore"):
            roots = root_of(np.linalg.eigvals(covariance_x @ covariance_y))
        return _shift(mean_x, mean_y) + _traces(covariance_x, covariance_y) - 2 * roots.sum()

    return distance


def arguments(rng):
    d = int(rng.integers(4, 8))
    means = 2 * rng.normal(size=(2, d))
    covariances = [a @ a.T / d + 0.1 * np.eye(d) for a in (1 + rng.random((2, 1, 1))) * rng.normal(size=(2, d, d))]
    return means[0], covariances[0], means[1], covariances[1]


agree = _one_number


HINTS = (
    "Two parts: how far the means lie apart, squared, and how differently the clouds are stretched.",
    "The trace of a matrix is the sum of its diagonal, np.trace(...). The trace of a matrix root is the sum of the "
    "roots of the eigenvalues.",
    "eigenvalues = np.linalg.eigvals(covariance_x @ covariance_y).real.clip(min=0): none is negative but for rounding.",
    "return ((mean_x - mean_y) ** 2).sum() + np.trace(covariance_x) + np.trace(covariance_y) - 2 * ...",
)


@mistake
def root_taken_of_every_entry(mean_x, x, mean_y, y):
    """You took the root of the entries, of all or of those on the diagonal. The root of a matrix is another matter: the
    R with R @ R = the product. Its trace is the sum of the roots of the product's eigenvalues:
    np.sqrt(np.linalg.eigvals(...)).sum().
    """
    return _shift(mean_x, mean_y) + np.trace(x + y - 2 * np.sqrt(x @ y))


@mistake
def variances_alone(mean_x, x, mean_y, y):
    """You compare the variances of the features one by one; how features vary together is lost. It is right for
    diagonal covariances only.
    """
    return _shift(mean_x, mean_y) + ((np.sqrt(np.diag(x)) - np.sqrt(np.diag(y))) ** 2).sum()


@mistake
def eigenvalues_of_each_by_itself(mean_x, x, mean_y, y):
    """You multiplied the eigenvalues of the two covariances one by one. That is right only where both stretch along the
    same directions; take the eigenvalues of the product, covariance_x @ covariance_y.
    """
    return _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.sqrt(np.linalg.eigvalsh(x) * np.linalg.eigvalsh(y)).sum()


@mistake
def roots_of_each_by_itself(mean_x, x, mean_y, y):
    """You took the root of each covariance and multiplied the roots. The root of a product of matrices is not the
    product of their roots: multiply first.
    """
    return _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.trace(sqrtm(x) @ sqrtm(y)).real


@mistake
def eigvalsh_of_the_product(mean_x, x, mean_y, y):
    """np.linalg.eigvalsh is for symmetric matrices and looks at one half of them; a product of two covariances is not
    symmetric. Take np.linalg.eigvals.
    """
    return _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.sqrt(np.linalg.eigvalsh(x @ y).clip(min=0)).sum()


@mistake
def product_of_the_entries(mean_x, x, mean_y, y):
    """x * y multiplies entry by entry. The product of two matrices is covariance_x @ covariance_y."""
    return _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.sqrt(np.linalg.eigvals(x * y).real.clip(min=0)).sum()


@mistake
def roots_forgotten(mean_x, x, mean_y, y):
    """The root is missing: you subtract twice the trace of the product itself."""
    return _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.trace(x @ y)


@mistake
def root_after_the_sum(mean_x, x, mean_y, y):
    """You added up first and took the root afterwards. Take the root of every eigenvalue, then add up."""
    return _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.sqrt(np.trace(x @ y))


@mistake
def roots_of_the_eigenvalues_sum(mean_x, x, mean_y, y):
    """You took the root of the product of the two traces. Wanted is the trace of the root of the product."""
    return _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.sqrt(np.trace(x) * np.trace(y))


@mistake
def two_forgotten(mean_x, x, mean_y, y):
    """The factor 2 before the root is missing: two equal Gaussians must have distance 0."""
    return _shift(mean_x, mean_y) + _traces(x, y) - _root_trace(x, y)


@mistake
def root_added(mean_x, x, mean_y, y):
    """The root is subtracted, not added: two equal Gaussians must have distance 0."""
    return _shift(mean_x, mean_y) + _traces(x, y) + 2 * _root_trace(x, y)


@mistake
def means_forgotten(mean_x, x, mean_y, y):
    """The means are missing: two clouds of the same form, far apart, would have distance 0."""
    return _traces(x, y) - 2 * _root_trace(x, y)


@mistake
def covariances_forgotten(mean_x, x, mean_y, y):
    """Only the means are compared: a generator that always makes the mean image would have distance 0."""
    return _shift(mean_x, mean_y)


@mistake
def distance_of_the_means_not_squared(mean_x, x, mean_y, y):
    """The distance of the means enters squared: ((mean_x - mean_y) ** 2).sum(), without a root."""
    return np.sqrt(_shift(mean_x, mean_y)) + _traces(x, y) - 2 * _root_trace(x, y)


@mistake
def distance_of_the_means_as_absolute_values(mean_x, x, mean_y, y):
    """You added up absolute differences of the means; the formula has their squares."""
    return np.abs(mean_x - mean_y).sum() + _traces(x, y) - 2 * _root_trace(x, y)


@mistake
def differences_of_the_means_summed_first(mean_x, x, mean_y, y):
    """You summed the differences of the means and squared the sum, so differences of opposite sign cancel. Square each
    first, then add up.
    """
    return (mean_x - mean_y).sum() ** 2 + _traces(x, y) - 2 * _root_trace(x, y)


@mistake
def mean_of_the_roots(mean_x, x, mean_y, y):
    """You averaged the roots of the eigenvalues. The trace is their sum."""
    return _shift(mean_x, mean_y) + _traces(x, y) - 2 * _root_trace(x, y) / len(x)


@mistake
def root_of_the_determinant(mean_x, x, mean_y, y):
    """You took the determinant, which is the product of the eigenvalues. The trace of the root is the sum of their
    roots.
    """
    return _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.sqrt(np.linalg.det(x @ y))


@mistake
def sum_of_the_covariances(mean_x, x, mean_y, y):
    """You took the root of the sum of the two covariances. Wanted is that of their product, covariance_x @
    covariance_y.
    """
    return _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.trace(sqrtm(x + y)).real


@mistake
def squares_of_the_means_averaged(mean_x, x, mean_y, y):
    """You averaged the squared differences of the means over the features. They are summed, as the traces are."""
    return ((mean_x - mean_y) ** 2).mean() + _traces(x, y) - 2 * _root_trace(x, y)


@mistake
def root_of_the_whole():
    """You took the root of the whole. What everybody calls the Fréchet distance of samples is the squared one: leave
    the root out.
    """
    return np.sqrt(frechet_distance(*gaussians))


@mistake
def sum_in_place_of_the_trace(mean_x, x, mean_y, y):
    """You added up all entries. The trace is the sum of the diagonal alone: np.trace."""
    return _shift(mean_x, mean_y) + (x + y - 2 * sqrtm(x @ y).real).sum()


@mistake
def a_complex_number(mean_x, covariance_x, mean_y, covariance_y):
    """The number is right, but its type is complex, with an imaginary part of 0; a figure or float() would complain.
    Take the .real part of the eigenvalues, np.linalg.eigvals(...).real, before the root.
    """
    return _with_roots(lambda eigenvalues: np.sqrt(eigenvalues.astype(complex)))(
        mean_x, covariance_x, mean_y, covariance_y
    )


@mistake
def neither_the_real_part_nor_clipped(mean_x, covariance_x, mean_y, covariance_y):
    """Right, until there are fewer samples than features, here 20 of 32; the lesson goes down to 30. Then some
    eigenvalues are 0, and rounding gives them an imaginary part or makes them a bit negative: yours gives a complex
    number. Before the root take the .real part, then .clip(min=0).
    """
    return _with_roots(np.sqrt)(mean_x, covariance_x, mean_y, covariance_y)


@mistake
def not_clipped(mean_x, covariance_x, mean_y, covariance_y):
    """Right, until there are fewer samples than features, here 20 of 32; the lesson goes down to 30. Then some
    eigenvalues are 0, and rounding gives them an imaginary part or makes them a bit negative: yours gives no number.
    Before the root take the .real part, then .clip(min=0).
    """
    return _with_roots(lambda eigenvalues: np.sqrt(eigenvalues.real))(mean_x, covariance_x, mean_y, covariance_y)


@mistake
def one_entry_a_row(mean_x, x, mean_y, y):
    """Your result is a matrix: the trace is missing, np.trace(...)."""
    return _shift(mean_x, mean_y) + x + y - 2 * sqrtm(x @ y).real


def judge(function, rng):
    arguments = arguments(rng)
    got = function(*arguments)
    if not _one_number(got, frechet_distance(*arguments)):
        return
    if np.iscomplexobj(as_array(got)):
        raise Wrong(a_complex_number.hint)
    for arguments, hint in _singular_gaussians(rng):
        got = as_array(function(*arguments))
        if np.iscomplexobj(got):
            raise Wrong(hint.format("a complex number"))
        if not np.isfinite(got).all():
            raise Wrong(hint.format("no number"))
        # A matrix root of such a product is good to some digits only; that is enough.
        if abs(float(got.reshape(())) / frechet_distance(*arguments) - 1) > 0.02:
            raise Wrong(hint.format("a number that is far off"))
    same = arguments(rng)[:2]
    value = as_array(function(*same, *same))
    if abs(float(value.reshape(()))) > 1e-5 * np.trace(same[1]):
        raise Wrong("Two equal Gaussians have distance 0; yours is not.")
