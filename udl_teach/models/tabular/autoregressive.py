"""Masked autoencoder for tables: column after column, each given those before.

Sources: Germain, Gregor, Murray and Larochelle 2015, "MADE: masked autoencoder for distribution estimation"; Uria,
Murray and Larochelle 2013, "RNADE", for real values, which are cut into bins here.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from udl_teach import inputs
from udl_teach.models.layers import activation_layer, empty_layer, initialize_weights, uniform
from udl_teach.models.tabular.blocks import checked_blocks, draw, slices
from udl_teach.modules import example_of
from udl_teach.training import LearningState, Step, train

CHUNK = 4096  # rows generated at a time


class TabularMADE(nn.Module):
    """A masked autoencoder: the table as a product of conditional distributions (Germain et al. 2015, section 3).

        p(x) = p(x_1) p(x_2 | x_1) ... p(x_D | x_1, ..., x_(D-1))

    One network gives all factors at once: masks cut every path from a block to itself and to those before it (section
    4). Every factor is a softmax: over the categories, over the bins of a number, and over `positions` equal parts
    of its bin. The log-likelihood is exact; a row is drawn block by block, each from its softmax given those drawn.

    Args:
        blocks: of model space, from `MixedTable(numbers="bins")`.
        hidden_sizes: widths of the hidden layers.
        positions: parts of a bin.
        dropout: share of the hidden units that are dropped in training.
        activation: activation function of the hidden layers.
        seed: of the initial weights.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    numbers = "bins"

    def __init__(
        self,
        blocks: Sequence[tuple[str, int]],
        hidden_sizes: Sequence[int] = (512, 512),
        *,
        positions: int = 16,
        dropout: float = 0.1,
        activation: str = "relu",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.blocks = checked_blocks(blocks)
        if "number" in dict(self.blocks):
            raise ValueError('blocks holds a number of any size; TabularMADE needs bins: MixedTable(numbers="bins").')
        self.hidden_sizes = inputs.sizes(hidden_sizes, "hidden_sizes")
        self.positions = inputs.whole(positions, "positions")
        self.dropout = inputs.real(dropout, "dropout", minimum=0.0, below=1.0)
        self.activation, self.seed = activation, seed
        self.n_features = sum(width for _, width in self.blocks)
        # A one-hot code of so many choices stands for each block, at the input and, as logits, at the output.
        self.n_choices = [width if kind == "category" else self.positions for kind, width in self.blocks]
        weights, n_blocks = inputs.generator(seed), len(self.blocks)
        block = torch.repeat_interleave(torch.arange(n_blocks), torch.tensor(self.n_choices))
        layers, seen = [], block
        for size in self.hidden_sizes:
            # A hidden unit of degree k may see the blocks 0 to k; nobody needs to see the last block.
            degree = torch.arange(size) % max(n_blocks - 1, 1)
            layers += [nn.Sequential(MaskedLinear(degree[:, None] >= seen, weights), activation_layer(activation))]
            seen = degree
        self.hidden = nn.Sequential(*layers)
        self.out = MaskedLinear(block[:, None] > seen, weights)
        nn.init.zeros_(self.out.weight)  # at first all choices are equally likely

    def forward(self, x: Any) -> Any:
        """Probabilities of the choices of every block given the blocks before it, shape (n_rows, sum of n_choices)."""
        logits = self._logits(self._one_hot(self._choices(self._checked(x).to(example_of(self)))), None)
        return inputs.given(torch.cat([part.softmax(dim=1) for part in logits.split(self.n_choices, dim=1)], dim=1), x)

    def log_likelihood(self, x: Any) -> Any:
        """Log p of the bins, positions and categories of every row, in nats: shape (n_rows,); exact."""
        with torch.no_grad():
            return inputs.given(-self._nats(self._checked(x).to(example_of(self)), None).sum(dim=1), x)

    def loss(self, x: torch.Tensor, generator: torch.Generator | None = None) -> dict[str, torch.Tensor]:
        """{"loss"}: the negative log-likelihood in nats, **summed over blocks, averaged over the batch**.

        Args:
            x: batch of rows of model space.
            generator: of the dropout, on the CPU; there is none in evaluation mode.
        """
        return {"loss": self._nats(x, generator).sum(dim=1).mean()}

    def steps(
        self,
        x: Any,
        y: None = None,
        *,
        epochs: int | None = 20,
        batch_size: int = 256,
        learning_rate: float | Callable[[int], float] = 1e-3,
        seed: int = 0,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """Maximize the likelihood, one step each time the caller asks; `training.train` explains the arguments."""
        inputs.no_labels(y, self)
        rest = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed}
        return train(self, self._checked(x), **rest, state=state)

    def sample(self, n: int, seed: int = 0) -> Any:
        """Generated rows of model space, float32 of shape (n, n_features); `seed` is of the draws."""
        n, generator, like = inputs.whole(n, "n"), inputs.generator(seed), example_of(self)
        with torch.no_grad():
            parts = [self._drawn(min(CHUNK, n - start), generator, like) for start in range(0, n, CHUNK)]
        return torch.cat(parts).float().cpu().numpy()

    def _drawn(self, n: int, generator: torch.Generator, like: torch.Tensor) -> torch.Tensor:
        seen = like.new_zeros(n, sum(self.n_choices))
        rows, end = [], 0
        for (kind, _), size in zip(self.blocks, self.n_choices, strict=True):
            own = slice(end, end + size)
            hidden = self.hidden(seen)
            choice = draw(self.out.part(hidden, own).softmax(dim=1), generator)
            seen[torch.arange(n), end + choice] = 1.0
            place = (choice + uniform((n,), generator, like)) / size
            rows.append(place[:, None] if kind != "category" else seen[:, own])
            end += size
        return torch.cat(rows, dim=1)

    def _nats(self, x: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
        """-log p of every block given those before, shape (n_rows, n_blocks)."""
        choices = self._choices(x)
        parts = self._logits(self._one_hot(choices), generator).split(self.n_choices, dim=1)
        nats = [
            functional.cross_entropy(part, own, reduction="none") for part, own in zip(parts, choices.T, strict=True)
        ]
        return torch.stack(nats, dim=1)

    def _logits(self, seen: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
        hidden = seen
        for layer in self.hidden:
            hidden = layer(hidden)
            if self.dropout and self.training and generator is not None:
                kept = uniform(hidden.shape, generator, hidden) >= self.dropout
                hidden = hidden * kept / (1 - self.dropout)
        return self.out(hidden)

    def _choices(self, x: torch.Tensor) -> torch.Tensor:
        """Which choice each block of each row is, int64 of shape (n_rows, n_blocks)."""
        found = []
        for (kind, _), cut in zip(self.blocks, slices(self.blocks), strict=True):
            part = x[:, cut]
            if kind == "category":
                found.append(part.argmax(dim=1))
            else:
                found.append((part[:, 0] * self.positions).long().clamp(0, self.positions - 1))
        return torch.stack(found, dim=1)

    def _one_hot(self, choices: torch.Tensor) -> torch.Tensor:
        starts = torch.tensor([0, *self.n_choices[:-1]], device=choices.device).cumsum(0)
        like = example_of(self)
        return like.new_zeros(len(choices), sum(self.n_choices)).scatter_(1, choices + starts, 1.0)

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.samples(x, n_features=self.n_features)


class MaskedLinear(nn.Module):
    """A fully connected layer whose weights are 0 where the mask is: h = (W * M) x + b (Germain et al. 2015).

    Args:
        mask: True where an output may see an input, shape (n_out, n_in).
        generator: of the initial weights.
    """

    def __init__(self, mask: torch.Tensor, generator: torch.Generator) -> None:
        super().__init__()
        made = initialize_weights(empty_layer(nn.Linear, mask.shape[1], mask.shape[0]), generator)
        self.weight, self.bias = made.weight, made.bias
        self.register_buffer("mask", mask.to(torch.float32), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(batch, n_in) -> (batch, n_out)."""
        return functional.linear(x, self.weight * self.mask, self.bias)

    def part(self, x: torch.Tensor, rows: slice) -> torch.Tensor:
        """Some of the outputs alone."""
        return functional.linear(x, self.weight[rows] * self.mask[rows], self.bias[rows])
