"""The entropy model: each pass predicts from earlier passes alone, and its bits are those of the stream."""

import math

import numpy as np
import pytest
import torch
from scipy.stats import logistic

from udl_teach.models.compression.entropy_model import EntropyModel


@pytest.fixture(scope="module")
def entropy_model():
    generator = torch.Generator().manual_seed(0)
    model = EntropyModel(torch.ones(6), (1, 2, 3), 8, generator)
    for parameter in model.parameters():
        parameter.data += 0.1 * torch.randn(parameter.shape, generator=generator)
    return model.double()


@pytest.mark.parametrize("shape", [(5, 5), (6, 9), (8, 7)])
def test_every_code_belongs_to_one_pass(entropy_model, shape):
    codes = torch.zeros(1, 6, *shape)
    coded = torch.zeros(6, *shape)
    for one in entropy_model.passes:
        # A pass knows just what earlier ones coded, in the channels that it depends on.
        assert torch.equal(one.known(codes)[: one.end], coded[: one.end])
        coded[one.first : one.end] += one.coded_now(codes)
    assert torch.equal(coded, torch.ones_like(coded))


def test_mean_and_scale_depend_on_earlier_passes_alone(entropy_model):
    generator = torch.Generator().manual_seed(1)
    codes = torch.randint(-4, 5, (2, 6, 7, 6), generator=generator).double()
    log_step_size = torch.tensor([-1.0, -2.0], dtype=torch.float64)
    mean, log_scale = entropy_model(codes, log_step_size)
    known = torch.zeros_like(codes)
    for one in entropy_model.passes:
        now, group = one.coded_now(codes).bool(), slice(one.first, one.end)
        mean_now, log_scale_now = one(known, log_step_size)
        torch.testing.assert_close(mean_now[:, :, now], mean[:, group][:, :, now])
        torch.testing.assert_close(log_scale_now[:, :, now], log_scale[:, group][:, :, now])
        known[:, group] = torch.where(now, codes[:, group], known[:, group])


def test_a_brighter_image_costs_the_same(entropy_model):
    generator = torch.Generator().manual_seed(1)
    codes = torch.randint(-4, 5, (1, 6, 8, 8), generator=generator).double()
    brighter = codes.clone()
    brighter[:, 0] += 100
    log_step_size = torch.zeros(1, dtype=torch.float64)
    mean, log_scale = entropy_model(codes, log_step_size)
    mean_brighter, log_scale_brighter = entropy_model(brighter, log_step_size)
    first = entropy_model.passes[0].coded_now(codes).bool()  # which know nothing to differ from
    torch.testing.assert_close(log_scale, log_scale_brighter)
    torch.testing.assert_close(mean[:, 0][:, ~first] + 100, mean_brighter[:, 0][:, ~first])
    torch.testing.assert_close(mean[:, 1:], mean_brighter[:, 1:])


def test_bits_are_those_of_the_logistic_distribution_even_far_out(small):
    rng = np.random.default_rng(0)
    codes = torch.from_numpy(rng.integers(-3, 4, size=(1, 64, 6, 5))).float()
    values = (codes + torch.from_numpy(rng.normal(0, 1, codes.shape)).float()).requires_grad_()
    log_step_size = torch.tensor([-2.0])
    bits = small.entropy_model.bits(values, codes, log_step_size)
    mean, log_scale = (value.detach().double().numpy() for value in small.entropy_model(codes, log_step_size))
    law, v = logistic(mean, np.exp(log_scale)), values.detach().double().numpy()
    p = np.where(v > mean, law.sf(v - 0.5) - law.sf(v + 0.5), law.cdf(v + 0.5) - law.cdf(v - 0.5))
    np.testing.assert_allclose(bits.detach().numpy(), -np.log2(p), rtol=2e-3, atol=2e-3)
    far = small.entropy_model.bits(values + 50, codes, log_step_size)
    (slope,) = torch.autograd.grad(far.sum(), values)
    assert torch.isfinite(far).all() and (slope > 0).all()


def test_the_length_of_the_stream_is_that_of_the_entropy_model(trained, camera):
    step_size = 0.1
    codes = torch.from_numpy(trained.codes(camera, step_size)).float()
    with torch.no_grad():
        bits = trained.entropy_model.bits(codes, codes, torch.tensor([math.log(step_size)])).sum().item()
    # Header and two checksums take 30 bytes; means and scales are quantized; skipped codes cost nothing.
    assert bits * 0.97 < 8 * (len(trained.compress(camera, step_size)) - 30) < bits * 1.02 + 16
