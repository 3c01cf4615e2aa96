"""Variational autoencoder for tables of numbers and categories.

Sources: Kingma and Welling 2014, eq. 3, for the bound; Xu et al. 2019, "Modeling tabular data using conditional GAN",
section 4 (TVAE), for a softmax per category and a learned variance per number.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from udl_teach import inputs
from udl_teach.models.layers import mlp, normal
from udl_teach.models.tabular.blocks import checked_blocks, one_hot_draw, slices
from udl_teach.models.variational.terms import kl_to_standard_normal, reparameterize
from udl_teach.modules import example_of
from udl_teach.training import LearningState, Step, train

CHUNK = 4096  # rows generated at a time
SMALLEST_LOG_VARIANCE = -9.0  # a number that the code determines fully would otherwise let the likelihood grow for ever


class TabularVAE(nn.Module):
    """Encoder q(z | x), and a decoder with a softmax for each category and a normal distribution for each number.

        -log p(x | z) = sum over categories of the cross-entropy - sum over numbers of log N(x_j; mean_j(z), variance_j)

    A sample draws z from the prior, then every category from its softmax and every number with its learned variance:
    the decoder's mean alone would make a table that is too smooth.

    Args:
        blocks: of model space, from `MixedTable`: "quantiles" suits it best.
        latent_size: size of the code.
        hidden_sizes: widths of the hidden layers of the encoder; the decoder has them in reverse order.
        beta: weight of the KL term; 1 gives the evidence lower bound.
        activation: activation function of the hidden layers.
        seed: of the initial weights.

    Attributes:
        log_variance: of every number and position, shape (n_numbers,).

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    numbers = "quantiles"

    def __init__(
        self,
        blocks: Sequence[tuple[str, int]],
        latent_size: int = 32,
        hidden_sizes: Sequence[int] = (256, 256),
        *,
        beta: float = 1.0,
        activation: str = "relu",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.blocks = checked_blocks(blocks)
        self.latent_size = inputs.whole(latent_size, "latent_size")
        self.hidden_sizes = inputs.sizes(hidden_sizes, "hidden_sizes")
        self.beta = inputs.real(beta, "beta", minimum=0.0)
        self.activation, self.seed = activation, seed
        self.n_features = sum(width for _, width in self.blocks)
        self._cuts = slices(self.blocks)
        self._real = [cut.start for (kind, _), cut in zip(self.blocks, self._cuts, strict=True) if kind != "category"]
        self._categories = [cut for (kind, _), cut in zip(self.blocks, self._cuts, strict=True) if kind == "category"]
        inner, generator = (self.n_features, *self.hidden_sizes), inputs.generator(seed)
        self.encoder = mlp((*inner, 2 * self.latent_size), activation, generator)
        self.decoder = mlp((self.latent_size, *inner[::-1]), activation, generator)
        self.log_variance = nn.Parameter(torch.full((len(self._real),), -2.0, dtype=torch.float32))

    def encode(self, x: Any) -> Any:
        """Mean of the posterior q(z | x), shape (n_rows, latent_size)."""
        mean, _ = self.encoder(self._checked(x).to(example_of(self))).chunk(2, dim=1)
        return inputs.given(mean, x)

    def decode(self, z: Any) -> Any:
        """Means of numbers and probabilities of categories, (n_rows, latent_size) -> (n_rows, n_features)."""
        out = self.decoder(inputs.samples(z, "z", n_features=self.latent_size).to(example_of(self)))
        parts = [
            out[:, cut].softmax(dim=1) if kind == "category" else out[:, cut]
            for (kind, _), cut in zip(self.blocks, self._cuts, strict=True)
        ]
        return inputs.given(torch.cat(parts, dim=1), z)

    def forward(self, x: Any) -> Any:
        """Reconstructions: `decode` of `encode`."""
        return self.decode(self.encode(x))

    def sample(self, n: int, seed: int = 0) -> Any:
        """Generated rows of model space, float32 of shape (n, n_features); `seed` is of all draws."""
        z = normal((inputs.whole(n, "n"), self.latent_size), inputs.generator(seed), torch.empty(0))
        return self.generate(z.numpy(), seed)

    def generate(self, z: Any, seed: int = 0) -> Any:
        """Rows drawn from p(x | z), for codes of shape (n, latent_size)."""
        generator = inputs.generator(int(seed) + 2**32)
        codes = inputs.samples(z, "z", n_features=self.latent_size).to(example_of(self))
        with torch.no_grad():
            rows = torch.cat([self._drawn(self.decoder(part), generator) for part in codes.split(CHUNK)])
        return inputs.given(rows, z)

    def loss(
        self, x: torch.Tensor, generator: torch.Generator | None = None, *, beta: float | None = None
    ) -> dict[str, torch.Tensor]:
        """The negative bound, in nats: **summed over blocks and dimensions, averaged over the batch**.

        Args:
            x: batch of rows of model space.
            generator: source of the codes, on the CPU.
            beta: weight of the KL term; None means the model's own.

        Returns:
            {"loss", "reconstruction", "kl"}: scalar tensors; "reconstruction" is -E_q[log p(x | z)], "kl" without its
            weight.
        """
        mean, log_variance = self.encoder(x).chunk(2, dim=1)
        out = self.decoder(reparameterize(mean, log_variance, 1, generator)[0])
        nats = x.new_zeros(())
        for cut in self._categories:
            nats = nats - (x[:, cut] * functional.log_softmax(out[:, cut], dim=1)).sum(dim=1).mean()
        if self._real:
            log_var = self.log_variance.clamp(min=SMALLEST_LOG_VARIANCE)
            error = (out[:, self._real] - x[:, self._real]).square()
            # -log N up to the constant 1/2 log 2 pi per number
            nats = nats + 0.5 * (error / log_var.exp() + log_var).sum(dim=1).mean()
        kl = kl_to_standard_normal(mean, log_variance).sum(dim=1).mean()
        return {"loss": nats + (self.beta if beta is None else beta) * kl, "reconstruction": nats, "kl": kl}

    def steps(
        self,
        x: Any,
        y: None = None,
        *,
        beta: float | Callable[[int], float] | None = None,
        epochs: int | None = 20,
        batch_size: int = 128,
        learning_rate: float | Callable[[int], float] = 1e-3,
        seed: int = 0,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """Maximize the bound, one step each time the caller asks; `training.train` explains the arguments.

        Args:
            x: rows of model space, shape (n_rows, n_features).
            y: not used.
            beta: weight of the KL term for this run: a number, or a function of the number of updates made so far.
            epochs: passes over the data; None for no limit.
            batch_size: rows per batch.
            learning_rate: a number or a function of the number of updates made so far.
            seed: of shuffles and codes.
            state: where an earlier run stopped.
        """
        inputs.no_labels(y, self)
        beta_at = None if beta is None else inputs.rate(beta, "beta")
        given = None if beta_at is None else (lambda index: {"beta": beta_at(index)})
        rest = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed}
        return train(self, self._checked(x), **rest, given=given, state=state)

    def _drawn(self, out: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        scales = (0.5 * self.log_variance.clamp(min=SMALLEST_LOG_VARIANCE)).exp()
        rows = torch.empty_like(out)
        rows[:, self._real] = out[:, self._real] + scales * normal((len(out), len(self._real)), generator, out)
        for cut in self._categories:
            rows[:, cut] = one_hot_draw(out[:, cut].softmax(dim=1), generator)
        return rows

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.samples(x, n_features=self.n_features)
