"""The adversarial game on images: both networks are convolutional, as in DCGAN.

Sources: Radford, Metz and Chintala 2016, "Unsupervised representation learning with deep convolutional generative
adversarial networks", for the layers; Miyato and Koyama 2018, "cGANs with projection discriminator", for the labels.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.adversarial.conditioning import Projection
from udl_teach.models.adversarial.game import AdversarialModel
from udl_teach.models.layers import (
    activation_layer,
    checked_sizes,
    empty_layer,
    initialize_weights,
    linear,
    output_layer,
)
from udl_teach.renamed import old_arguments


class ConvGAN(AdversarialModel):
    """A generator upsamples a small feature map to an image; a discriminator downsamples an image and scores it.

    Images (n_samples, channels, height, width), or the same ones flattened, with values in [0, 1] unless `output` says
    otherwise. There is no batch normalization: with it a sample would depend on the others in its batch.

    Args:
        image_shape: (channels, height, width) of the images; height and width can be halved `len(channels)` times.
        latent_size: length of a latent vector, which is drawn from N(0, 1).
        channels: the discriminator's channels after each halving; the generator has them in reverse order.
        objective: "non-saturating", "minimax", "least-squares", "wasserstein" or "relativistic", as `losses.py` writes
            them.
        n_classes: classes of the labels that the model is conditional on; None learns without labels.
        penalty: weight of the penalty on the gradient of the discriminator, as for `GAN`; None takes the objective's
            default.
        spectral_norm: whether the discriminator has spectral normalization in every layer.
        packing: images that the discriminator sees stacked along the channels as one, all real or all generated.
        ema: decay of the exponential moving average (EMA) of the generator's weights, such as 0.999; 0 for none.
        activation: activation function between the layers.
        output: activation function after the generator's last layer: "sigmoid" (values in (0, 1)), "tanh" (values in
            (-1, 1)) or "linear" (any values).
        seed: of the initial weights.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    @old_arguments(average="ema")
    def __init__(
        self,
        image_shape: Sequence[int] = (1, 8, 8),
        latent_size: int = 32,
        channels: Sequence[int] = (16, 32),
        *,
        objective: str = "non-saturating",
        n_classes: int | None = None,
        penalty: float | None = None,
        spectral_norm: bool = False,
        packing: int = 1,
        ema: float = 0.0,
        activation: str = "leaky_relu",
        output: str = "sigmoid",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.image_shape, self.channels = _checked_sizes(image_shape, channels)
        self.latent_size = inputs.whole(latent_size, "latent_size")
        self.n_classes = None if n_classes is None else inputs.whole(n_classes, "n_classes")
        self.activation, self.output, self.seed = activation, output, seed
        self._set_game(objective=objective, penalty=penalty, spectral_norm=spectral_norm, packing=packing, ema=ema)
        n_in, weights = self.latent_size + (self.n_classes or 0), inputs.generator(seed)
        sizes = (self.image_shape, self.channels)
        self._set_players(
            ImageGenerator(n_in, *sizes, activation, output, weights),
            ImageDiscriminator(*sizes, self.n_classes, self.packing, activation, weights),
        )

    def _discriminator_score(self, packs: torch.Tensor, y: torch.Tensor | None) -> torch.Tensor:
        return self.discriminator(packs, y)

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.images(x, shape=self.image_shape)


class ImageGenerator(nn.Sequential):
    """Rows (n, n_in) -> images (n, channels, height, width).

    A transposed convolution with kernel 4, stride 2 and padding 1 doubles the side. The kernel size is a multiple of
    the stride, so every pixel gets as many contributions as its neighbour; weights that differ can still make a
    checkerboard, which resizing followed by a convolution excludes (Odena, Dumoulin and Olah 2016, "Deconvolution and
    checkerboard artifacts").
    """

    def __init__(self, n_in, image_shape, channels, activation, output, generator) -> None:
        height, width = _smallest(image_shape, channels)
        widths = (image_shape[0], *channels)[::-1]
        layers = [linear(n_in, widths[0] * height * width, generator), nn.Unflatten(1, (widths[0], height, width))]
        for n_before, n_after in zip(widths[:-1], widths[1:], strict=True):
            # (n, n_before, h, w) -> (n, n_after, 2 h, 2 w)
            layer = empty_layer(nn.ConvTranspose2d, n_before, n_after, kernel_size=4, stride=2, padding=1)
            layers += [activation_layer(activation), initialize_weights(layer, generator)]
        super().__init__(*layers, output_layer(output))


class ImageDiscriminator(nn.Module):
    """Packs of images (n, packing * channels, height, width) and labels (n, packing) -> scores (n,)."""

    def __init__(self, image_shape, channels, n_classes, packing, activation, generator) -> None:
        super().__init__()
        height, width = _smallest(image_shape, channels)
        widths = (packing * image_shape[0], *channels)
        layers: list[nn.Module] = []
        for n_before, n_after in zip(widths[:-1], widths[1:], strict=True):
            # (n, n_before, h, w) -> (n, n_after, h / 2, w / 2)
            layer = empty_layer(nn.Conv2d, n_before, n_after, kernel_size=4, stride=2, padding=1)
            layers += [initialize_weights(layer, generator), activation_layer(activation)]
        self.layers = nn.Sequential(*layers, nn.Flatten())
        self.last = Projection(widths[-1] * height * width, n_classes, generator, packing)

    def forward(self, packs: torch.Tensor, y: torch.Tensor | None = None) -> torch.Tensor:
        """Scores (n,) of packs of images and their labels (None where the model is not conditional)."""
        return self.last(self.layers(packs), y)


def _checked_sizes(image_shape: Any, channels: Any) -> tuple[tuple[int, int, int], tuple[int, ...]]:
    shape, widths = checked_sizes(image_shape, channels)
    factor = 2 ** len(widths)
    if shape[1] % factor or shape[2] % factor:
        raise ValueError(
            f"image_shape was {shape}; height and width must be multiples of {factor}, since {len(widths)} channels "
            f"{widths} halve them {len(widths)} times: pad or crop the images, or name fewer channels."
        )
    return shape, widths


def _smallest(image_shape: Sequence[int], channels: Sequence[int]) -> tuple[int, int]:
    return image_shape[1] // 2 ** len(channels), image_shape[2] // 2 ** len(channels)
