"""Anomalies by reconstruction: what was learned from normal samples reconstructs others badly.

Sources: Sakurada and Yairi 2014, "Anomaly detection using autoencoders with nonlinear dimensionality reduction";
Vincent et al. 2008 and Alain and Bengio 2014, "What regularized auto-encoders learn from the data-generating
distribution", for denoising: with noise of variance s^2 the best reconstruction is x + s^2 grad log p(x) for small s,
so that the error is large where the density falls steeply, that is, away from the data.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.autoencoders.base import EncoderDecoder
from udl_teach.models.denoising.dense import DenoisingAutoencoder
from udl_teach.models.layers import activation_layer
from udl_teach.modules import example_of
from udl_teach.training import LearningState, Step

# Share of the mean over all features that is added to the mean squared residual of each: a feature that is
# reconstructed perfectly must not outweigh all others.
FLOOR = 0.01


class ReconstructionDetector(DenoisingAutoencoder):
    """A denoising autoencoder that scores samples by their reconstruction error, feature by feature.

        anomaly score(x) = sum_j (x_hat_j - x_j)^2 / v_j,    v_j = mean of the same over the training samples

    The default is wide and denoising: three hidden layers of 128 units, and noise of about half a standard deviation.
    It cannot learn to copy everything, as a plain autoencoder of this width would. `strength=0` with a small
    `latent_size` is the plain autoencoder. Where columns nearly determine each other, as sensors of one plant do, what
    is strange is smaller than that noise: take a `strength` such as 0.05.

    Samples should be scaled to similar columns first, `Detector` does so; windows of a series are samples too.

    Args:
        n_features: number of features per sample.
        latent_size: number of code units; an activation follows them.
        hidden_sizes: widths of further hidden layers of the encoder; the decoder has them in reverse order.
        corruption: "gaussian", "masking" or "salt-and-pepper", as `corrupt` explains them.
        strength: of the corruption: a standard deviation in the unit of the data, or a fraction; 0 for none.
        activation: activation function of hidden layers and code, such as "gelu" or "relu".
        seed: of the initial weights.

    Attributes:
        residual: v, shape (n_features,), measured at the end of every epoch; ones until then.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    def __init__(
        self,
        n_features: int,
        latent_size: int = 128,
        hidden_sizes: Sequence[int] = (128,),
        *,
        corruption: str = "gaussian",
        strength: float = 0.5,
        activation: str = "gelu",
        seed: int = 0,
    ) -> None:
        super().__init__(
            n_features,
            latent_size,
            hidden_sizes,
            corruption=inputs.choice(corruption, "corruption", ("gaussian", "masking", "salt-and-pepper")),
            strength=strength,
            activation=activation,
            seed=seed,
        )
        self.encoder = nn.Sequential(*self.encoder, activation_layer(activation))
        self.register_buffer("residual", torch.ones(self.n_features, dtype=torch.float32))

    def anomaly_score(self, x: Any) -> Any:
        """The weighted reconstruction error, shape (n_samples,); higher is stranger, about n_features is usual."""
        with torch.no_grad():
            samples = self._checked(x).to(example_of(self))
            return inputs.given((self._squared_residuals(samples) / self.residual).sum(dim=1), x)

    def measure(self, x: Any) -> None:
        """Measure `residual` on samples (n_samples, n_features), as learning does at the end of every epoch."""
        with torch.no_grad():
            samples = self._checked(x).to(example_of(self))
            mean = torch.stack([self._squared_residuals(part).sum(dim=0) for part in samples.split(4096)]).sum(dim=0)
            mean = mean / len(samples)
            self.residual = (mean + FLOOR * mean.mean()).clamp(min=1e-12)

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
        """Learn to remove the corruption, and measure `residual`; `training.train` explains the arguments."""
        state = LearningState(seed) if state is None else state
        steps = EncoderDecoder.steps(
            self, x, y, epochs=epochs, batch_size=batch_size, learning_rate=learning_rate, state=state
        )
        return self._measuring(steps, self._checked(x), state)

    def _measuring(self, steps: Iterator[Step], x: torch.Tensor, state: LearningState) -> Iterator[Step]:
        for step in steps:
            if state.at_end_of_epoch:
                self.measure(x)
            yield step

    def _squared_residuals(self, x: torch.Tensor) -> torch.Tensor:
        return (self.decoder(self.encoder(x)) - x).square()
