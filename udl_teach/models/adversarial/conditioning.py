"""How labels enter both networks: concatenated with the input as one-hot vectors, or by a projection.

Sources: Mirza and Osindero 2014, "Conditional generative adversarial nets", for the concatenation; Miyato and Koyama
2018, "cGANs with projection discriminator", eq. 3, for the projection.
"""

from typing import Any

import torch
from torch import nn
from torch.nn import functional

from udl_teach import inputs
from udl_teach.models.layers import empty_layer, linear


def checked_labels(y: Any, n_classes: int | None, *, n: int, name: str = "y") -> torch.Tensor | None:
    """Labels for a model with `n_classes` classes, or None for a model without classes.

    Args:
        y: whole numbers from 0 to n_classes - 1, shape (n,); a single number is taken for all n.
        n_classes: classes that the model knows; None for a model that learns without labels.
        n: samples that the labels belong to.
        name: the argument's name, for messages.

    Returns:
        int64 tensor of shape (n,) on the CPU, or None.

    Raises:
        TypeError: labels are missing, are not whole numbers, or are given to a model without classes.
        ValueError: a label is not one of the classes, or there is not one per sample.
    """
    if n_classes is None:
        if y is not None:
            raise TypeError(
                f"{name} was given, but this model was made without classes: leave {name} out, or make the model with "
                "n_classes, the number of classes."
            )
        return None
    known = f"whole numbers from 0 to {n_classes - 1}"
    if y is None:
        raise TypeError(
            f"{name} was None, but this model has {n_classes} classes: pass labels, {known}, one per sample."
        )
    found = y.detach().cpu() if isinstance(y, torch.Tensor) else y
    if getattr(found, "ndim", 0) == 0 and not isinstance(found, (list, tuple, str)):
        found = [found.item() if hasattr(found, "item") else found] * n
    found = inputs.labels(found, name, n=n)
    outside = found[(found < 0) | (found >= n_classes)]
    if len(outside):
        raise ValueError(
            f"{name} holds {outside[0]}, but this model has {n_classes} classes: labels must be {known}; make the "
            "model with more classes, or renumber the labels."
        )
    return torch.from_numpy(found)


def concatenate_labels(x: torch.Tensor, y: torch.Tensor | None, n_classes: int | None) -> torch.Tensor:
    """Rows (n, n_numbers) and one-hot labels side by side: (n, n_numbers + n_classes); `x` where `y` is None."""
    if y is None:
        return x
    return torch.cat([x, functional.one_hot(y, n_classes).to(x.dtype)], dim=1)


class Projection(nn.Module):
    """The last layer of a projection discriminator.

        score(h, y) = v . h + b + e_y . h,   h: the features of a sample, e_y: the embedding of its class

    Without classes the last term is missing, and this is a linear layer.

    Args:
        n_hidden: features of a sample.
        n_classes: classes; None for none.
        generator: what the initial weights are drawn from.
        packing: samples that are scored together; the class of each has embeddings of its own.
    """

    def __init__(self, n_hidden: int, n_classes: int | None, generator: torch.Generator, packing: int = 1) -> None:
        super().__init__()
        self.n_classes = n_classes
        self.judge = linear(n_hidden, 1, generator)
        if n_classes is not None:
            self.classes = empty_layer(nn.Linear, packing * n_classes, n_hidden, bias=False)
            nn.init.xavier_uniform_(self.classes.weight, generator=generator)

    def forward(self, hidden: torch.Tensor, y: torch.Tensor | None = None) -> torch.Tensor:
        """Scores (n,) of features (n, n_hidden) with labels (n, packing)."""
        score = self.judge(hidden).squeeze(1)
        if self.n_classes is None:
            return score
        # A matrix product in place of a look-up: its gradient is summed in the same order on every machine.
        e_y = self.classes(functional.one_hot(y, self.n_classes).flatten(1).to(hidden.dtype))
        return score + (e_y * hidden).sum(dim=1)
