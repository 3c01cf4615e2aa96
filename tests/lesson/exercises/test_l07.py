"""Lesson 07: right answers written in other ways pass, and the same mistake written in another way gets its hint."""

import math

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm
from scipy.spatial import KDTree
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestNeighbors
from torch import nn
from torch.nn import functional

from udl_teach import metrics
from udl_teach.lesson.exercises import exercise
from udl_teach.lesson.verdict import NOT_ATTEMPTED, RAISES, RIGHT, WRONG, verdict_on


def size_by_torch(size, kernel, stride, padding):
    layer = nn.ConvTranspose2d(1, 1, kernel, stride, padding)
    return layer(torch.zeros(1, 1, size, size)).shape[-1]


def size_by_marking(size, kernel, stride, padding):
    touched = set()
    for place in range(size):
        touched |= set(range(place * stride, place * stride + kernel))
    return max(touched) + 1 - 2 * padding


def one_hot(labels):
    return functional.one_hot(labels, 10).float()


def scores(*arguments):
    return exercise("07.2").solution(*arguments)


def scores_in_one_call(generator, discriminator, x, labels, z):
    switches = torch.eye(10)[labels]
    both = discriminator(torch.cat([x, generator(z, switches)]), torch.cat([switches, switches]))
    return both[: len(x)], both[len(x) :]


def scores_by_scatter(generator, discriminator, x, labels, z):
    switches = torch.zeros(len(labels), 10)
    switches[torch.arange(len(labels)), labels] = 1
    fake = generator(z, switches)
    fake_scores = discriminator(fake, switches)
    return [discriminator(x, switches), fake_scores]


def scores_by_comparison(generator, discriminator, x, labels, z):
    switches = (labels.unsqueeze(1) == torch.arange(10)).to(torch.float32)
    return discriminator(x, switches), discriminator(generator(z, switches), switches)


def scores_twice_made(generator, discriminator, x, labels, z):
    return discriminator(x, one_hot(labels)), discriminator(generator(z, one_hot(labels)), one_hot(labels))


def augmented_in_one_call(generator, discriminator, augment, x, z):
    return discriminator(augment(torch.cat([x, generator(z)]))).split(len(x))


def coverage_by_loops(real, generated, k):
    covered = 0
    for i in range(len(real)):
        apart = sorted(math.dist(real[i], real[j]) for j in range(len(real)) if j != i)
        covered += min(math.dist(real[i], other) for other in generated) < apart[k - 1]
    return covered / len(real)


def coverage_by_torch(real, generated, k):
    real, generated = torch.tensor(real), torch.tensor(generated)
    among = torch.cdist(real, real)
    among.fill_diagonal_(torch.inf)
    radius = among.topk(k, largest=False).values[:, -1]
    return (torch.cdist(real, generated) <= radius[:, None]).any(dim=1).float().mean()


def coverage_by_neighbours(real, generated, k):
    radius = NearestNeighbors(n_neighbors=k).fit(real).kneighbors()[0][:, -1]
    nearest = NearestNeighbors(n_neighbors=1).fit(generated).kneighbors(real)[0]
    return np.mean(nearest[:, 0] < radius, keepdims=True)


def coverage_by_trees(real, generated, k):
    radius = KDTree(real).query(real, k + 1)[0][:, -1]
    return float(np.mean(KDTree(generated).query(real)[0] <= radius))


def coverage_by_partition(real, generated, k):
    squares = ((real[:, None] - real[None]) ** 2).sum(-1)
    radius = np.partition(squares, k, axis=1)[:, k]
    return ((((real[:, None] - generated[None]) ** 2).sum(-1)).min(1) <= radius).sum() / real.shape[0]


def frechet_by_root(mean_x, covariance_x, mean_y, covariance_y):
    root = sqrtm(covariance_x @ covariance_y)
    shift = mean_x - mean_y
    return shift @ shift + np.trace(covariance_x + covariance_y - 2 * root.real)


def frechet_by_symmetric_root(mean_x, covariance_x, mean_y, covariance_y):
    values, vectors = np.linalg.eigh(covariance_x)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    middle = np.linalg.eigvalsh(root @ covariance_y @ root)
    parts = np.trace(covariance_x) + np.trace(covariance_y) - 2 * np.sqrt(np.maximum(middle, 0)).sum()
    return np.linalg.norm(mean_x - mean_y) ** 2 + parts


def frechet_by_torch(mean_x, covariance_x, mean_y, covariance_y):
    values = torch.linalg.eigvals(torch.tensor(covariance_x) @ torch.tensor(covariance_y)).real.clamp(min=0)
    traces = np.trace(covariance_x) + np.trace(covariance_y)
    return torch.tensor([np.sum(np.square(mean_x - mean_y)) + traces]) - 2 * values.sqrt().sum()


def frechet_by_complex_roots(mean_x, covariance_x, mean_y, covariance_y):
    values = np.linalg.eigvals(covariance_x @ covariance_y).astype(complex)
    return np.sum((mean_x - mean_y) ** 2) + np.trace(covariance_x + covariance_y) - 2 * np.sqrt(values).sum().real


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("07.1", size_by_torch),
        ("07.1", size_by_marking),
        ("07.1", lambda size, kernel, stride, padding: size * stride + (kernel - stride) - padding * 2.0),
        ("07.1", lambda size, kernel, stride, padding: np.array([stride * (size - 1) + kernel - padding - padding])),
        ("07.1", lambda size, kernel, stride, padding: stride * (size - 1) - 2 * padding + (kernel - 1) + 0 + 1),
        ("07.2", scores_in_one_call),
        ("07.2", scores_by_scatter),
        ("07.2", scores_by_comparison),
        ("07.2", scores_twice_made),
        ("07.2", lambda generator, discriminator, x, labels, z: tuple(
            discriminator(images, functional.one_hot(labels, num_classes=10))
            for images in (x, generator(z, functional.one_hot(labels, num_classes=10))))),
        ("07.3", coverage_by_loops),
        ("07.3", coverage_by_torch),
        ("07.3", coverage_by_neighbours),
        ("07.3", coverage_by_trees),
        ("07.3", coverage_by_partition),
        ("07.3", lambda real, generated, k: metrics.prdc(real, generated, k).coverage
         if len(generated) > k else coverage_by_trees(real, generated, k)),
        ("07.4", frechet_by_root),
        ("07.4", frechet_by_symmetric_root),
        ("07.4", frechet_by_torch),
        ("07.4", frechet_by_complex_roots),
        ("07.4", metrics.frechet_between),
        ("07.5", augmented_in_one_call),
        ("07.5", lambda generator, discriminator, augment, x, z: [
            discriminator(augment(images)) for images in (x, generator(z))]),
    ],
)  # fmt: skip
def test_another_way_to_be_right(number, answer):
    verdict = verdict_on(exercise(number), answer, seed=0, seconds=60.0)
    assert verdict.status == RIGHT, verdict.sentence


@pytest.mark.parametrize(
    ("number", "answer", "mistake"),
    [
        ("07.1", lambda size, kernel, stride, padding: math.floor((size + 2 * padding - kernel) / stride + 1),
         "formula of the convolution"),
        ("07.1", lambda size, kernel, stride, padding: nn.Conv2d(1, 1, kernel, stride, padding)(
            torch.zeros(1, 1, 4 * size, 4 * size)).shape[-1], None),
        ("07.1", lambda size, kernel, stride, padding: stride * (size - 1) + kernel + padding * 2, "padding added"),
        ("07.1", lambda size, kernel, stride, padding: (size - 1) * stride + kernel - 2 * padding - 1,
         "last stamp one pixel too short"),
        ("07.1", lambda size, kernel, stride, padding: (size - 1) * stride + kernel - 2 * padding * stride,
         "padding cut off before growing"),
        ("07.2", lambda generator, discriminator, x, labels, z: (
            discriminator(x, labels.view(-1, 1)), discriminator(generator(z, labels.view(-1, 1)), labels.view(-1, 1))),
         "label as a number"),
        ("07.2", lambda generator, discriminator, x, labels, z: scores(
            generator, discriminator, x, labels.flip(0), z), None),
        ("07.2", lambda generator, discriminator, x, labels, z: (
            discriminator(x, one_hot(labels)), discriminator(generator(z, one_hot(labels)), one_hot(labels.flip(0)))),
         "labels shuffled for the generated images"),
        ("07.2", lambda generator, discriminator, x, labels, z: (
            discriminator(x, one_hot(labels)), discriminator(generator(z, one_hot((labels + 1) % 10)),
                                                             one_hot((labels + 1) % 10))),
         "labels drawn anew for generator and discriminator"),
        ("07.2", lambda generator, discriminator, x, labels, z: (
            discriminator(x, one_hot(labels.roll(1))), discriminator(generator(z, one_hot(labels)), one_hot(labels))),
         "labels shuffled for the real images"),
        ("07.2", lambda generator, discriminator, x, labels, z: (
            discriminator(x, torch.zeros(len(x), 10)), discriminator(generator(z, one_hot(labels)), one_hot(labels))),
         "real images without labels"),
        ("07.2", lambda generator, discriminator, x, labels, z: (
            discriminator(x, torch.eye(9)[labels]), discriminator(generator(z, torch.eye(9)[labels]),
                                                                  torch.eye(9)[labels])), None),
        ("07.2", lambda generator, discriminator, x, labels, z: (
            discriminator(x, torch.tensor(np.eye(10)[labels])),
            discriminator(generator(z, torch.tensor(np.eye(10)[labels])), torch.tensor(np.eye(10)[labels]))),
         "labels in 64 bits"),
        ("07.2", lambda *arguments: [each.detach() for each in scores(*arguments)], None),
        ("07.3", lambda real, generated, k: metrics.prdc(real, generated, k).precision, "direction of precision"),
        ("07.3", lambda real, generated, k: metrics.prdc(real, generated, k).recall,
         "radius of the generated samples"),
        ("07.3", lambda real, generated, k: metrics.prdc(real, generated, k).density, "density"),
        ("07.3", lambda real, generated, k: np.mean(cdist(real, generated).min(1) <= NearestNeighbors(
            n_neighbors=k).fit(real).kneighbors(real)[0][:, -1]), "the sample counted as its own neighbour"),
        ("07.3", lambda real, generated, k: np.mean(np.min(cdist(generated, real), axis=1)
                                                    < np.sort(cdist(real, real))[:, k]),
         "smallest distance of each generated sample"),
        ("07.3", lambda real, generated, k: coverage_by_trees(generated, real, k), "real and generated swapped"),
        ("07.3", lambda real, generated, k: np.mean(
            np.max(cdist(real, generated), axis=1) < np.sort(cdist(real, real))[:, k]), "farthest generated sample"),
        ("07.3", lambda real, generated, k: np.mean(
            np.min(cdist(real, generated), axis=1) <= cdist(real, real).argsort(axis=1)[:, k]),
         "places in place of distances"),
        ("07.3", lambda real, generated, k: round(coverage_by_trees(real, generated, k), 2), None),
        ("07.3", lambda real, generated, k: coverage_by_trees(real, generated, 5), None),
        ("07.3", lambda real, generated, k: (cdist(real, generated) < np.sort(cdist(real, real))[:, [k]]).mean(),
         "pairs counted"),
        ("07.3", lambda real, generated, k: np.mean(np.min(cdist(real, generated), 1) < np.median(
            np.sort(cdist(real, real), 1)[:, k])), None),
        ("07.4", lambda m, x, n, y: np.sum((m - n) ** 2) + np.trace(x + y) - 2 * np.trace(np.sqrt(x @ y)),
         "root taken of every entry"),
        ("07.4", lambda m, x, n, y: np.linalg.norm(m - n) + np.trace(x + y - 2 * sqrtm(x @ y).real),
         "distance of the means not squared"),
        ("07.4", lambda m, x, n, y: np.mean((m - n) ** 2) + np.trace(x + y - 2 * sqrtm(x @ y).real),
         "squares of the means averaged"),
        ("07.4", lambda m, x, n, y: np.sum((m - n) ** 2) + np.trace(x + y) - 2 * np.sqrt(np.linalg.eigvals(x).real
            * np.linalg.eigvals(y).real).sum(), None),
        ("07.4", lambda m, x, n, y: np.sum((m - n) ** 2) + np.trace(x) - np.trace(y), None),
        ("07.4", lambda m, x, n, y: np.sum(m - n) ** 2 + np.trace(x + y - 2 * sqrtm(x @ y).real),
         "differences of the means summed first"),
        ("07.4", lambda m, x, n, y: np.sum((m - n) ** 2) + np.trace(x + y) - 2 * np.mean(
            np.linalg.eigvals(x @ y).real ** 0.5), "mean of the roots"),
        ("07.4", lambda m, x, n, y: np.sum((m - n) ** 2) + np.trace(x + y) - 2 * np.sqrt(
            np.linalg.eigvalsh(x + y)).sum(), "sum of the covariances"),
        ("07.4", lambda m, x, n, y: np.sum((m - n) ** 2) + np.trace(x + y) - 2 * np.sqrt(
            np.linalg.det(x) * np.linalg.det(y)), "root of the determinant"),
        ("07.5", lambda generator, discriminator, augment, x, z: (discriminator(augment(x)), discriminator(
            generator(z))), "only real images augmented"),
        ("07.5", lambda generator, discriminator, augment, x, z: (discriminator(x), discriminator(
            augment(generator(z)))), "only generated images augmented"),
        ("07.5", lambda generator, discriminator, augment, x, z: (discriminator(augment(x)), discriminator(
            augment(torch.tensor(generator(z).detach().numpy())))), "generated images cut off"),
        ("07.5", lambda generator, discriminator, augment, x, z: (discriminator(augment(x)), discriminator(
            generator(augment(z)))), None),
    ],
)  # fmt: skip
def test_the_same_mistake_in_other_words(number, answer, mistake):
    verdict = verdict_on(exercise(number), answer, seed=0)
    assert verdict.status in (WRONG, RAISES), verdict.sentence
    assert mistake is None or verdict.mistake == mistake, verdict.sentence


@pytest.mark.parametrize(
    ("number", "answer", "says"),
    [
        ("07.1", lambda size, kernel, stride, padding: max((size - 1) * stride + kernel - 2 * padding, size * kernel)
         if stride > kernel else size_by_marking(size, kernel, stride, padding) - (size == 1), "one whole stamp"),
        ("07.2", lambda generator, discriminator, x, labels, z: tuple(
            part.squeeze() for part in scores(generator, discriminator, x, labels, z)), "batch of one"),
        ("07.2", lambda *arguments: tuple(part.detach().numpy() for part in scores(*arguments)), "no gradient"),
        ("07.2", lambda *arguments: tuple(part.detach() for part in scores(*arguments)), "no gradient"),
        ("07.2", lambda generator, discriminator, x, labels, z: scores(
            generator, discriminator, x, labels, torch.randn_like(z)), "use the z that is given"),
        ("07.2", lambda generator, discriminator, x, labels, z: (
            discriminator(x, one_hot(labels)),
            discriminator(torch.tensor(generator(z, one_hot(labels)).detach().numpy()), one_hot(labels))),
         "no gradient reaches the generator"),
        ("07.3", lambda real, generated, k: coverage_by_partition(real, generated[:, :], min(k, len(generated) - 1)),
         "with 3 of them"),
        ("07.4", lambda m, x, n, y: np.sum((m - n) ** 2) + np.trace(x + y) - 2 * np.sum(np.exp(
            0.5 * np.log(np.linalg.eigvals(x @ y).real.clip(min=1e-300)))) - 0.1 * (len(m) > 10) * np.trace(x),
         "far off"),
    ],
)  # fmt: skip
def test_right_numbers_are_not_enough(number, answer, says):
    verdict = verdict_on(exercise(number), answer, seed=0)
    assert verdict.status == WRONG and says in verdict.sentence, (verdict.status, verdict.sentence)


def frechet_with(root):
    """The formula with the roots of the eigenvalues added up in another way."""

    def distance(mean_x, covariance_x, mean_y, covariance_y):
        with np.errstate(invalid="ignore"):
            roots = root(np.linalg.eigvals(covariance_x @ covariance_y))
        return ((mean_x - mean_y) ** 2).sum() + np.trace(covariance_x + covariance_y) - 2 * roots

    return distance


@pytest.mark.parametrize(
    ("root", "says"),
    [
        (lambda values: np.sqrt(values).sum(), "20 of 32; the lesson goes down to 30"),
        (lambda values: np.sqrt(values).sum(), "yours gives a complex number"),
        (lambda values: np.sqrt(values.real).sum(), "yours gives no number"),
        (lambda values: np.sqrt(values).sum().real, "30 of 32"),
        (lambda values: np.nansum(np.sqrt(values)), "yours gives a complex number"),
        (lambda values: np.sqrt(values.astype(complex)).sum(), "its type is complex"),
        (lambda values: complex(np.sqrt(values.real.clip(min=0)).sum()), "its type is complex"),
        (lambda values: torch.tensor(np.sqrt(values.astype(complex)).sum()), "its type is complex"),
        (
            lambda values: np.sqrt(abs(values)).sum() if len(values) < 32 else 0.9 * np.sqrt(abs(values)).sum(),
            "far off",
        ),
    ],
)
def test_eigenvalues_that_rounding_spoils_are_told(root, says):
    """Covariances of few samples are singular: rounding makes eigenvalues complex or negative, and their roots NaN."""
    verdict = verdict_on(exercise("07.4"), frechet_with(root), seed=0)
    assert verdict.status == WRONG and says in verdict.sentence, verdict.sentence


@pytest.mark.filterwarnings("ignore:x has 30 and y 1438 samples:UserWarning")
def test_what_passes_as_a_distance_is_a_real_number_for_thirty_digits():
    """The lesson measures 30 digits by 32 features with the function that passed."""
    rng = np.random.default_rng(0)
    few, many = rng.normal(size=(30, 32)), 0.1 + rng.normal(size=(1438, 32))
    gaussians = few.mean(axis=0), np.cov(few.T), many.mean(axis=0), np.cov(many.T)
    for answer in (frechet_by_root, frechet_by_symmetric_root, frechet_by_torch, frechet_by_complex_roots):
        assert verdict_on(exercise("07.4"), answer).status == RIGHT
        assert np.asarray(answer(*gaussians)).item() == pytest.approx(metrics.frechet_distance(few, many), rel=1e-4)


@pytest.mark.parametrize("number", ["07.1", "07.2", "07.3", "07.4", "07.5"])
def test_a_check_leaves_the_notebooks_draws_as_they_are(number):
    before = torch.get_rng_state(), repr(np.random.get_state())
    verdict_on(exercise(number), lambda *arguments: exercise(number).solution(*arguments))
    assert torch.equal(torch.get_rng_state(), before[0]) and repr(np.random.get_state()) == before[1]


def test_a_pair_left_open_is_not_attempted():
    assert verdict_on(exercise("07.2"), lambda generator, discriminator, x, labels, z: (..., ...)).status == (
        NOT_ATTEMPTED
    )


def test_the_exercises_agree_with_the_library():
    """Coverage and distance of the exercises are the library's."""
    rng = np.random.default_rng(0)
    real, generated = rng.normal(size=(60, 3)), 0.5 + rng.normal(size=(50, 3))
    assert exercise("07.3").solution(real, generated, 4) == pytest.approx(metrics.prdc(real, generated, 4).coverage)
    gaussians = real.mean(axis=0), np.cov(real.T), generated.mean(axis=0), np.cov(generated.T)
    assert exercise("07.4").solution(*gaussians) == pytest.approx(metrics.frechet_distance(real, generated))
