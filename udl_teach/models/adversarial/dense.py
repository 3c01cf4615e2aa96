"""The generative adversarial network of dense layers, for points and tables.

Sources: Goodfellow et al. 2014, "Generative adversarial nets"; Mirza and Osindero 2014, "Conditional generative
adversarial nets", where labels come in.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.adversarial.conditioning import concatenate_labels
from udl_teach.models.adversarial.game import AdversarialModel
from udl_teach.models.layers import mlp, output_layer
from udl_teach.renamed import old_arguments


class GAN(AdversarialModel):
    """A generator turns latent vectors into samples; a discriminator scores how real a sample looks.

    Args:
        n_features: columns of the data.
        latent_size: length of a latent vector, which is drawn from N(0, 1).
        hidden_sizes: widths of the generator's hidden layers, from the latent vector to the sample.
        discriminator_sizes: widths of the discriminator's, from the sample to the score; None for those of the
            generator in reverse order.
        objective: "non-saturating", "minimax", "least-squares", "wasserstein" or "relativistic", as `losses.py` writes
            them.
        n_classes: classes of the labels that the model is conditional on; None learns without labels.
        penalty: weight of the penalty on the gradient of the discriminator: of the gradient penalty for "wasserstein"
            (10 by default), of R1 + R2 for "relativistic" (1 by default), of R1 for the others (0 by default). None
            takes the objective's default; `steps` takes another weight for one run.
        spectral_norm: whether the discriminator has spectral normalization in every layer.
        packing: samples that the discriminator sees concatenated as one, all real or all generated.
        ema: decay of the exponential moving average (EMA) of the generator's weights, such as 0.999; 0 for none.
        activation: activation function between the layers.
        output: activation function after the generator's last layer: "linear" (any values), "sigmoid" (values in
            (0, 1)) or "tanh" (values in (-1, 1)).
        seed: of the initial weights.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    @old_arguments(average="ema")
    def __init__(
        self,
        n_features: int,
        latent_size: int = 2,
        hidden_sizes: Sequence[int] = (128, 128),
        *,
        discriminator_sizes: Sequence[int] | None = None,
        objective: str = "non-saturating",
        n_classes: int | None = None,
        penalty: float | None = None,
        spectral_norm: bool = False,
        packing: int = 1,
        ema: float = 0.0,
        activation: str = "relu",
        output: str = "linear",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.n_features = inputs.whole(n_features, "n_features")
        self.latent_size = inputs.whole(latent_size, "latent_size")
        self.hidden_sizes = inputs.sizes(hidden_sizes, "hidden_sizes")
        backwards = self.hidden_sizes[::-1] if discriminator_sizes is None else discriminator_sizes
        self.discriminator_sizes = inputs.sizes(backwards, "discriminator_sizes")
        self.n_classes = None if n_classes is None else inputs.whole(n_classes, "n_classes")
        self.activation, self.output, self.seed = activation, output, seed
        self._set_game(objective=objective, penalty=penalty, spectral_norm=spectral_norm, packing=packing, ema=ema)
        labels, weights = self.n_classes or 0, inputs.generator(seed)
        to_sample = (self.latent_size + labels, *self.hidden_sizes, self.n_features)
        to_score = (self.packing * (self.n_features + labels), *self.discriminator_sizes, 1)
        generator = nn.Sequential(*mlp(to_sample, activation, weights), output_layer(output))
        self._set_players(generator, mlp(to_score, activation, weights))

    def _discriminator_score(self, packs: torch.Tensor, y: torch.Tensor | None) -> torch.Tensor:
        if y is not None:
            for one in y.T:  # the classes of a pack's samples, one place after the other
                packs = concatenate_labels(packs, one, self.n_classes)
        return self.discriminator(packs).flatten()

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.samples(x, n_features=self.n_features)
