"""Soft assignments and the target against the formulas written out in NumPy."""

import numpy as np
import pytest
import torch

from udl_teach.models import soft_assignment, target_distribution


@pytest.fixture
def codes():
    rng = np.random.default_rng(0)
    return torch.tensor(rng.normal(size=(30, 4))), torch.tensor(rng.normal(size=(5, 4)))


@pytest.mark.parametrize("alpha", [0.5, 1.0, 3.0])
def test_soft_assignment_is_students_t(codes, alpha):
    z, centres = codes
    kernel = np.array(
        [[(1 + ((a - b) ** 2).sum() / alpha) ** (-(alpha + 1) / 2) for b in centres.numpy()] for a in z.numpy()]
    )
    expected = kernel / kernel.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(soft_assignment(z, centres, alpha).numpy(), expected, rtol=1e-10)


def test_the_gradient_is_that_of_the_paper(codes):
    # Xie et al. 2016, eq. 4, for alpha = 1: dL/dz_i = 2 sum_j (1 + |z_i - mu_j|^2)^-1 (p_ij - q_ij) (z_i - mu_j)
    z, centres = codes[0].requires_grad_(), codes[1]
    q = soft_assignment(z, centres)
    p = target_distribution(q)
    (p * (p.log() - q.log())).sum().backward()
    gap = z.detach()[:, None] - centres
    expected = 2 * ((p - q.detach()) / (1 + gap.square().sum(2)))[:, :, None] * gap
    torch.testing.assert_close(z.grad, expected.sum(dim=1))


def test_the_target_is_squared_divided_by_the_size_and_normalized(codes):
    q = soft_assignment(*codes).numpy()
    weight = q**2 / q.sum(axis=0)
    expected = weight / weight.sum(axis=1, keepdims=True)
    p = target_distribution(torch.tensor(q))
    np.testing.assert_allclose(p.numpy(), expected, rtol=1e-10)
    in_batches = torch.cat([target_distribution(part) for part in torch.tensor(q).split(10)])
    assert not torch.allclose(p, in_batches)


def test_far_codes_and_empty_clusters_give_no_nan():
    q = soft_assignment(torch.tensor([[1e18], [0.0]]), torch.tensor([[0.0], [1.0]]))
    assert torch.isfinite(q).all() and torch.allclose(q.sum(dim=1), torch.ones(2))
    assert torch.isfinite(target_distribution(torch.tensor([[1.0, 0.0], [1.0, 0.0]]))).all()


def test_a_target_has_no_gradient(codes):
    assert not target_distribution(soft_assignment(codes[0].requires_grad_(), codes[1])).requires_grad


def test_widths_that_differ_are_refused(codes):
    with pytest.raises(ValueError, match=r"z has shape \(30, 4\) and centres \(5, 3\)"):
        soft_assignment(codes[0], codes[1][:, :3])
