"""The generative adversarial network of dense layers, for points and tables.

Sources: Goodfellow et al. 2014, "Generative adversarial nets"; Mirza and Osindero 2014, "Conditional generative
adversarial nets", where labels come in.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.adversarial.conditioning import joined
from udl_teach.models.adversarial.game import AdversarialModel
from udl_teach.models.layers import mlp, output_layer


class GAN(AdversarialModel):
    """A generator draws a latent vector and makes a sample of it; a discriminator says how real a sample looks.

    Args:
        n_features: columns of the data.
        latent_size: numbers of a latent vector, drawn from N(0, 1).
        hidden_sizes: widths of the generator's hidden layers, from the latent vector to the sample.
        discriminator_sizes: widths of the discriminator's, from the sample to the score; None for the generator's
            the other way round.
        objective: "non-saturating", "minimax", "least-squares", "wasserstein" or "relativistic", as
            `adversarial_losses` writes them.
        n_classes: classes of the labels that the model is conditional on; None learns without labels.
        penalty: weight of the penalty on the discriminator's slope: of the gradient penalty for "wasserstein" (10 by
            itself), of R1 and R2 together for "relativistic" (1 by itself), of R1 for the others (0 by itself). None
            takes the objective's own; `steps` takes another one for a run.
        spectral_norm: whether every layer of the discriminator is divided by its largest singular value.
        packing: samples that the discriminator sees side by side as one, all real or all generated.
        average: how much of the averaged generator is kept in an update, such as 0.999; 0 for none.
        activation: what stands between the layers.
        output: what stands after the generator's last layer: "linear" (any values), "sigmoid" (values in (0, 1)) or
            "tanh" (values in (-1, 1)).
        seed: of the first weights.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

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
        average: float = 0.0,
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
        packing, labels = inputs.whole(packing, "packing"), self.n_classes or 0
        generator = inputs.generator(seed)
        to_sample = (self.latent_size + labels, *self.hidden_sizes, self.n_features)
        to_score = (packing * (self.n_features + labels), *self.discriminator_sizes, 1)
        self.generator = nn.Sequential(*mlp(to_sample, activation, generator), output_layer(output))
        self.discriminator = mlp(to_score, activation, generator)
        self.output = output
        self._set_game(objective, penalty, spectral_norm, packing, average, seed)
        self.activation, self.seed = activation, seed

    def _generator_input(self, z: torch.Tensor, y: torch.Tensor | None) -> torch.Tensor:
        return joined(z, y, self.n_classes)

    def _discriminator_score(self, packs: torch.Tensor, y: torch.Tensor | None) -> torch.Tensor:
        if y is not None:
            for one in y.T:  # the classes of a pack's samples, one place after the other
                packs = joined(packs, one, self.n_classes)
        return self.discriminator(packs).flatten()

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.samples(x, n_features=self.n_features)
