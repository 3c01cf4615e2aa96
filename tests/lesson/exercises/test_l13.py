"""Lesson 13: right answers written in other ways pass, and the same mistake written in another way gets its hint."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import norm

from udl_teach.lesson.exercises import exercise
from udl_teach.lesson.verdict import RIGHT, WRONG, verdict_on


def modes_by_loops(values, made, weights, means, sds):
    positions, modes = [], []
    for value in values:
        mode = max(range(len(means)), key=lambda k: weights[k] * norm.pdf(value, means[k], sds[k]))
        modes.append(mode)
        positions.append((value - means[mode]) / sds[mode] / 4)
    back = [4 * sds[k] * p + means[k] for p, k in zip(made[0], [int(np.argmax(row)) for row in made[1]], strict=True)]
    return np.array(positions), np.array(modes), np.array(back)


def tstr_by_scikit_learn(x, y, n_train, synthesize, score):
    from sklearn.preprocessing import StandardScaler

    results = []
    for from_x, from_y in (synthesize(x[:n_train], y[:n_train]), (x[:n_train], y[:n_train])):
        scaler = StandardScaler().fit(from_x)
        results.append(score(scaler.transform(from_x), from_y, scaler.transform(x[n_train:]), y[n_train:]))
    return tuple(results)


def records_by_cdist(synthetic, real):
    sd = np.std(real, axis=0)
    between = cdist(real / sd, real / sd) + np.diag(np.full(len(real), np.inf))
    return cdist(synthetic / sd, real / sd).min(axis=1), between.min(axis=1)


def records_by_second_smallest(synthetic, real):
    mean, sd = real.mean(axis=0), real.std(axis=0)
    s, r = (synthetic - mean) / sd, (real - mean) / sd
    return cdist(s, r).min(1), np.sort(cdist(r, r), axis=1)[:, 1]


def attack_by_loops(shadow_members, shadow_others, members, others, thresholds):
    best, chosen = -np.inf, None
    for t in thresholds:
        gain = np.mean(shadow_members < t) - np.mean(shadow_others < t)
        if gain > best:
            best, chosen = gain, t
    return np.mean(members < chosen) - np.mean(others < chosen)


def release_by_sorting(reports, limit):
    for name in sorted(reports, key=lambda name: -reports[name]["tstr"]):
        if not reports[name]["copies"] and reports[name]["advantage"][1] < limit:
            return name
    return None


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("13.1", modes_by_loops),
        ("13.2", tstr_by_scikit_learn),
        ("13.3", records_by_cdist),
        ("13.3", records_by_second_smallest),
        ("13.4", attack_by_loops),
        ("13.5", release_by_sorting),
    ],
)
def test_another_way_to_be_right(number, answer):
    verdict = verdict_on(exercise(number), answer, seed=0, seconds=60.0)
    assert verdict.status == RIGHT, verdict.sentence


def tstr_scaled_first(x, y, n_train, synthesize, score):
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    made_x, made_y = synthesize(x[:n_train], y[:n_train])
    test = x[n_train:], y[n_train:]
    return score(made_x, made_y, *test), score(x[:n_train], y[:n_train], *test)


@pytest.mark.parametrize(
    ("number", "answer", "mistake"),
    [
        ("13.1", lambda values, made, weights, means, sds: modes_by_loops(values, made, np.ones(3), means, sds),
         "weights forgotten"),
        ("13.1", lambda values, made, weights, means, sds: modes_by_loops(
            values, (made[0], np.eye(3)[(made[1] * weights).argmax(1)]), weights, means, sds),
         "mode with the largest weight"),
        ("13.2", tstr_scaled_first, "scaled on all"),
        ("13.2", lambda x, y, n_train, synthesize, score: tstr_by_scikit_learn(
            x, y, n_train, lambda *train: synthesize(x, y), score), "test rows in the generator"),
        ("13.3", lambda synthetic, real: (cdist(synthetic / real.std(0), real / real.std(0)).min(1),
                                          np.zeros(len(real))), "self matches"),
        ("13.3", lambda synthetic, real: records_by_cdist(synthetic / real.std(0), real), None),
        ("13.4", lambda shadow_members, shadow_others, members, others, thresholds: attack_by_loops(
            members, others, members, others, thresholds), "threshold from the released table"),
        ("13.4", lambda shadow_members, shadow_others, members, others, thresholds: -attack_by_loops(
            shadow_members, shadow_others, members, others, thresholds), None),
        ("13.5", lambda reports, limit: max(reports, key=lambda name: reports[name]["tstr"]), "most useful"),
        ("13.5", lambda reports, limit: None, None),
    ],
)  # fmt: skip
def test_the_same_mistake_in_other_words(number, answer, mistake):
    verdict = verdict_on(exercise(number), answer, seed=0)
    assert (verdict.status, verdict.mistake) == (WRONG, mistake or ""), verdict.sentence


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("number", ["13.2", "13.4", "13.5"])
def test_every_mistake_shows_on_fresh_arguments(number, seed):
    """Nobody passes by luck: in eight draws each mistake gives another result than the answer at least once."""
    one, rng = exercise(number), np.random.default_rng(seed)
    draws = [one.arguments(rng) for _ in range(8)]
    for mistake in (each for each in one.mistakes if each.name != "always one"):  # the judge sees to that one
        assert any(not one.agree(mistake(*draw), one.solution(*draw)) for draw in draws), mistake.name


@pytest.mark.parametrize("seed", range(5))
def test_some_reports_allow_no_release(seed):
    rng = np.random.default_rng(seed)
    found = [exercise("13.5").solution(*exercise("13.5").arguments(rng)) for _ in range(40)]
    assert None in found and any(found)
