"""The Fréchet distance."""

import numpy as np
from scipy.linalg import sqrtm

from udl_teach.lesson.exercise import Wrong, difference, mistake
from udl_teach.lesson.judging import one_number
from udl_teach.lesson.values import as_array


def frechet_distance(mean_x, covariance_x, mean_y, covariance_y):
    """Squared Fréchet distance of two Gaussians, given by means (d,) and covariances (d, d)."""
    ### BEGIN SOLUTION
    eigenvalues = np.linalg.eigvals(covariance_x @ covariance_y).real.clip(min=0)
    shift = ((mean_x - mean_y) ** 2).sum()
    return shift + np.trace(covariance_x) + np.trace(covariance_y) - 2 * np.sqrt(eigenvalues).sum()
    ### END SOLUTION


HINTS = (
    "Two parts: the squared distance of the means, and how differently the two clouds are stretched.",
    "The trace of a matrix is the sum of its diagonal, np.trace(...). The trace of the root of a matrix is the sum "
    "of the roots of its eigenvalues.",
    "eigenvalues = np.linalg.eigvals(covariance_x @ covariance_y).real.clip(min=0): only rounding makes any negative.",
    "return ((mean_x - mean_y) ** 2).sum() + np.trace(covariance_x) + np.trace(covariance_y) - 2 * ...",
)


def arguments(rng):
    d = int(rng.integers(4, 8))
    means = 2 * rng.normal(size=(2, d))
    covariances = [a @ a.T / d + 0.1 * np.eye(d) for a in (1 + rng.random((2, 1, 1))) * rng.normal(size=(2, d, d))]
    return means[0], covariances[0], means[1], covariances[1]


agree = one_number


_FEW = (
    "Right, until there are fewer samples than features, here {} of 32; the lesson goes down to 30. Then some "
    "eigenvalues are 0, and rounding gives them an imaginary part or makes them slightly negative: yours gives {}. "
    "Before the root take the .real part, then .clip(min=0)."
)


root_taken_of_every_entry = difference(
    frechet_distance,
    {"np.sqrt(eigenvalues).sum()": "np.trace(np.sqrt(covariance_x @ covariance_y))"},
    """You took the root of single entries. The root of a matrix is something else: the R with R @ R = the product.
    Its trace is the sum of the roots of the product's eigenvalues: np.sqrt(np.linalg.eigvals(...)).sum().""",
)

variances_alone = difference(
    frechet_distance,
    {"np.linalg.eigvals(covariance_x @ covariance_y)": "(np.diag(covariance_x) * np.diag(covariance_y))"},
    """You compare the variances of the features one by one and lose how features vary together. This is right for
    diagonal covariances only.""",
)

eigenvalues_of_each_by_itself = difference(
    frechet_distance,
    {
        "np.linalg.eigvals(covariance_x @ covariance_y)": """
        (np.linalg.eigvalsh(covariance_x) * np.linalg.eigvalsh(covariance_y))
        """
    },
    """You multiplied the eigenvalues of the two covariances one by one. This is right only if both stretch along the
    same directions; take the eigenvalues of the product, covariance_x @ covariance_y.""",
)

roots_of_each_by_itself = difference(
    frechet_distance,
    {"np.sqrt(eigenvalues).sum()": "np.trace(sqrtm(covariance_x) @ sqrtm(covariance_y)).real"},
    """You took the root of each covariance and multiplied the roots. The root of a product of matrices is not the
    product of their roots: multiply first.""",
)

eigvalsh_of_the_product = difference(
    frechet_distance,
    {"eigvals": "eigvalsh"},
    """np.linalg.eigvalsh is for symmetric matrices and reads only one half of them; a product of two covariances is not
    symmetric. Use np.linalg.eigvals.""",
)

product_of_the_entries = difference(
    frechet_distance,
    {"covariance_x @ covariance_y": "covariance_x * covariance_y"},
    "x * y multiplies entry by entry. The product of two matrices is covariance_x @ covariance_y.",
)

roots_forgotten = difference(
    frechet_distance,
    {"np.sqrt(eigenvalues)": "eigenvalues"},
    "The root is missing: you subtract twice the trace of the product itself.",
)

root_after_the_sum = difference(
    frechet_distance,
    {"np.sqrt(eigenvalues).sum()": "np.sqrt(eigenvalues.sum())"},
    "You added up first and then took the root. Take the root of every eigenvalue, then add up.",
)

root_of_the_product_of_the_traces = difference(
    frechet_distance,
    {"np.sqrt(eigenvalues).sum()": "np.sqrt(np.trace(covariance_x) * np.trace(covariance_y))"},
    "You took the root of the product of the two traces. Compute the trace of the root of the matrix product.",
)

two_forgotten = difference(
    frechet_distance,
    {"- 2 * np.sqrt": "- np.sqrt"},
    "The factor 2 before the root is missing: two equal Gaussians must have distance 0.",
)

root_added = difference(
    frechet_distance,
    {"- 2 * np.sqrt": "+ 2 * np.sqrt"},
    "The root is subtracted, not added: two equal Gaussians must have distance 0.",
)

means_forgotten = difference(
    frechet_distance,
    {"return shift + np.trace": "return np.trace"},
    "The means are missing: two clouds of the same shape, far apart, would have distance 0.",
)


@mistake
def covariances_forgotten(mean_x, covariance_x, mean_y, covariance_y):
    """Only the means are compared: a generator that always makes the mean image would have distance 0."""
    return ((mean_x - mean_y) ** 2).sum()


distance_of_the_means_not_squared = difference(
    frechet_distance,
    {"((mean_x - mean_y) ** 2).sum()": "np.linalg.norm(mean_x - mean_y)"},
    "The distance of the means enters squared: ((mean_x - mean_y) ** 2).sum(), without a root.",
)

distance_of_the_means_as_absolute_values = difference(
    frechet_distance,
    {"((mean_x - mean_y) ** 2).sum()": "np.abs(mean_x - mean_y).sum()"},
    "You added up absolute differences of the means; add up their squares.",
)

differences_of_the_means_summed_first = difference(
    frechet_distance,
    {"((mean_x - mean_y) ** 2).sum()": "(mean_x - mean_y).sum() ** 2"},
    """You summed the differences of the means and squared the sum, so differences of opposite sign cancel. Square each
    first, then add up.""",
)

mean_of_the_roots = difference(
    frechet_distance,
    {"np.sqrt(eigenvalues).sum()": "np.sqrt(eigenvalues).mean()"},
    "You averaged the roots of the eigenvalues. The trace is their sum.",
)

root_of_the_determinant = difference(
    frechet_distance,
    {"np.sqrt(eigenvalues).sum()": "np.sqrt(eigenvalues.prod())"},
    """You took the root of the determinant, which is the product of the eigenvalues. The trace of the root is the sum
    of their roots.""",
)

sum_of_the_covariances = difference(
    frechet_distance,
    {"covariance_x @ covariance_y": "covariance_x + covariance_y"},
    """You took the root of the sum of the two covariances. Take the root of their product, covariance_x @
    covariance_y.""",
)

squares_of_the_means_averaged = difference(
    frechet_distance,
    {"((mean_x - mean_y) ** 2).sum()": "((mean_x - mean_y) ** 2).mean()"},
    "You averaged the squared differences of the means over the features. Add them up, as a trace does.",
)


@mistake
def root_of_the_whole(mean_x, covariance_x, mean_y, covariance_y):
    """You took the root of the whole. What is called the Fréchet distance of samples is the squared one: leave the root
    out.
    """
    return np.sqrt(frechet_distance(mean_x, covariance_x, mean_y, covariance_y))


@mistake
def sum_in_place_of_the_trace(mean_x, covariance_x, mean_y, covariance_y):
    """You added up all entries. The trace is the sum of the diagonal alone: np.trace."""
    root = sqrtm(covariance_x @ covariance_y).real
    return ((mean_x - mean_y) ** 2).sum() + (covariance_x + covariance_y - 2 * root).sum()


a_complex_number = difference(
    frechet_distance,
    {".real.clip(min=0)": ".astype(complex)"},
    """The number is right, but its type is complex, with an imaginary part of 0, and float() would raise an error.
    Take the .real part of the eigenvalues, np.linalg.eigvals(...).real, before the root.""",
)

neither_the_real_part_nor_clipped = difference(
    frechet_distance, {".real.clip(min=0)": ""}, _FEW.format(20, "a complex number")
)

not_clipped = difference(frechet_distance, {".clip(min=0)": ""}, _FEW.format(20, "no number"))


@mistake
def trace_forgotten(mean_x, covariance_x, mean_y, covariance_y):
    """Your result is a matrix: the trace is missing, np.trace(...)."""
    return ((mean_x - mean_y) ** 2).sum() + covariance_x + covariance_y - 2 * sqrtm(covariance_x @ covariance_y).real


def judge(function, rng):
    gaussians = arguments(rng)
    got = function(*gaussians)
    if not one_number(got, frechet_distance(*gaussians)):
        return
    if np.iscomplexobj(as_array(got)):
        raise Wrong(a_complex_number.hint)
    for gaussians, hint in _singular_gaussians(rng):
        got = as_array(function(*gaussians))
        if np.iscomplexobj(got):
            raise Wrong(hint.format("a complex number"))
        if not np.isfinite(got).all():
            raise Wrong(hint.format("no number"))
        # A matrix root of such a product is exact to a few digits only, which is enough.
        if abs(float(got.reshape(())) / frechet_distance(*gaussians) - 1) > 0.02:
            raise Wrong(hint.format("a number that is far off"))
    same = arguments(rng)[:2]
    value = as_array(function(*same, *same))
    if abs(float(value.reshape(()))) > 1e-5 * np.trace(same[1]):
        raise Wrong("Two equal Gaussians have distance 0; yours is not.")


_DEAD = (
    "Right, until a feature never varies (a dead unit): its eigenvalue is 0, and rounding can make it slightly "
    "negative, so that it has no real root. Yours gives {}. Take np.linalg.eigvals(...), its .real part, and "
    ".clip(min=0)."
)


def _singular_gaussians(rng):
    # With 20 samples of 32 features the eigenvalues that should be 0 come out complex; with 30 they are about as often
    # real and negative, which is another mistake.
    for n in (20, *12 * (30,)):
        samples = [rng.normal(size=(many, 32)) @ rng.normal(size=(32, 32)) for many in (n, 200)]
        yield [part for x in samples for part in (x.mean(axis=0), np.cov(x.T))], _FEW.replace("{}", str(n), 1)
    for _ in range(3):
        # Twelve features that follow three hidden numbers, and two that are always 0.
        spread = [np.vstack([rng.normal(size=(12, 3)), np.zeros((2, 3))]) for _ in range(2)]
        one, other = (a @ a.T for a in spread)
        yield (np.zeros(14), one, rng.normal(size=14), other), _DEAD
