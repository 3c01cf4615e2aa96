"""Deep support vector data description: a network that maps normal samples close to one point.

Source: Ruff, Vandermeulen, Görnitz, Deecke, Siddiqui, Binder, Müller and Kloft 2018, "Deep one-class classification",
eq. 4 (the loss), section 3.3 (the collapse).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.layers import allocate, mlp
from udl_teach.modules import example_of
from udl_teach.training import LearningState, Step, train

# Coordinates of the centre nearer to 0 are moved there: zero weights alone would reach a centre of zeros.
LEAST = 0.1


class DeepSVDD(nn.Module):
    """A multilayer perceptron phi that learns to map all samples near a fixed centre c.

        loss = 1/B sum |phi(x) - c|^2 + weight_decay / 2 sum |W|^2        anomaly score(x) = |phi(x) - c|^2

    The loss has a trivial solution: a network that answers c whatever it is shown. Ruff et al. show that biases (a last
    layer of zero weights and the bias c), a centre that learns, or bounded activations allow it. Here layers have no
    biases, the centre is fixed (the mean of the first outputs), and the activation is leaky ReLU.

    Args:
        n_features: number of features per sample.
        latent_size: size of phi(x).
        hidden_sizes: widths of the hidden layers.
        bias: whether layers have biases: True invites the collapse, to see it.
        weight_decay: weight of the squared weights.
        activation: activation function of the hidden layers, such as "leaky_relu" or "tanh".
        seed: of the initial weights.

    Attributes:
        centre: c, shape (latent_size,); None until the first `steps` place it.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    def __init__(
        self,
        n_features: int,
        latent_size: int = 32,
        hidden_sizes: Sequence[int] = (128, 64),
        *,
        bias: bool = False,
        weight_decay: float = 1e-4,
        activation: str = "leaky_relu",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.n_features = inputs.whole(n_features, "n_features")
        self.latent_size = inputs.whole(latent_size, "latent_size")
        self.hidden_sizes = inputs.sizes(hidden_sizes, "hidden_sizes")
        self.bias, self.activation, self.seed = bool(bias), activation, seed
        self.weight_decay = inputs.real(weight_decay, "weight_decay", minimum=0.0)
        widths = (self.n_features, *self.hidden_sizes, self.latent_size)
        self.network = mlp(widths, activation, inputs.generator(seed))
        if not self.bias:
            for layer in self.network:
                if isinstance(layer, nn.Linear):
                    layer.bias = None
        self.register_buffer("centre", None)

    def encode(self, x: Any) -> Any:
        """phi(x): (n_samples, n_features) -> (n_samples, latent_size)."""
        return inputs.given(self._phi(x), x)

    def forward(self, x: Any) -> Any:
        """phi(x), as `encode`."""
        return self.encode(x)

    def anomaly_score(self, x: Any) -> Any:
        """Squared distance of phi(x) to the centre, shape (n_samples,); higher is stranger."""
        if self.centre is None:
            raise ValueError("this DeepSVDD has no centre yet; call fit(model, x) or model.place_centre(x) first.")
        with torch.no_grad():
            phi = self._phi(x)
            return inputs.given((phi - self.centre).square().sum(dim=1), x)

    def spread(self, x: Any) -> float:
        """Root mean square distance of phi(x) to its mean over the samples: near 0 after a collapse."""
        with torch.no_grad():
            phi = self._phi(x)
            return float((phi - phi.mean(dim=0)).square().sum(dim=1).mean().sqrt())

    def place_centre(self, x: Any) -> None:
        """Set c to the mean of phi over `x` (n_samples, n_features), away from zero: Ruff et al. 2018, section 4."""
        with torch.no_grad():
            centre = self._phi(x).mean(dim=0)
        self.centre = torch.where(centre.abs() < LEAST, torch.where(centre < 0, -LEAST, LEAST), centre)

    def loss(self, x: torch.Tensor, generator: torch.Generator | None = None) -> dict[str, torch.Tensor]:
        """The loss of a batch; see the class.

        Returns:
            {"loss", "distance", "weights"}: scalar tensors; "distance" is averaged over the batch, "weights" is half of
            the sum of squared weights, without `weight_decay`.
        """
        distance = (self.network(x) - self.centre).square().sum(dim=1).mean()
        weights = sum(weight.square().sum() for name, weight in self.named_parameters() if name.endswith("weight")) / 2
        return {"loss": distance + self.weight_decay * weights, "distance": distance, "weights": weights}

    def steps(
        self,
        x: Any,
        y: None = None,
        *,
        epochs: int | None = 20,
        batch_size: int = 128,
        learning_rate: float | Callable[[int], float] = 1e-3,
        seed: int = 0,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """Draw the samples to the centre, which is placed first; `training.train` explains the arguments."""
        if self.centre is None:
            self.place_centre(x)
        rest = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed}
        return train(self, x, y, **rest, state=state)

    def _phi(self, x: Any) -> torch.Tensor:
        return self.network(self._checked(x).to(example_of(self)))

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.samples(x, n_features=self.n_features)

    def _load_from_state_dict(self, state_dict, prefix, *rest):
        allocate(self, ["centre"], state_dict, prefix)
        super()._load_from_state_dict(state_dict, prefix, *rest)
