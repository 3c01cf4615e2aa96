"""VICReg's three terms."""

import torch

from udl_teach.lesson.exercise import difference
from udl_teach.lesson.judging import with_gradient


def vicreg_terms(z1, z2):
    """Invariance, variance and covariance term, three numbers; z1 and z2 are (n, d), the two views of n images."""
    ### BEGIN SOLUTION
    n, d = z1.shape
    invariance = ((z1 - z2) ** 2).mean()
    variance, covariance = 0.0, 0.0
    for z in (z1, z2):
        z = z - z.mean(dim=0)
        table = z.T @ z / (n - 1)
        deviation = torch.sqrt(torch.diagonal(table) + 1e-4)
        variance = variance + torch.relu(1 - deviation).mean() / 2
        covariance = covariance + ((table**2).sum() - (torch.diagonal(table) ** 2).sum()) / d
    return invariance, variance, covariance
    ### END SOLUTION


HINTS = (
    "The invariance term compares the views row by row; the other two look at each view on its own. The variance "
    "term is averaged over the views, the covariance term is added.",
    "Centre each view first: z = z - z.mean(dim=0). Its covariance matrix is z.T @ z / (n - 1), and the diagonal of "
    "that holds the variances.",
    "The variance term: torch.relu(1 - torch.sqrt(variances + 1e-4)).mean(), a mean over the d dimensions.",
    "The covariance term: all squared entries minus those of the diagonal, divided by d.",
)


def arguments(rng):
    # Some dimensions vary too little and some enough; none is centred, and some are correlated.
    n, d = int(rng.integers(8, 13)), int(rng.integers(4, 7))
    mixing = rng.normal(size=(d, d)) / d**0.5
    image = rng.normal(size=(n, d)) @ mixing
    spread = _spread(rng, d)
    views = [(image + 0.3 * rng.normal(size=(n, d))) * spread + rng.normal(size=d) for _ in range(2)]
    return tuple(torch.tensor(view, dtype=torch.float32) for view in views)


def _spread(rng, d):
    return rng.permutation([0.3, 0.4, 1.8, *rng.uniform(0.3, 2.0, d - 3)])


def judge(function, rng):
    # A network must be able to learn from each of the three terms.
    z1, z2 = arguments(rng)
    z1.requires_grad_(), z2.requires_grad_()
    for place in range(3):
        with_gradient(lambda *views, place=place: function(*views)[place], z1, z2)


variance_for_standard_deviation = difference(
    vicreg_terms,
    {"torch.sqrt(torch.diagonal(table) + 1e-4)": "torch.diagonal(table)"},
    """You compare the variance with 1. The term uses the standard deviation, sqrt(variance + 1e-4). Near the collapse
    the slope of the variance goes to zero; that of the standard deviation stays near 1 for much longer.""",
)

diagonal_kept = difference(
    vicreg_terms,
    {"((table**2).sum() - (torch.diagonal(table) ** 2).sum())": "(table**2).sum()"},
    """The diagonal is still in your covariance term. It holds the variances, so minimizing it shrinks the embeddings,
    against the variance term. Leave it out.""",
)

covariance_averaged_over_all_entries = difference(
    vicreg_terms,
    {"(torch.diagonal(table) ** 2).sum()) / d": "(torch.diagonal(table) ** 2).sum()) / (d * (d - 1))"},
    """You averaged over the d (d - 1) entries off the diagonal. The paper sums them and divides by d.""",
)

covariance_summed = difference(
    vicreg_terms,
    {"(torch.diagonal(table) ** 2).sum()) / d": "(torch.diagonal(table) ** 2).sum())"},
    """Your covariance term is a plain sum. Divide it by d, the number of dimensions.""",
)

variance_summed = difference(
    vicreg_terms,
    {"torch.relu(1 - deviation).mean() / 2": "torch.relu(1 - deviation).sum() / 2"},
    """You summed the variance term over the dimensions. It is their mean.""",
)

invariance_summed_over_dimensions = difference(
    vicreg_terms,
    {"((z1 - z2) ** 2).mean()": "((z1 - z2) ** 2).sum(dim=1).mean()"},
    """You summed the squared differences over the dimensions. Here the invariance term is their mean, over the pairs
    and over the dimensions, so that it stays comparable with the other two when d changes.""",
)

invariance_summed_over_the_batch = difference(
    vicreg_terms,
    {"((z1 - z2) ** 2).mean()": "((z1 - z2) ** 2).sum()"},
    """You summed the invariance term. It is the mean over all n d squared differences.""",
)

no_hinge = difference(
    vicreg_terms,
    {"torch.relu(1 - deviation)": "(1 - deviation)"},
    """Your variance term becomes negative where a dimension varies by more than 1, and rewards growth without end. Cut
    it off at 0: torch.relu(1 - deviation).""",
)

not_centred = difference(
    vicreg_terms,
    {"z = z - z.mean(dim=0)": "pass"},
    """You did not centre the views. Subtract each column's mean; otherwise the matrix holds the means as well.""",
)

variance_along_the_wrong_axis = difference(
    vicreg_terms,
    {"deviation = torch.sqrt(torch.diagonal(table) + 1e-4)": "deviation = torch.sqrt(z.var(dim=1) + 1e-4)"},
    """You measured how much the numbers of one embedding vary. Collapse means that the samples become alike: take the
    standard deviation of each column, over the batch.""",
)

divided_by_n = difference(
    vicreg_terms,
    {"z.T @ z / (n - 1)": "z.T @ z / n"},
    """You divided the covariance matrix by n. Here it is the unbiased one, divided by n - 1.""",
)


variance_added_over_the_views = difference(
    vicreg_terms,
    {"torch.relu(1 - deviation).mean() / 2": "torch.relu(1 - deviation).mean()"},
    """You added the variance term over the two views. It is the mean of the two; only the covariance term is added.""",
)

covariance_averaged_over_the_views = difference(
    vicreg_terms,
    {"(torch.diagonal(table) ** 2).sum()) / d": "(torch.diagonal(table) ** 2).sum()) / d / 2"},
    """You averaged the covariance term over the two views. It is added; only the variance term is averaged.""",
)

one_view_only = difference(
    vicreg_terms,
    {"for z in (z1, z2):": "for z in (z1,):"},
    """The variance and the covariance term look at the first view only. Add those of the second.""",
)
