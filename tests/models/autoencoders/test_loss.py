"""The reconstruction loss against torch."""

import pytest
import torch

from udl_teach.models import reconstruction_loss


def test_reconstruction_loss_sums_over_features_and_averages_over_the_batch():
    x = torch.zeros(4, 3, 5)
    assert reconstruction_loss(x, x + 2).item() == 4 * 15
    a, b = torch.rand(7, 9), torch.rand(7, 9)
    assert reconstruction_loss(a, b).item() == pytest.approx(torch.nn.functional.mse_loss(a, b).item() * 9, rel=1e-5)
