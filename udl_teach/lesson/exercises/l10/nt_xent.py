"""NT-Xent."""

import torch
from torch.nn import functional

from udl_teach.lesson.exercise import difference, mistake
from udl_teach.lesson.judging import with_gradient


def nt_xent(z1, z2, temperature):
    """The NT-Xent loss of n pairs, one number; row i of z1 and row i of z2, both (n, d), are two views of image i."""
    ### BEGIN SOLUTION
    n = len(z1)
    z = functional.normalize(torch.cat([z1, z2]), dim=1)
    similarity = z @ z.T / temperature
    similarity = similarity.masked_fill(torch.eye(2 * n, dtype=torch.bool), -torch.inf)
    partner = torch.cat([torch.arange(n, 2 * n), torch.arange(n)])
    return functional.cross_entropy(similarity, partner)
    ### END SOLUTION


HINTS = (
    "Put both views into one batch of 2n rows, torch.cat([z1, z2]), and normalize every row to length 1. Then one "
    "matrix product gives all cosine similarities.",
    "Row i of the table is a classification with 2n - 1 candidates: which of the other rows is the partner? In the "
    "order [z1, z2] the partner of row i is row i + n, and the partner of row i + n is row i.",
    "A row must not be its own candidate. Put minus infinity on the diagonal before the softmax: "
    "similarity.masked_fill(torch.eye(2 * n, dtype=torch.bool), -torch.inf).",
    "functional.cross_entropy(similarity, partner) takes the logarithm of the softmax at the partner, and averages "
    "over the 2n rows.",
)


def arguments(rng):
    # Related views whose lengths differ from row to row, and a temperature that is not 1.
    n, d = int(rng.integers(5, 9)), int(rng.integers(10, 14))
    image = rng.normal(size=(n, d))
    one, other = (image + 0.8 * rng.normal(size=(n, d)) for _ in range(2))
    lengths = rng.uniform(0.5, 2.0, size=(2, n, 1))
    z1, z2 = (torch.tensor(z * length, dtype=torch.float32) for z, length in zip((one, other), lengths))
    return z1, z2, float(rng.uniform(0.2, 0.6))


def judge(function, rng):
    # One that learns nothing would pass by its number alone.
    z1, z2, temperature = arguments(rng)
    with_gradient(function, z1.requires_grad_(), z2.requires_grad_(), temperature)


self_pair_kept = difference(
    nt_xent,
    {"similarity = similarity.masked_fill(torch.eye(2 * n, dtype=torch.bool), -torch.inf)": "pass"},
    """Each row is among its own candidates. Its similarity to itself is 1, the largest there is, so the loss never
    falls below log 2. Exclude the diagonal, by minus infinity before the softmax.""",
)

temperature_multiplied = difference(
    nt_xent,
    {"z @ z.T / temperature": "z @ z.T * temperature"},
    """You multiplied by the temperature. Similarities are divided by it: a small temperature makes the softmax
    sharp.""",
)

temperature_forgotten = difference(
    nt_xent,
    {"z @ z.T / temperature": "z @ z.T"},
    """The temperature is missing. Divide the similarities by it.""",
)

partner_in_the_wrong_view = difference(
    nt_xent,
    {"torch.cat([torch.arange(n, 2 * n), torch.arange(n)])": "torch.arange(2 * n) ^ 1"},
    """Your partners are neighbouring rows, 0 with 1 and 2 with 3. In the order [z1, z2] these are views of different
    images. The partner of row i is row i + n.""",
)

partner_is_the_row_itself = difference(
    nt_xent,
    {"torch.cat([torch.arange(n, 2 * n), torch.arange(n)])": "torch.arange(2 * n)"},
    """Each row is its own partner, and the diagonal is excluded, so the loss is infinite. The partner of row i is
    row i + n, the other view of the same image.""",
)

not_normalized = difference(
    nt_xent,
    {"functional.normalize(torch.cat([z1, z2]), dim=1)": "torch.cat([z1, z2])"},
    """You did not normalize the embeddings. NT-Xent compares them by the cosine; with inner products alone a network
    could lower the loss by making its embeddings longer.""",
)

normalized_over_the_batch = difference(
    nt_xent,
    {"dim=1": "dim=0"},
    """You normalized the columns. Every row, the embedding of one view, must get length 1: dim=1.""",
)

summed = difference(
    nt_xent,
    {"functional.cross_entropy(similarity, partner)": "functional.cross_entropy(similarity, partner, reduction='sum')"},
    """You summed over the 2n rows. The loss is their average, so that it does not grow in proportion to the batch.""",
)

one_view_as_anchor = difference(
    nt_xent,
    {"functional.cross_entropy(similarity, partner)": "functional.cross_entropy(similarity[:n], partner[:n])"},
    """You average over the first views only. Each of the 2n views has a partner: average over all rows.""",
)


@mistake
def two_sums_over_2n(z1, z2, temperature):
    """You averaged over the n pairs. The average runs over all 2n views, because each of them has a partner."""
    return 2 * nt_xent(z1, z2, temperature)


@mistake
def negatives_of_the_other_view_only(z1, z2, temperature):
    """Your candidates come from the other view only. NT-Xent uses all other 2n - 1 rows of the batch, those of the
    same view as well.
    """
    logits = functional.normalize(z1, dim=1) @ functional.normalize(z2, dim=1).T / temperature
    partner = torch.arange(len(z1))
    return (functional.cross_entropy(logits, partner) + functional.cross_entropy(logits.T, partner)) / 2


@mistake
def partner_left_out_of_the_sum(z1, z2, temperature):
    """You left the partner out of the denominator. The softmax divides by all candidates, the partner included; only
    the row itself is excluded.
    """
    n = len(z1)
    z = functional.normalize(torch.cat([z1, z2]), dim=1)
    similarity = z @ z.T / temperature
    partner = torch.cat([torch.arange(n, 2 * n), torch.arange(n)])
    rows = torch.arange(2 * n)
    excluded = torch.eye(2 * n, dtype=torch.bool)
    excluded[rows, partner] = True
    others = similarity.masked_fill(excluded, -torch.inf)
    return (torch.logsumexp(others, dim=1) - similarity[rows, partner]).mean()
