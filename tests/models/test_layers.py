"""Layers: an output layer refuses data that it cannot reach."""

import numpy as np
import pytest

from udl_teach.models import GAN, Autoencoder, ConvAutoencoder, ConvGAN, DenoisingAutoencoder, SparseAutoencoder

REACHING = {
    "dense": lambda output: Autoencoder(16, 2, (8,), output=output),
    "sparse": lambda output: SparseAutoencoder(16, 20, output=output),
    "denoising": lambda output: DenoisingAutoencoder(16, 2, (8,), output=output),
    "conv": lambda output: ConvAutoencoder((1, 4, 4), 2, (4,), output=output),
    "GAN": lambda output: GAN(16, 2, (8,), output=output),
    "ConvGAN": lambda output: ConvGAN((1, 4, 4), 2, (4,), output=output),
}


@pytest.mark.parametrize("make", REACHING.values(), ids=REACHING)
def test_data_that_an_output_cannot_reach_are_refused_before_learning(make):
    x = np.random.default_rng(0).random((20, 1, 4, 4) if "Conv" in type(make("linear")).__name__ else (20, 16))
    wide = {"sigmoid": 1.2 * x - 0.1, "tanh": 2.4 * x - 1.2}
    for output, bounds in (("sigmoid", "0 to 1"), ("tanh", "-1 to 1")):
        model = make(output)
        with pytest.raises(ValueError, match=f'x holds values from .*output="{output}" needs values from {bounds}'):
            model.steps(wide[output])
        next(model.steps(x))
        # What was not learned from may still be read, reconstructed and scored.
        reads = (model.score,) if hasattr(model, "score") else (model.encode, model)
        assert all(np.isfinite(read(wide[output])).all() for read in reads)
    next(make("linear").steps(255 * x))
