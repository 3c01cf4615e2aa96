"""The autoencoder: squeeze each sample through a narrow code and learn to undo the squeeze.

Source: Hinton and Salakhutdinov 2006, "Reducing the dimensionality of data with neural networks".
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.autoencoders.base import EncoderDecoder
from udl_teach.models.layers import mlp, output_layer


class Autoencoder(EncoderDecoder):
    """Encoder and decoder, mirror images of each other, joined at the bottleneck.

    With `hidden_sizes=()` each half is one affine map: the linear autoencoder, whose best code spans the same
    subspace as PCA's (Baldi and Hornik 1989).

    Args:
        n_features: numbers a sample.
        latent_size: numbers a code.
        hidden_sizes: widths of the layers between sample and code; the decoder has them in reverse.
        activation: what stands between the layers: "gelu", "elu", "relu", "tanh", "sigmoid" or "linear".
        output: "linear" (any values), "sigmoid" for data in [0, 1] or "tanh" for data in [-1, 1].
        noise: standard deviation of the Gaussian noise added to the input while learning; the target stays clean.
        seed: of the first weights.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    def __init__(
        self,
        n_features: int,
        latent_size: int = 2,
        hidden_sizes: Sequence[int] = (128, 64),
        *,
        activation: str = "gelu",
        output: str = "linear",
        noise: float = 0.0,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.n_features = inputs.whole(n_features, "n_features")
        self.latent_size = inputs.whole(latent_size, "latent_size")
        self.hidden_sizes = inputs.sizes(hidden_sizes, "hidden_sizes")
        self.noise = inputs.real(noise, "noise", minimum=0.0)
        self.output = output
        self.activation, self.seed = activation, seed
        generator = inputs.generator(seed)
        widths = (self.n_features, *self.hidden_sizes, self.latent_size)
        self.encoder = mlp(widths, activation, generator)
        self.decoder = nn.Sequential(*mlp(widths[::-1], activation, generator), output_layer(output))

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.samples(x, n_features=self.n_features)
