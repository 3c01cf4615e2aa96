"""Conditional GAN for tables: a generator asked for rows with a given category, and a critic that sees packs of rows.

Sources: Xu, Skoularidou, Cuesta-Infante and Veeramachaneni 2019, "Modeling tabular data using conditional GAN" (CTGAN),
sections 4.2 to 4.4; Jang, Gu and Poole 2017 for the Gumbel softmax; Lin et al. 2018, "PacGAN", for the packing.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from udl_teach import inputs
from udl_teach.models.adversarial.game import update
from udl_teach.models.adversarial.losses import discriminator_loss, generator_loss, gradient_penalty
from udl_teach.models.layers import linear, normal, uniform
from udl_teach.models.tabular.blocks import checked_blocks, slices
from udl_teach.modules import example_of, modes_of, set_modes
from udl_teach.threads import on_few_threads, products
from udl_teach.training import LearningState, Step, adam, batches

CHUNK = 4096
TEMPERATURE = 0.2  # of the Gumbel softmax, as in Xu et al. 2019


class ResidualLayer(nn.Module):
    """h -> h beside relu(batch_norm(W h)): Xu et al. 2019, section 4.4, keep what came in and add `size` units."""

    def __init__(self, n_in: int, size: int, generator: torch.Generator) -> None:
        super().__init__()
        self.linear = linear(n_in, size, generator)
        self.norm = nn.BatchNorm1d(size, dtype=torch.float32)

    def forward(self, h: torch.Tensor) -> torch.Tensor:
        """(batch, n_in) -> (batch, n_in + size)."""
        return torch.cat([h, torch.relu(self.norm(self.linear(h)))], dim=1)


class TabularGAN(nn.Module):
    """A generator and a critic for rows of numbers and categories (Xu et al. 2019).

    - Mode-specific normalization: numbers come from `MixedTable(numbers="modes")`.
    - Condition: the generator is told one category of one column and is charged the cross-entropy of not making it.
    - Training by sampling: the column is drawn at random, the category by the logarithm of its frequency, and the real
      rows from those that have it; rare categories are learned from more often than they occur.
    - Packing: the critic scores `packing` rows at once, and sees when they are all alike.

    The objective is that of WGAN-GP.

    Args:
        blocks: of model space, from `MixedTable(numbers="modes")`.
        latent_size: length of a latent vector, which is drawn from N(0, 1).
        hidden_sizes: units that each layer of the generator adds, and widths of the critic's layers.
        packing: rows that the critic sees as one.
        penalty: weight of the gradient penalty.
        seed: of the initial weights.

    Attributes:
        conditions: the blocks of categories that can be asked for, by their number in `blocks` (a mode of a number is
            none).
        frequencies: of each category, shape (n_conditions,); equal within a block before learning.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    numbers = "modes"

    def __init__(
        self,
        blocks: Sequence[tuple[str, int]],
        latent_size: int = 128,
        hidden_sizes: Sequence[int] = (256, 256),
        *,
        packing: int = 10,
        penalty: float = 10.0,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.blocks = checked_blocks(blocks)
        self.latent_size = inputs.whole(latent_size, "latent_size")
        self.hidden_sizes = inputs.sizes(hidden_sizes, "hidden_sizes")
        self.packing = inputs.whole(packing, "packing")
        self.penalty = inputs.real(penalty, "penalty", minimum=0.0)
        self.seed = seed
        self.n_features = sum(width for _, width in self.blocks)
        self._cuts = slices(self.blocks)
        after = [kind for kind, _ in self.blocks[1:]] + ["end"]
        self.conditions = [
            k for k, (kind, _) in enumerate(self.blocks) if kind == "category" and after[k] != "position"
        ]
        # The one-hot codes of all conditions side by side; where each block of them begins there.
        self._starts = torch.tensor([0] + [self.blocks[k][1] for k in self.conditions]).cumsum(0).tolist()
        self.n_conditions = self._starts[-1]
        equal = [1 / self.blocks[k][1] for k in self.conditions for _ in range(self.blocks[k][1])]
        self.register_buffer("frequencies", torch.tensor(equal, dtype=torch.float32))
        weights = inputs.generator(seed)
        layers: list[nn.Module] = []
        width = self.latent_size + self.n_conditions
        for size in self.hidden_sizes:
            layers.append(ResidualLayer(width, size, weights))
            width += size
        self.generator = nn.Sequential(*layers, linear(width, self.n_features, weights))
        layers, width = [], self.packing * (self.n_features + self.n_conditions)
        for size in self.hidden_sizes:
            layers += [linear(width, size, weights), nn.LeakyReLU(0.2)]
            width = size
        self.critic = nn.Sequential(*layers, linear(width, 1, weights))

    def sample(self, n: int, seed: int = 0, condition: tuple[int, int] | None = None) -> Any:
        """Generated rows of model space, float32 of shape (n, n_features).

        Args:
            n: how many.
            seed: of all draws.
            condition: (block, category), numbers of one of `conditions` and of a category in it, for all rows: they are
                likely, not sure, to have it. None draws conditions as often as they occur in the training rows.
        """
        n, generator = inputs.whole(n, "n"), inputs.generator(seed)
        if condition is not None and (
            condition[0] not in self.conditions or not 0 <= condition[1] < self.blocks[condition[0]][1]
        ):
            raise ValueError(
                f"condition was {condition!r}; it must be (block, category), the block one of {self.conditions}."
            )
        modes = modes_of(self)
        self.eval()
        parts = []
        with torch.no_grad():
            for start in range(0, n, CHUNK):
                size = min(CHUNK, n - start)
                if condition is None:
                    told, _, _ = self._drawn_conditions(size, generator, by_logarithm=False)
                else:
                    told = torch.zeros(size, self.n_conditions, dtype=torch.float32)
                    told[:, self._starts[self.conditions.index(condition[0])] + condition[1]] = 1.0
                out = self._raw(told.to(example_of(self)), generator)
                parts.append(self._activated(out, generator, hard=True))
        set_modes(modes)
        return torch.cat(parts).cpu().numpy()

    def score(self, x: Any, condition: torch.Tensor | None = None) -> Any:
        """The critic's score of every pack of `packing` successive rows, shape (n // packing,); higher is more real."""
        rows = self._checked(x).to(example_of(self))
        told = rows.new_zeros(len(rows), self.n_conditions) if condition is None else condition
        whole = len(rows) // self.packing * self.packing
        return inputs.given(self._score(rows[:whole], told[:whole]), x)

    def steps(
        self,
        x: Any,
        y: None = None,
        *,
        epochs: int | None = 20,
        batch_size: int = 500,
        learning_rate: float | Callable[[int], float] = 5e-4,
        seed: int = 0,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """Learn, one step each time the caller asks: the critic from one batch, then the generator.

        An epoch makes as many steps as one pass over the rows would; the rows are drawn by their conditions.

        Args:
            x: rows of model space, shape (n_rows, n_features).
            y: not used.
            epochs: of so many steps; None goes on for ever.
            batch_size: rows per step, rounded down to whole packs.
            learning_rate: of both networks: a number or a function of the number of steps made so far.
            seed: of all draws.
            state: where to go on from; changed in place.

        Returns:
            An iterator of `Step`. The loss is the critic's; terms: "critic", "penalty", "generator" and "condition"
            (the cross-entropy, in nats, of the condition in the generated rows).
        """
        inputs.no_labels(y, self)
        if epochs is not None:
            epochs = inputs.whole(epochs, "epochs", minimum=0)
        batch_size, rate = inputs.whole(batch_size, "batch_size"), inputs.rate(learning_rate, "learning_rate")
        rows = self._checked(x).detach().to(example_of(self))
        # tanh cannot reach beyond: what lies farther than 4 standard deviations from its mode.
        rows = rows.clone()
        for (kind, _), cut in zip(self.blocks, self._cuts, strict=True):
            if kind == "position":
                rows[:, cut] = rows[:, cut].clamp(-1.0, 1.0)
        state = LearningState(seed) if state is None else state
        for name, network in (("critic", self.critic), ("generator", self.generator)):
            state.optimizer(name, adam(network, betas=(0.5, 0.9)))
        steps = self._steps(rows, epochs=epochs, batch_size=batch_size, rate=rate, state=state)
        return on_few_threads(steps, rows, products(self, rows, batch_size))

    def _steps(self, rows, *, epochs, batch_size, rate, state) -> Iterator[Step]:
        told = self._told(rows)
        self.frequencies.copy_(told.mean(dim=0) if self.n_conditions else self.frequencies)
        # The rows that have the first category, those that have the second, and so on.
        counts = told.sum(dim=0).long().cpu()
        members = told.T.nonzero()[:, 1].cpu(), counts.cumsum(0) - counts, counts
        noise = state.noise
        for batch, _ in batches(rows, None, epochs=epochs, batch_size=batch_size, state=state):
            n = max(1, len(batch) // self.packing) * self.packing
            for optimizer in state.optimizers.values():
                optimizer.param_groups[0]["lr"] = rate(state.index)
            with torch.enable_grad():
                self.train()
                condition, block, number = self._drawn_conditions(n, noise, by_logarithm=True)
                condition = condition.to(rows)
                real = rows[self._drawn_rows(number, members, n, len(rows), noise)]
                with torch.no_grad():
                    fake = self._activated(self._raw(condition, noise), noise)
                on_real, on_fake = self._score(real, condition), self._score(fake, condition)
                critic = discriminator_loss(on_real, on_fake, "wasserstein")
                packs = (self._packed(real, condition), self._packed(fake, condition))
                slope = self.penalty * gradient_penalty(lambda both: self.critic(both)[:, 0], *packs, noise)
                update("critic", critic + slope, state)

                condition, block, number = self._drawn_conditions(n, noise, by_logarithm=True)
                condition = condition.to(rows)
                out = self._raw(condition, noise)
                score = self._score(self._activated(out, noise), condition)
                loss = generator_loss(None, score, "wasserstein")
                asked = self._cross_entropy(out, condition, block)
                update("generator", loss + asked, state)
            state.learned()
            terms = {"critic": critic, "penalty": slope, "generator": loss, "condition": asked}
            values = {name: term.item() for name, term in terms.items()}
            yield Step(state.index, state.epoch + 1, values["critic"] + values["penalty"], values)

    def _drawn_conditions(self, n, generator, *, by_logarithm) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """One-hot conditions (n, n_conditions), the place in `conditions` of their block, and their column there."""
        if not self.n_conditions:
            nothing = torch.zeros(n, 0, dtype=torch.float32)
            return nothing, torch.zeros(n, dtype=torch.long), torch.zeros(n, dtype=torch.long)
        frequencies = self.frequencies.cpu()
        if by_logarithm:  # Xu et al. 2019, section 4.3: log(1 + count), here of 10,000 rows
            weights = torch.log1p(1e4 * frequencies)
        else:
            weights = frequencies.clone()
        for start, end in zip(self._starts[:-1], self._starts[1:], strict=True):
            weights[start:end] /= weights[start:end].sum().clamp(min=1e-12)
        number = torch.multinomial(weights, n, replacement=True, generator=generator)
        block = torch.bucketize(number, torch.tensor(self._starts[1:]), right=True)
        return functional.one_hot(number, self.n_conditions).float(), block, number

    def _drawn_rows(self, number, members, n, n_rows, generator) -> torch.Tensor:
        """A row that has the drawn category, for each; any row where there is no category at all."""
        share = torch.rand(n, generator=generator, dtype=torch.float32)
        if not self.n_conditions:
            return (share * n_rows).long()
        rows, starts, counts = members
        return rows[starts[number] + (share * counts[number]).long().clamp(max=counts[number] - 1)]

    def _told(self, rows: torch.Tensor) -> torch.Tensor:
        return torch.cat([rows[:, :0]] + [rows[:, self._cuts[k]] for k in self.conditions], dim=1)

    def _raw(self, condition: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        z = normal((len(condition), self.latent_size), generator, condition)
        return self.generator(torch.cat([z, condition], dim=1))

    def _activated(self, out: torch.Tensor, generator: torch.Generator, hard: bool = False) -> torch.Tensor:
        """Tanh for positions, softmax for categories: of Gumbel noise in learning, a draw in sampling."""
        parts = []
        for (kind, _), cut in zip(self.blocks, self._cuts, strict=True):
            part = out[:, cut]
            if kind == "position":
                parts.append(part.tanh())
            elif kind == "number":
                parts.append(part)
            else:
                gumbel = -(-uniform(part.shape, generator, part).clamp(1e-9, 1 - 1e-7).log()).log()
                soft = ((part + gumbel) / TEMPERATURE).softmax(dim=1)
                parts.append(functional.one_hot(soft.argmax(dim=1), part.shape[1]).to(part) if hard else soft)
        return torch.cat(parts, dim=1)

    def _packed(self, rows: torch.Tensor, condition: torch.Tensor) -> torch.Tensor:
        return torch.cat([rows, condition], dim=1).reshape(len(rows) // self.packing, -1)

    def _score(self, rows: torch.Tensor, condition: torch.Tensor) -> torch.Tensor:
        return self.critic(self._packed(rows, condition))[:, 0]

    def _cross_entropy(self, out: torch.Tensor, condition: torch.Tensor, block: torch.Tensor) -> torch.Tensor:
        """-log of the probability that the generator gives the category that it was asked for, averaged over rows."""
        total = out.new_zeros(())
        for place, k in enumerate(self.conditions):
            rows = (block == place).nonzero().flatten().to(out.device)
            if len(rows):
                wanted = condition[rows, self._starts[place] : self._starts[place + 1]]
                total = total - (wanted * functional.log_softmax(out[rows, self._cuts[k]], dim=1)).sum()
        return total / len(out)

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.samples(x, n_features=self.n_features)
