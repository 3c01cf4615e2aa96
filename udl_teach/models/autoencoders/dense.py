"""The autoencoder: compress each sample into a short code and reconstruct the sample from it.

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
    """An encoder and a decoder, both multilayer perceptrons and mirror images of each other, joined at the bottleneck.

    With `hidden_sizes=()` each is one affine map: the linear autoencoder, whose optimal code spans the same subspace
    as PCA's (Baldi and Hornik 1989).

    Args:
        n_features: number of features per sample.
        latent_size: size of the code.
        hidden_sizes: widths of the hidden layers of the encoder; the decoder has them in reverse order.
        activation: activation function of the hidden layers: "gelu", "elu", "relu", "tanh", "sigmoid" or "linear".
        output: "linear" (any values), "sigmoid" for data in [0, 1] or "tanh" for data in [-1, 1].
        noise: standard deviation of the Gaussian noise added to the input during training; the target stays clean.
        seed: of the initial weights.

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
