"""Lesson 10: right answers written in other ways pass, and the same mistake written in another way gets its hint."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from udl_teach import models
from udl_teach.lesson.exercises import exercise
from udl_teach.lesson.verdict import RIGHT, WRONG, verdict_on

TERMS = ("invariance", "variance", "covariance")


def nt_xent_by_loops(z1, z2, temperature):
    z = torch.cat([z1, z2])
    z, total, n = z / z.norm(dim=1, keepdim=True), 0.0, len(z1)
    for i in range(2 * n):
        others = torch.stack([z[i] @ z[k] / temperature for k in range(2 * n) if k != i])
        total = total - z[i] @ z[(i + n) % (2 * n)] / temperature + torch.logsumexp(others, dim=0)
    return total / (2 * n)


def matrices_one_by_one(angle, zoom, slant):
    found = []
    for a, c, g in zip(np.deg2rad(angle), zoom, np.deg2rad(slant), strict=True):
        forward = c * np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) @ [[1, np.tan(g)], [0, 1]]
        found.append(np.linalg.inv(forward))
    return np.stack(found)


def terms_by_torch_cov(z1, z2):
    invariance = functional.mse_loss(z1, z2)
    stds = [torch.sqrt(z.var(dim=0) + 1e-4) for z in (z1, z2)]
    variance = sum(functional.relu(1 - std).mean() for std in stds) / 2
    tables = [torch.cov(z.T) for z in (z1, z2)]
    return invariance, variance, sum((c - torch.diag(c.diag())).square().sum() / len(c) for c in tables)


def loss_by_weights(x, x_hat, mask):
    high, wide = x.shape[2] // mask.shape[1], x.shape[3] // mask.shape[2]
    pixels = torch.kron(mask.float(), torch.ones(1, high, wide))[:, None]
    return (pixels * (x - x_hat) ** 2).sum() / pixels.sum()


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("10.1", nt_xent_by_loops),
        ("10.1", models.nt_xent),
        ("10.2", matrices_one_by_one),
        ("10.3", terms_by_torch_cov),
        (
            "10.3",
            lambda z1, z2: tuple(models.vicreg_terms(z1, z2)[n] for n in ("invariance", "variance", "covariance")),
        ),
        ("10.4", loss_by_weights),
        ("10.5", lambda candidates: {"blur the strokes", "stretch each axis"}),
    ],
)
def test_another_right_way_is_right(number, answer):
    found = verdict_on(exercise(number), answer, seed=0)
    assert found.status == RIGHT, found.sentence


def with_self_pair(z1, z2, temperature):
    z = functional.normalize(torch.cat([z1, z2]), dim=1)
    p = torch.softmax(z @ z.T / temperature, dim=1)
    n = len(z1)
    return -torch.log(p[torch.arange(2 * n), torch.arange(2 * n).roll(n)]).mean()


def inverse_in_radians(angle, zoom, slant):
    return matrices_one_by_one(np.degrees(angle), zoom, np.degrees(slant))


def masked_to_zero(x, x_hat, mask):
    hidden = mask.repeat_interleave(x.shape[2] // mask.shape[1], 1).repeat_interleave(x.shape[3] // mask.shape[2], 2)
    return functional.mse_loss(x_hat * hidden[:, None], x * hidden[:, None])


@pytest.mark.parametrize(
    ("number", "function", "mistake"),
    [
        ("10.1", with_self_pair, "self pair kept"),
        ("10.1", lambda z1, z2, t: models.nt_xent(z1, z2, 1 / t), "temperature multiplied"),
        ("10.2", inverse_in_radians, "degrees taken for radians"),
        ("10.2", lambda a, c, g: np.linalg.inv(matrices_one_by_one(a, c, g)), "forward map"),
        ("10.4", lambda x, x_hat, mask: functional.mse_loss(x_hat, x), "visible patches too"),
        ("10.4", masked_to_zero, "divided by all pixels"),
        ("10.5", sorted, "all of them"),
    ],
)
def test_a_mistake_in_other_words_gets_its_hint(number, function, mistake):
    found = verdict_on(exercise(number), function, seed=0)
    assert found.mistake == mistake, found.sentence


def test_a_loss_without_a_gradient_is_told():
    found = verdict_on(exercise("10.1"), lambda *arguments: models.nt_xent(*arguments).item(), seed=0)
    assert found.status == WRONG and "gradient" in found.sentence


def test_other_names_than_the_candidates_are_told():
    found = verdict_on(exercise("10.5"), lambda candidates: ["stretching"], seed=0)
    assert found.status == WRONG and "candidates" in found.sentence
