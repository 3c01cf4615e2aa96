"""Choose the number of clouds by BIC."""

import numpy as np

from udl_teach.lesson.exercise import Wrong, difference, mistake
from udl_teach.lesson.values import close, copied


def choose_by_bic(log_likelihoods, counts, n_samples, n_features):
    """The BIC of every mixture, shape (n_mixtures,), and the number of clouds with the smallest BIC.

    log_likelihoods holds the MEAN log-likelihood per sample of each mixture and counts its number of clouds. Every
    cloud has a weight, a mean and a full covariance matrix.
    """
    ### BEGIN SOLUTION
    weights = counts - 1
    means = counts * n_features
    covariances = counts * n_features * (n_features + 1) / 2
    parameters = weights + means + covariances
    bic = parameters * np.log(n_samples) - 2 * n_samples * log_likelihoods
    return bic, counts[bic.argmin()]
    ### END SOLUTION


HINTS = (
    "Count the free parameters of one cloud in two dimensions first: its mean, its covariance matrix, its weight.",
    "A covariance matrix is symmetric: d (d + 1) / 2 of its entries are free. The weights add up to 1: K - 1 are free.",
    "BIC contains the log-likelihood of ALL samples; you are given the mean per sample. How do you get from one to the "
    "other?",
    "bic = parameters * np.log(n_samples) - 2 * n_samples * log_likelihoods; return bic, counts[bic.argmin()].",
)


def arguments(rng):
    # The curve rises steeply up to the right number and hardly beyond it. The counts start above 1 and have gaps, so
    # that a place in the list is not a count.
    n_samples, n_features = int(rng.integers(300, 600)), int(rng.integers(3, 6))
    counts = np.cumsum(rng.integers(1, 3, 8)) + 1
    right = int(rng.integers(3, 6))
    place = np.arange(8)
    rise = 1.5 * np.minimum(place, right) + 0.004 * np.maximum(place - right, 0)
    return -20 + rise + rng.uniform(0, 0.002, 8), counts, n_samples, n_features


mean_log_likelihood = difference(
    choose_by_bic,
    {"2 * n_samples * log_likelihoods": "2 * log_likelihoods"},
    """You used the mean log-likelihood per sample. BIC needs that of all samples together: multiply by n_samples.
    Otherwise the penalty outweighs the data.""",
)

divided_by_the_samples = difference(
    choose_by_bic,
    {"2 * n_samples * log_likelihoods": "2 * log_likelihoods / n_samples"},
    "You divided by the number of samples. The values are means already: multiply by n_samples to get the sum.",
)

two_forgotten = difference(
    choose_by_bic,
    {"2 * n_samples * log_likelihoods": "n_samples * log_likelihoods"},
    "The factor 2 in front of the log-likelihood is missing, so every parameter costs twice as much as it should.",
)

sign_turned = difference(
    choose_by_bic,
    {
        "parameters * np.log(n_samples) - 2 * n_samples * log_likelihoods": (
            "2 * n_samples * log_likelihoods - parameters * np.log(n_samples)"
        ),
        "argmin": "argmax",
    },
    """Your scores have the opposite sign. Some books define BIC that way and take the largest; here, as in
    scikit-learn, it is a cost: the penalty minus twice the log-likelihood, and the smallest is best.""",
)

penalty_subtracted = difference(
    choose_by_bic,
    {
        "parameters * np.log(n_samples) - 2 * n_samples * log_likelihoods": (
            "-parameters * np.log(n_samples) - 2 * n_samples * log_likelihoods"
        ),
    },
    "You rewarded parameters: the penalty must make BIC larger, so add it.",
)

likelihood_added = difference(
    choose_by_bic,
    {"parameters * np.log(n_samples) - 2": "parameters * np.log(n_samples) + 2"},
    "You added the log-likelihood, so that a good fit makes BIC worse. Subtract it.",
)

aic = difference(
    choose_by_bic,
    {"np.log(n_samples)": "2"},
    """You charged 2 for each parameter. That is AIC, which tends to choose more clouds; BIC charges the logarithm of
    the number of samples.""",
)

logarithm_to_base_2 = difference(
    choose_by_bic,
    {"np.log(n_samples)": "np.log2(n_samples)"},
    "You took the logarithm to base 2. BIC needs the natural one, as in the log-likelihood: np.log.",
)

logarithm_to_base_10 = difference(
    choose_by_bic,
    {"np.log(n_samples)": "np.log10(n_samples)"},
    "You took the logarithm to base 10. BIC needs the natural one, as in the log-likelihood: np.log.",
)

no_penalty = difference(
    choose_by_bic,
    {"parameters * np.log(n_samples) - 2": "-2"},
    "Your score has no penalty. The likelihood alone nearly always prefers more clouds.",
)

charged_for_the_clouds = difference(
    choose_by_bic,
    {"parameters * np.log(n_samples)": "counts * np.log(n_samples)"},
    """You charged for the number of clouds. BIC charges for every free number in them: count means, covariances and
    weights.""",
)

whole_covariance_matrix = difference(
    choose_by_bic,
    {"n_features * (n_features + 1) / 2": "n_features**2"},
    """You counted all entries of the covariance matrix. It is symmetric, so the entries above the diagonal repeat those
    below: d (d + 1) / 2 are free.""",
)

diagonal_only = difference(
    choose_by_bic,
    {"n_features * (n_features + 1) / 2": "n_features"},
    "You counted the variances alone. A full covariance matrix also holds a covariance for every pair of features.",
)

one_covariance_for_all = difference(
    choose_by_bic,
    {"counts * n_features * (n_features + 1) / 2": "n_features * (n_features + 1) / 2"},
    "You counted one covariance matrix for all clouds. Each cloud has its own: multiply by their number.",
)

one_weight_too_many = difference(
    choose_by_bic,
    {"counts - 1": "counts"},
    "You counted every weight. They add up to 1, so the last one follows from the others: K - 1 are free.",
)

weights_forgotten = difference(
    choose_by_bic,
    {"weights + means": "means"},
    "You forgot the weights of the clouds. They add up to 1, so K - 1 of them are free.",
)

means_forgotten = difference(
    choose_by_bic,
    {"weights + means + covariances": "weights + covariances"},
    """You left out n_features parameters per cloud. Either the means are missing, or the diagonals of the covariance
    matrices, which hold the variances.""",
)

covariances_forgotten = difference(
    choose_by_bic,
    {"weights + means + covariances": "weights + means"},
    "You forgot the covariance matrices. They hold most of the parameters.",
)

the_largest = difference(
    choose_by_bic,
    {"argmin": "argmax"},
    "Your scores are right, but you chose the largest. BIC is a cost: take the smallest.",
)

place_instead_of_count = difference(
    choose_by_bic,
    {"counts[bic.argmin()]": "bic.argmin()"},
    """Your scores are right. You returned the position of the smallest score; return the number of clouds at that
    position: counts[...].""",
)

smallest_bic_instead_of_count = difference(
    choose_by_bic,
    {"counts[bic.argmin()]": "bic.min()"},
    "Your scores are right. You returned the smallest BIC itself; return the number of clouds that has it.",
)

largest_likelihood = difference(
    choose_by_bic,
    {"bic.argmin()": "log_likelihoods.argmax()"},
    "Your scores are right, but you chose by the likelihood. Choose the number of clouds with the smallest BIC.",
)


@mistake
def scores_only(log_likelihoods, counts, n_samples, n_features):
    """Your scores are right. The choice is missing: return also the number of clouds that has the smallest score."""
    return choose_by_bic(log_likelihoods, counts, n_samples, n_features)[0]


@mistake
def choice_only(log_likelihoods, counts, n_samples, n_features):
    """Your choice is right. Return the scores too, before it: bic, counts[bic.argmin()]."""
    return choose_by_bic(log_likelihoods, counts, n_samples, n_features)[1]


def judge(function, rng):
    draw = arguments(rng)
    result = function(*copied(draw))
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Wrong("Return two results: the BIC of every mixture, and the number of clouds that you choose.")
    bic, choice = choose_by_bic(*draw)
    if close(result[0], bic) and not close(result[1], choice):
        raise Wrong("Your scores are right, but not the choice: take the number of clouds with the smallest score.")
