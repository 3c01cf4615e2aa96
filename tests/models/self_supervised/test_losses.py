"""The losses of two views and of masks, beside loops and NumPy."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach.models import masked_loss, nt_xent, vicreg_terms

SIZES = {"n": st.integers(2, 6), "features": st.integers(1, 5), "seed": st.integers(0, 1000)}


def two_views(n, features, seed, far=1.0):
    generator = torch.Generator().manual_seed(seed)
    return (far * torch.randn(n, features, generator=generator, dtype=torch.float64) for _ in range(2))


@given(**SIZES, temperature=st.floats(0.05, 5.0))
@settings(deadline=None, max_examples=40, derandomize=True)
def test_nt_xent_is_the_papers_double_loop(n, features, seed, temperature):
    z1, z2 = two_views(n, features, seed)
    z = [view / math.sqrt(float(view @ view)) for view in [*z1, *z2]]
    total = 0.0
    for i in range(2 * n):
        j = (i + n) % (2 * n)
        below = sum(math.exp(float(z[i] @ z[k]) / temperature) for k in range(2 * n) if k != i)
        total -= math.log(math.exp(float(z[i] @ z[j]) / temperature) / below)
    assert float(nt_xent(z1, z2, temperature)) == pytest.approx(total / (2 * n), rel=1e-9)


@given(**SIZES, factor=st.floats(0.01, 100.0))
@settings(deadline=None, max_examples=20, derandomize=True)
def test_nt_xent_sees_neither_lengths_nor_the_order_of_views(n, features, seed, factor):
    z1, z2 = two_views(n, features, seed)
    loss = float(nt_xent(z1, z2))
    assert float(nt_xent(z2, z1)) == pytest.approx(loss)
    assert float(nt_xent(factor * z1, z2)) == pytest.approx(loss)
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    assert float(nt_xent(z1[order], z2[order])) == pytest.approx(loss)


def test_nt_xent_of_a_collapse_is_that_of_guessing():
    z = torch.ones(8, 3)
    assert float(nt_xent(z, z, 0.1)) == pytest.approx(math.log(15), rel=1e-6)


@given(**SIZES)
@settings(deadline=None, max_examples=40, derandomize=True)
def test_vicregs_terms_are_numpys(n, features, seed):
    z1, z2 = two_views(n, features, seed, far=0.7)
    terms = {name: float(value) for name, value in vicreg_terms(z1, z2, eps=1e-4).items()}
    both = [z1.numpy(), z2.numpy()]
    away = [np.maximum(0, 1 - np.sqrt(z.var(axis=0, ddof=1) + 1e-4)).mean() for z in both]
    covariances = [np.atleast_2d(np.cov(z, rowvar=False)) for z in both]
    off = [(c[~np.eye(features, dtype=bool)] ** 2).sum() / features for c in covariances]
    wanted = {"invariance": ((both[0] - both[1]) ** 2).mean(), "variance": np.mean(away), "covariance": sum(off)}
    assert terms == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def test_vicregs_variance_alone_sees_a_collapse():
    z = torch.ones(8, 3, requires_grad=True)
    terms = vicreg_terms(z, z)
    assert terms["invariance"] == terms["covariance"] == 0 and terms["variance"].item() == pytest.approx(0.99, abs=1e-5)
    terms["variance"].backward()
    assert torch.isfinite(z.grad).all()


def test_the_masked_loss_sees_masked_pixels_alone():
    x, x_hat = (torch.randn(3, 1, 4, 4, generator=torch.Generator().manual_seed(k)) for k in (0, 1))
    mask = torch.zeros(3, 1, 4, 4, dtype=torch.bool)
    mask[0, 0, :2], mask[2, 0, 3, 3] = True, True
    wanted = ((x_hat - x).numpy()[mask.numpy()] ** 2).mean()
    assert float(masked_loss(x, x_hat, mask)) == pytest.approx(wanted, rel=1e-6)
    assert float(masked_loss(x, torch.where(mask, x_hat, x + 9), mask)) == pytest.approx(wanted, rel=1e-6)
    assert float(masked_loss(x, x_hat, torch.zeros_like(mask))) == 0
