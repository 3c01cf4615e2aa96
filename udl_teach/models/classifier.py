"""A small convolutional classifier, whose labels and features evaluate generated images.

Source: LeCun et al. 1998, "Gradient-based learning applied to document recognition", in miniature.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.layers import checked_sizes, conv_encoder
from udl_teach.modules import example_of
from udl_teach.training import LearningState, Step, train

# Images per forward pass, so that memory does not grow with their number.
MAX_IMAGES = 4096


class ConvClassifier(nn.Module):
    """Strided convolutions, one dense layer of features, and a linear layer with one logit per class.

    Args:
        image_shape: (channels, height, width) of the images.
        n_classes: number of classes; labels are whole numbers from 0 to n_classes - 1.
        channels: number of channels after each strided convolution, which halves height and width.
        hidden_size: number of features, the width of the dense layer before the logits.
        activation: activation function of the hidden layers, such as "gelu" or "relu".
        seed: of the initial weights.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    def __init__(
        self,
        image_shape: Sequence[int],
        n_classes: int,
        channels: Sequence[int] = (32, 64),
        *,
        hidden_size: int = 64,
        activation: str = "gelu",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.image_shape, self.channels = checked_sizes(image_shape, channels)
        self.n_classes = inputs.whole(n_classes, "n_classes", minimum=2)
        self.hidden_size = inputs.whole(hidden_size, "hidden_size")
        self.activation, self.seed = activation, seed
        generator = inputs.generator(seed)
        self.network = conv_encoder(
            self.image_shape, self.channels, self.hidden_size, self.n_classes, activation, generator
        )

    def predict(self, x: Any) -> Any:
        """The most probable class of every image: whole numbers of shape (n_samples,)."""
        return inputs.given(self._through(self.network, x).argmax(dim=1), x)

    def probabilities(self, x: Any) -> Any:
        """The probability of every class (softmax), shape (n_samples, n_classes); each row sums to 1."""
        return inputs.given(self._through(self.network, x).softmax(dim=1), x)

    def features(self, x: Any) -> Any:
        """Activations of the last hidden layer, shape (n_samples, hidden_size)."""
        return inputs.given(self._through(self.network[:-1], x), x)

    def loss(
        self, x: torch.Tensor, y: torch.Tensor | None = None, generator: torch.Generator | None = None
    ) -> dict[str, torch.Tensor]:
        """Cross entropy, averaged over the batch.

            1/B sum_b -log p(y_b | x_b)

        Args:
            x: batch of images on the model's device.
            y: their labels, shape (batch,).
            generator: not used.

        Returns:
            {"loss", "accuracy"}: scalar tensors; nats per image, and the fraction of the batch classified correctly.
        """
        if y is None:
            raise TypeError("y was missing; a classifier learns from labels: pass fit(model, x, y).")
        logits = self.network(x)
        return {
            "loss": nn.functional.cross_entropy(logits, y),
            "accuracy": (logits.argmax(dim=1) == y).float().mean(),
        }

    def steps(
        self,
        x: Any,
        y: Any = None,
        *,
        epochs: int | None = 40,
        batch_size: int = 64,
        learning_rate: float | Callable[[int], float] = 3e-3,
        seed: int = 0,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """Learn to predict the classes `y` of `x`, one step each time the caller asks; see `training.train`."""
        rest = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed}
        return train(self, x, y, **rest, state=state)

    def forward(self, x: Any) -> Any:
        """The logit of every class, shape (n_samples, n_classes)."""
        return inputs.given(self._through(self.network, x), x)

    def _through(self, layers: nn.Module, x: Any) -> torch.Tensor:
        images = self._checked(x)
        # Arrays are returned without a graph, so none is built for them.
        with torch.set_grad_enabled(torch.is_grad_enabled() and isinstance(x, torch.Tensor)):
            return torch.cat([layers(part.to(example_of(self))) for part in images.split(MAX_IMAGES)])

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.images(x, shape=self.image_shape)

    def _labels(self, y: Any, n: int) -> torch.Tensor:
        if y is None:
            raise TypeError("y was missing; a classifier learns from labels: pass fit(model, x, y).")
        y = inputs.labels(y, n=n)
        if y.min() < 0 or y.max() >= self.n_classes:
            raise ValueError(
                f"y holds labels from {y.min()} to {y.max()}; this model has {self.n_classes} classes, 0 to "
                f"{self.n_classes - 1}: make it with n_classes={y.max() + 1}."
            )
        return torch.from_numpy(y)
