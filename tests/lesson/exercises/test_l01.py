"""Lesson 01: a mistake written another way, by loops or with torch, gets the same hint; a right answer stays right."""

import numpy as np
import pytest
import torch

from udl_teach.lesson.exercises import exercise
from udl_teach.lesson.verdict import RIGHT, verdict_on


def verdict(number, function):
    return verdict_on(exercise(number), function, seed=0)


def by_covariance(x, n_components):
    values, vectors = np.linalg.eigh(np.cov(x.T))
    return vectors[:, np.argsort(-values)[:n_components]].T


def by_torch(x, n_components):
    x = torch.as_tensor(x, dtype=torch.float32)
    return torch.linalg.svd(x - x.mean(dim=0), full_matrices=False).Vh[:n_components]


def opposite(x, n_components):
    return -by_covariance(x, n_components)


def ratio_by_covariance(x, n_components):
    values = np.linalg.eigvalsh(np.cov(x.T))[::-1]
    return values[:n_components] / values.sum()


def assign_by_loop(x, centres):
    return np.array([min(range(len(centres)), key=lambda k: np.linalg.norm(sample - centres[k])) for sample in x])


def assign_by_torch(x, centres):
    return torch.cdist(torch.as_tensor(x), torch.as_tensor(centres)).argmin(dim=1)


def update_by_torch(x, clusters, centres):
    moved = torch.tensor(centres)
    for number in range(len(centres)):
        members = torch.as_tensor(x)[torch.as_tensor(clusters) == number]
        if len(members):
            moved[number] = members.mean(dim=0)
    return moved


def purity_by_words(labels, clusters):
    groups = [list(labels[clusters == number]) for number in set(clusters.tolist())]
    return torch.tensor(sum(max(group.count(label) for label in group) for group in groups) / len(labels))


@pytest.mark.parametrize(
    ("number", "function"),
    [
        ("01.1", by_covariance),
        ("01.1", by_torch),
        ("01.1", opposite),
        ("01.2", ratio_by_covariance),
        ("01.3", assign_by_loop),
        ("01.3", assign_by_torch),
        ("01.4", update_by_torch),
        ("01.5", purity_by_words),
    ],
)
def test_another_right_way_is_right(number, function):
    found = verdict(number, function)
    assert found.status == RIGHT, found.sentence


def unsorted_covariance(x, n_components):
    return np.linalg.eigh(np.cov(x.T))[1][:, :n_components].T


def not_centred_by_torch(x, n_components):
    return torch.linalg.svd(torch.as_tensor(x), full_matrices=False).Vh[:n_components]


def unsorted_ratio(x, n_components):
    values = np.linalg.eigvalsh(np.cov(x.T))
    return (values / values.sum())[:n_components]


def not_squared_by_torch(x, n_components):
    x = torch.as_tensor(x)
    values = torch.linalg.svdvals(x - x.mean(dim=0))
    return values[:n_components] / values.sum()


def nearest_sample_by_loop(x, centres):
    return np.array([np.argmin([np.sum((sample - centre) ** 2) for sample in x]) for centre in centres])


def nearest_sample_by_torch(x, centres):
    return torch.cdist(torch.as_tensor(x), torch.as_tensor(centres)).argmin(dim=0)


def farthest_by_torch(x, centres):
    return torch.cdist(torch.as_tensor(x), torch.as_tensor(centres)).argmax(dim=1)


def mean_of_nothing(x, clusters, centres):
    return np.array([x[clusters == number].mean(axis=0) for number in range(len(centres))])


def mean_of_nothing_by_torch(x, clusters, centres):
    x, clusters = torch.as_tensor(x), torch.as_tensor(clusters)
    return torch.stack([x[clusters == number].mean(dim=0) for number in range(len(centres))])


def zeros_at_first(x, clusters, centres):
    moved = np.zeros_like(centres)
    for number in set(clusters):
        moved[number] = x[clusters == number].mean(axis=0)
    return moved


def sum_and_origin(x, clusters, centres):
    moved = np.zeros_like(centres)
    for number in range(len(centres)):
        moved[number] = x[clusters == number].sum(axis=0)
    return moved


def shares_of_clusters(labels, clusters):
    shares = []
    for number in np.unique(clusters):
        _, counts = np.unique(labels[clusters == number], return_counts=True)
        shares.append(counts.max() / counts.sum())
    return sum(shares) / len(shares)


def swapped(labels, clusters):
    return sum(np.bincount(clusters[labels == label]).max() for label in np.unique(labels)) / len(labels)


def all_directions(x, n_components):
    values, vectors = np.linalg.eigh(np.cov(x.T))
    return -vectors[:, ::-1].T


def mean_of_everything(x, clusters, centres):
    moved = np.zeros_like(centres)
    for number in range(len(centres)):
        moved[number] = x[clusters == number].mean()
    return moved


def mean_of_everything_listed(x, clusters, centres):
    return [x[clusters == number].mean() for number in range(len(centres))]


def summed_then_squared(x, centres):
    return ((x[:, None] - centres).sum(axis=-1) ** 2).argmin(axis=1)


def by_class(labels, clusters):
    return sum(np.bincount(labels[clusters == label]).max() for label in set(labels)) / len(labels)


def counted_up(labels, clusters):
    return sum(np.bincount(labels[clusters == number]).max() for number in range(clusters.max())) / len(labels)


def counted_up_carefully(labels, clusters):
    right = 0
    for number in range(len(set(clusters))):
        members = list(labels[clusters == number])
        right += max((members.count(label) for label in members), default=0)
    return right / len(labels)


@pytest.mark.parametrize(
    ("number", "function", "name"),
    [
        ("01.1", unsorted_covariance, "unsorted smallest first"),
        ("01.1", not_centred_by_torch, "not centred"),
        ("01.1", all_directions, "all directions"),
        ("01.2", unsorted_ratio, "unsorted smallest first"),
        ("01.2", not_squared_by_torch, "singular values not squared"),
        ("01.3", nearest_sample_by_loop, "nearest sample of every centre"),
        ("01.3", nearest_sample_by_torch, "nearest sample of every centre"),
        ("01.3", farthest_by_torch, "farthest centre"),
        ("01.3", summed_then_squared, "summed before it was made positive"),
        ("01.4", mean_of_nothing, "empty cluster gives nan"),
        ("01.4", mean_of_nothing_by_torch, "empty cluster gives nan"),
        ("01.4", zeros_at_first, "empty cluster jumps to the origin"),
        ("01.4", sum_and_origin, "sum instead of mean"),
        ("01.4", mean_of_everything, "one mean over samples and features"),
        ("01.4", mean_of_everything_listed, "one mean over samples and features as a list"),
        ("01.5", shares_of_clusters, "mean of the shares of the clusters"),
        ("01.5", swapped, "cluster and class swapped"),
        ("01.5", by_class, "one cluster for every class"),
        ("01.5", counted_up, "counted up over a missing number"),
        ("01.5", counted_up_carefully, "counted up the last cluster missed"),
    ],
)
def test_a_mistake_written_another_way_gets_the_same_hint(number, function, name):
    found = verdict(number, function)
    assert found.mistake == name, found.sentence


def test_centres_moved_in_place_are_named():
    def update(x, clusters, centres):
        for number in range(len(centres)):
            if (clusters == number).any():
                centres[number] = x[clusters == number].mean(axis=0)
        return centres

    assert "changed its argument centres" in verdict("01.4", update).sentence
