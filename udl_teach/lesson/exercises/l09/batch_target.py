"""The target of a batch."""

import numpy as np

from udl_teach.lesson.exercise import difference, mistake


def batch_target(q, rows):
    """The target p of a batch: q holds the soft assignments of ALL samples (n, K), rows the samples in the batch (b,).

    Returns p of shape (b, K).
    """
    ### BEGIN SOLUTION
    f = q.sum(axis=0)
    weights = q**2 / f
    p = weights / weights.sum(axis=1, keepdims=True)
    return p[rows]
    ### END SOLUTION


HINTS = (
    "Forget the batch at first: compute p for all samples.",
    "The soft frequencies f are the sums of the columns of q, one number per cluster.",
    "Square q, divide by f, then divide each row by its sum.",
    "p[rows] picks the rows of the batch, last of all.",
)


def arguments(rng):
    # Clusters of very different size, and a batch that is not like the whole.
    n, n_clusters = int(rng.integers(50, 70)), int(rng.integers(4, 7))
    logits = rng.normal(size=(n, n_clusters)) + np.linspace(0, 2.5, n_clusters)
    q = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    # Never a batch of as many rows as there are clusters: a table of another shape is another mistake.
    return q, rng.permutation(n)[: int(rng.integers(8, 12))]


frequencies_of_the_batch = difference(
    batch_target,
    {"f = q.sum(axis=0)": "q, rows = q[rows], slice(None)\nf = q.sum(axis=0)"},
    """You summed the frequencies over the batch. A batch holds a few samples of each cluster, or none, so its
    frequencies are mostly noise. Sum over all samples, and pick the rows at the end.""",
)

frequencies_forgotten = difference(
    batch_target,
    {"q**2 / f": "q**2"},
    """You did not divide by the frequencies of the clusters, f = q.sum(axis=0). Without them a large cluster takes
    more and more samples from the others.""",
)

frequencies_multiplied = difference(
    batch_target,
    {"q**2 / f": "q**2 * f"},
    """You multiplied by the frequencies. That favours large clusters even more; divide by them.""",
)

not_squared = difference(
    batch_target,
    {"q**2": "q"},
    """You did not square q. The square is what sharpens: without it a sample's largest share does not grow.""",
)

normalized_over_the_samples = difference(
    batch_target,
    {"weights.sum(axis=1, keepdims=True)": "weights.sum(axis=0)"},
    """You normalized over the wrong axis: your columns sum to 1 over all samples. Each row is the target of one
    sample and must sum to 1, so divide by the sum along axis 1.""",
)

normalized_over_everything = difference(
    batch_target,
    {"weights.sum(axis=1, keepdims=True)": "weights.sum()"},
    """You divided by the sum of the whole table. Each row is the target of one sample and must sum to 1: axis=1,
    keepdims=True.""",
)

not_normalized = difference(
    batch_target,
    {"weights / weights.sum(axis=1, keepdims=True)": "weights"},
    """Your rows do not sum to 1. A target is a distribution over the clusters for every sample: divide each row by
    its sum.""",
)

divided_before_squaring = difference(
    batch_target,
    {"q**2 / f": "(q / f) ** 2"},
    """You divided by f and then squared, which divides by f². Square q alone, then divide by f once.""",
)


@mistake
def all_samples(q, rows):
    """This is the target of all samples, and it is right. Return the rows of the batch only: p[rows]."""
    return batch_target(q, slice(None))


@mistake
def hard_target(q, rows):
    """You gave everything to the largest share. The target sharpens q but stays soft, so that doubtful samples pull
    less than clear ones: q² / f, normalized per sample.
    """
    return np.eye(q.shape[1])[q.argmax(axis=1)][rows]
