"""Lesson 09: right answers written in other ways pass, and the same mistake written in another way gets its hint."""

from itertools import permutations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from udl_teach import metrics
from udl_teach.lesson.exercises import exercise
from udl_teach.lesson.verdict import RIGHT, WRONG, verdict_on


def shares_by_loops(z, centres):
    q = np.empty((len(z), len(centres)))
    for i, code in enumerate(z):
        for j, centre in enumerate(centres):
            q[i, j] = 1 / (1 + np.linalg.norm(code - centre) ** 2)
        q[i] /= sum(q[i])
    return q


def target_by_loops(q, rows):
    f = [sum(column) for column in q.T]
    p = []
    for i in rows:
        weights = np.array([q[i, j] ** 2 / f[j] for j in range(len(f))])
        p.append(weights / weights.sum())
    return np.array(p)


def match_by_trying_all(table):
    places = range(len(table))
    return np.array(max(permutations(places), key=lambda order: sum(table[order[k], k] for k in places)))


def continuity_by_loops(data_ranks, map_ranks, k):
    n, total = len(data_ranks), 0
    for i, j in np.ndindex(n, n):
        if 1 <= data_ranks[i, j] <= k and map_ranks[i, j] > k:
            total += map_ranks[i, j] - k
    return 1 - 2 * total / (n * k * (2 * n - 3 * k - 1))


def letters_by_lookup(letters):
    return tuple(
        {"A": "perplexity 30", "B": "PCA", "C": "perplexity 160", "D": "perplexity 2"}[each] for each in letters
    )


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("09.1", shares_by_loops),
        ("09.1", lambda z, centres: (k := 1 / (1 + cdist(z, centres, "sqeuclidean"))) / k.sum(1)[:, None]),
        ("09.2", target_by_loops),
        ("09.2", lambda q, rows: (w := q[rows] ** 2 / q.sum(axis=0)) / w.sum(axis=1, keepdims=True)),
        ("09.2", lambda q, rows: (w := q[rows] ** 2 / q.mean(axis=0)) / w.sum(axis=1, keepdims=True)),
        ("09.3", match_by_trying_all),
        ("09.4", continuity_by_loops),
        ("09.5", letters_by_lookup),
    ],
)
def test_another_way_to_be_right(number, answer):
    verdict = verdict_on(exercise(number), answer, seed=0, seconds=60.0)
    assert verdict.status == RIGHT, verdict.sentence


@pytest.mark.parametrize(
    ("number", "answer", "mistake"),
    [
        ("09.1", lambda z, centres: 1 / (1 + cdist(z, centres) ** 2), "not normalized"),
        ("09.1", lambda z, centres: (k := 1 / (1 + cdist(z, centres))) / k.sum(1, keepdims=True),
         "distance for squared distance"),
        ("09.1", lambda z, centres: (k := 1 / (1 + cdist(z, centres) ** 2)) / k.sum(0), "normalized over the samples"),
        ("09.1", lambda z, centres: np.exp(-(d := cdist(z, centres) ** 2)) / np.exp(-d).sum(1)[:, None],
         "gaussian kernel"),
        ("09.2", lambda q, rows: target_by_loops(q[rows], range(len(rows))), "frequencies of the batch"),
        ("09.2", lambda q, rows: (w := q[rows] ** 2) / w.sum(1)[:, None], "frequencies forgotten"),
        # A sum over the clusters is 1 for every sample, so it divides by nothing.
        ("09.2", lambda q, rows: (w := (q**2 / q.sum(1)[:, None])[rows]) / w.sum(1)[:, None], "frequencies forgotten"),
        ("09.2", lambda q, rows: (w := q**2 / q.sum(0))[rows] / w.sum(0), "normalized over the samples"),
        ("09.3", lambda table: [np.argmax(column) for column in table.T], "majority of each cluster"),
        ("09.3", lambda table: match_by_trying_all(table.T), "cluster of every class"),
        ("09.3", lambda table: match_by_trying_all(-table), "smallest total"),
        ("09.4", lambda data_ranks, map_ranks, k: continuity_by_loops(map_ranks, data_ranks, k), "trustworthiness"),
        ("09.4", lambda data_ranks, map_ranks, k: 1 - continuity_by_loops(data_ranks, map_ranks, k),
         "one minus forgotten"),
        ("09.5", lambda letters: ["perplexity 30", "PCA", "perplexity 160", "perplexity 2"],
         "order of the letters ignored"),
        ("09.5", lambda letters: ["perplexity 30" for _ in letters], None),
        ("09.5", lambda letters: [{"A": "PCA", "B": "perplexity 2", "C": "perplexity 30", "D": "perplexity 160"}[each]
                                  for each in letters], None),
    ],
)  # fmt: skip
def test_the_same_mistake_in_other_words(number, answer, mistake):
    verdict = verdict_on(exercise(number), answer, seed=0)
    assert (verdict.status, verdict.mistake) == (WRONG, mistake or ""), verdict.sentence


def test_the_answers_agree_with_the_library():
    """What the exercises ask for and what the library computes are the same."""
    import torch

    from udl_teach.models import soft_assignment, target_distribution

    z, centres = exercise("09.1").arguments(np.random.default_rng(0))
    q = exercise("09.1").solution(z, centres)
    assert q == pytest.approx(soft_assignment(torch.tensor(z), torch.tensor(centres)).numpy())
    whole = exercise("09.2").solution(q, np.arange(len(q)))
    assert whole == pytest.approx(target_distribution(torch.tensor(q)).numpy())


def test_the_continuity_agrees_with_the_librarys():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 5))
    z = x[:, :2]
    ranks = [np.argsort(np.argsort(cdist(points, points), axis=1), axis=1) for points in (x, z)]
    assert exercise("09.4").solution(*ranks, 8) == pytest.approx(metrics.continuity(x, z, n_neighbours=8))


@pytest.mark.parametrize("seed", range(10))
def test_the_best_matching_is_unique_and_no_greedy_one(seed):
    (table,) = exercise("09.3").arguments(np.random.default_rng(seed))
    assert list(exercise("09.3").solution(table)) == list(match_by_trying_all(table))
    assert len(set(table.argmax(axis=0))) < len(table)
