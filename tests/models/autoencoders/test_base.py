"""What every autoencoder does: shapes, kinds of input, and draws of its own."""

import numpy as np
import pytest
import torch

from udl_teach import data
from udl_teach.models import Autoencoder, ConvAutoencoder, SparseAutoencoder


@pytest.fixture(scope="module")
def digits():
    return data.digits().split(seed=0)


MODELS = [
    lambda: Autoencoder(64, 3, (16,)),
    lambda: SparseAutoencoder(64, 3),
    lambda: SparseAutoencoder(64, 3, penalty="kl", hidden_sizes=(10,)),
    lambda: ConvAutoencoder((1, 8, 8), 3, (4,)),
]


@pytest.mark.parametrize("make", MODELS)
def test_arrays_in_arrays_out_tensors_in_tensors_with_graph_out(make, digits):
    model, x = make(), digits[1].x
    for result, width in (
        (model.encode(x), 3),
        (model(x), 64),
        (model.decode(model.encode(x)).reshape(len(x), -1), 64),
    ):
        assert isinstance(result, np.ndarray) and result.dtype == np.float32 and result.shape == (len(x), width)
    tensor = torch.from_numpy(x[:5].copy()).requires_grad_()
    model(tensor).sum().backward()
    assert tensor.grad is not None and tensor.grad.abs().sum() > 0


@pytest.mark.parametrize("make", MODELS)
def test_making_and_using_a_model_leaves_the_global_generator_alone(make, digits):
    torch.manual_seed(0)
    before = torch.get_rng_state()
    model = make()
    model(digits[1].x)
    assert torch.equal(before, torch.get_rng_state())
