"""The adversarial game: a discriminator learns to tell real from generated samples, a generator to fool it.

Sources: Goodfellow et al. 2014, "Generative adversarial nets", algorithm 1; Yazici et al. 2019, "The unusual
effectiveness of averaging in GAN training", for the EMA. The losses and penalties are in `losses.py`.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.adversarial.losses import (
    discriminator_loss,
    generator_loss,
    gradient_penalty,
    squared_gradient_norm,
)
from udl_teach.models.adversarial.players import AdversarialPlayers
from udl_teach.models.adversarial.spectral_norm import power_iteration
from udl_teach.models.layers import checked_range, normal
from udl_teach.models.schedule import schedule
from udl_teach.modules import example_of
from udl_teach.renamed import Renamed
from udl_teach.threads import on_few_threads, products
from udl_teach.training import LearningState, Step, adam, batches

TURNS = ("discriminator", "generator", "both")
USUAL_EPOCHS = 20


class Terms(Renamed):
    """The terms of a step by name; for one release "auc" also answers to its old name."""

    old = {"told_apart": "auc"}


class AdversarialModel(AdversarialPlayers):
    """Two networks that learn against each other; every step yields the losses of both.

    An update of one network leaves the weights and buffers of the other unchanged, to the last bit.
    """

    def steps(
        self,
        x: Any,
        y: Any = None,
        *,
        epochs: int | None = USUAL_EPOCHS,
        batch_size: int = 128,
        learning_rate: Any = 1e-3,
        discriminator_learning_rate: Any = None,
        discriminator_steps: int = 1,
        turn: Callable[[int], str] | None = None,
        penalty: Any = None,
        betas: Sequence[float] = (0.5, 0.99),
        seed: int = 0,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """Learn, one batch and one step each time the caller asks.

        Args:
            x: real samples.
            y: their classes, shape (n_samples,), where the model is conditional.
            epochs: passes over the data; None goes on for ever.
            batch_size: real samples per step, and as many generated ones; more than there are samples means all.
            learning_rate: of both networks: a number, a pair (start, end) between which it decays exponentially, or a
                function of the number of steps made so far. A pair spans all epochs, those of `state` included (20
                with epochs=None); where two runs must equal one to the last bit, pass a function.
            discriminator_learning_rate: of the discriminator alone, in the same forms; None takes `learning_rate`.
            discriminator_steps: updates of the discriminator per update of the generator (k in algorithm 1): in every
                k-th step both are updated, in the others the discriminator alone.
            turn: a function from the number of steps made so far to what is updated: "discriminator", "generator" or
                "both". It overrides `discriminator_steps`.
            penalty: weight of the gradient penalty for this run: a number, a pair or a function; None keeps the
                model's own.
            betas: of Adam: the decay rates of its averages of the gradient and of the squared gradient.
            seed: of the shuffles, the latent vectors and the points where the gradient penalty is taken.
            state: where to go on from; changed in place.

        Returns:
            An iterator of `Step`. The loss is the one that the discriminator minimizes, the sum of the terms
            "discriminator" (its objective) and "penalty". Every step also has the terms
            "generator": the loss that the generator minimizes, after the discriminator's update if there was one;
            "score_real" and "score_generated": mean scores of the batch before any update;
            "auc": an estimate, from the pairs of a real and a generated sample in the batch, of the AUC, the
            probability that a real sample scores higher: 0.5 at chance, 1 for a discriminator that is never wrong;
            "gradient_discriminator" and "gradient_generator": norm of the gradient of each network's loss, NaN where
            the network was not updated.

        Raises:
            TypeError, ValueError: an argument is not what it must be; raised at once, before anything has changed
                (for what a function returns: in the step that calls it).
            FloatingPointError: a loss or a gradient became NaN or infinite; raised before the update that it spoils.
        """
        if epochs is not None:
            epochs = inputs.whole(epochs, "epochs", minimum=0)
        batch_size = inputs.whole(batch_size, "batch_size")
        real = checked_range(self._checked(x), self.output).detach().to(example_of(self))
        y = self._labels(y, len(real))
        state = LearningState(seed) if state is None else state
        passes = state.epoch + (USUAL_EPOCHS if epochs is None else epochs)
        n_steps = passes * math.ceil(len(real) / batch_size)
        own = learning_rate if discriminator_learning_rate is None else discriminator_learning_rate
        name = "learning_rate" if discriminator_learning_rate is None else "discriminator_learning_rate"
        rates = {
            "discriminator": schedule(own, name, (1e-3, 1e-3), n_steps),
            "generator": schedule(learning_rate, "learning_rate", (1e-3, 1e-3), n_steps),
        }
        weight = schedule(self.penalty if penalty is None else penalty, "penalty", (1.0, 1.0), n_steps)
        if turn is not None and not callable(turn):
            raise TypeError(f"turn was {turn!r}; it must be a function from the number of steps to one of {TURNS}.")
        k = inputs.whole(discriminator_steps, "discriminator_steps")
        turn = turn or (lambda index: "discriminator" if (index + 1) % k else "both")
        if not isinstance(betas, (tuple, list)) or len(betas) != 2:
            raise ValueError(f"betas was {betas!r}; it must be a pair of numbers such as (0.5, 0.99).")
        betas = tuple(inputs.real(beta, "betas", minimum=0.0, below=1.0) for beta in betas)
        for player, network in (("discriminator", self.discriminator), ("generator", self.generator)):
            state.optimizer(player, adam(network))
        run = {"epochs": epochs, "batch_size": batch_size, "turn": turn, "rates": rates, "penalty": weight}
        steps = self._steps(real, y, **run, betas=betas, state=state)
        return on_few_threads(steps, real, products(self, real, batch_size))

    def _steps(
        self,
        x: torch.Tensor,
        y: torch.Tensor | None,
        *,
        epochs: int | None,
        batch_size: int,
        turn: Callable[[int], str],
        rates: dict[str, Callable[[int], float]],
        penalty: Callable[[int], float],
        betas: tuple[float, float],
        state: LearningState,
    ) -> Iterator[Step]:
        """Algorithm 1 of Goodfellow et al. 2014, with Adam for the updates."""
        for player in rates:
            state.optimizers[player].param_groups[0]["betas"] = betas
        for x_batch, y_batch in batches(x, y, epochs=epochs, batch_size=batch_size, state=state):
            updated = inputs.choice(turn(state.index), f"turn({state.index})", TURNS)
            for player, rate in rates.items():
                state.optimizers[player].param_groups[0]["lr"] = rate(state.index)
            weight = penalty(state.index)
            # The caller may stand inside no_grad or have called model.eval() to draw: neither may matter here.
            with torch.enable_grad():
                if not self.training:
                    self.train()
                # Sample m real samples x and m latent vectors z. Update the discriminator by descending the gradient
                # of its loss; where only the generator is updated, the discriminator's loss is still computed.
                real, labels = self._packed(x_batch, y_batch)
                if updated != "generator":
                    power_iteration(self.discriminator)
                with _buffers_kept(self if updated == "generator" else self.generator):
                    terms = self._discriminator_terms(real, labels, penalty=weight, noise=state.noise)
                    if updated != "generator":
                        loss = terms["discriminator"] + terms["penalty"]
                        terms["gradient_discriminator"] = update("discriminator", loss, state)
                # Sample m latent vectors z anew. Update the generator by descending the gradient of its loss.
                if updated != "discriminator":
                    with _buffers_kept(self.discriminator):
                        terms["generator"] = self._generator_loss(real, labels, state.noise)
                        terms["gradient_generator"] = update("generator", terms["generator"], state)
                    self._update_ema()
            state.learned()
            values = Terms((name, term.item()) for name, term in terms.items())
            yield Step(state.index, state.epoch + 1, values["discriminator"] + values["penalty"], values)

    def _discriminator_terms(
        self, real: torch.Tensor, y: torch.Tensor | None, *, penalty: float, noise: torch.Generator
    ) -> dict[str, torch.Tensor]:
        """All terms of a step as `steps` names them, those of the generator before its update."""
        with torch.no_grad():
            generated = self._generated(real, y, noise)
        # Real and generated ones in one call, which for small networks takes little longer than half of them.
        both = torch.cat([real, generated]).requires_grad_(penalty > 0)
        scores = self._discriminator_score(both, None if y is None else torch.cat([y, y]))
        on_real, on_generated = scores.chunk(2)
        loss = discriminator_loss(on_real, on_generated, self.objective)
        terms = {"discriminator": loss, "penalty": torch.zeros_like(loss)}
        if penalty > 0:
            terms["penalty"] = penalty * self._gradient_penalty(both, scores, y, noise)
        with torch.no_grad():
            terms["generator"] = generator_loss(on_real, on_generated, self.objective)
            terms["score_real"], terms["score_generated"] = on_real.mean(), on_generated.mean()
            # P(r > g) + 1/2 P(r = g)
            terms["auc"] = 0.5 * ((on_real > on_generated).float() + (on_real >= on_generated)).mean()
            not_updated = torch.full_like(loss, math.nan)
        return terms | {"gradient_discriminator": not_updated, "gradient_generator": not_updated}

    def _generator_loss(self, real: torch.Tensor, y: torch.Tensor | None, noise: torch.Generator) -> torch.Tensor:
        """The generator's loss on generated samples; the relativistic one needs the scores of real samples too."""
        on_real = None
        if self.objective == "relativistic":
            with torch.no_grad():
                on_real = self._discriminator_score(real, y)
        on_generated = self._discriminator_score(self._generated(real, y, noise), y)
        return generator_loss(on_real, on_generated, self.objective)

    def _gradient_penalty(
        self, both: torch.Tensor, scores: torch.Tensor, y: torch.Tensor | None, noise: torch.Generator
    ) -> torch.Tensor:
        # Wasserstein: Gulrajani et al. 2017. Relativistic: R1 + R2 (Huang et al. 2024). Others: R1 (Mescheder 2018).
        if self.objective == "wasserstein":
            return gradient_penalty(lambda x: self._discriminator_score(x, y), *both.chunk(2), noise)
        r1, r2 = squared_gradient_norm(scores, both).chunk(2)
        return 0.5 * (r1 + r2 if self.objective == "relativistic" else r1).mean()

    def _generated(self, real: torch.Tensor, y: torch.Tensor | None, noise: torch.Generator | None) -> torch.Tensor:
        """G(z): as many generated packs as there are real ones, with the same labels, from fresh latent vectors."""
        z = normal((len(real) * self.packing, self.latent_size), noise, real)
        return self.generator(self._generator_input(z, None if y is None else y.flatten())).reshape(real.shape)

    @torch.no_grad()
    def _update_ema(self) -> None:
        """theta_ema <- decay theta_ema + (1 - decay) theta."""
        if self.generator_ema is None:
            return
        self.ema_updates += 1
        updates = int(self.ema_updates)
        # A shorter memory at first: the initial weights, which have learned nothing, are soon forgotten.
        decay = min(self.ema, (1 + updates) / (10 + updates))
        for kept, now in zip(self.generator_ema.parameters(), self.generator.parameters(), strict=True):
            kept.lerp_(now, 1 - decay)
        for kept, now in zip(self.generator_ema.buffers(), self.generator.buffers(), strict=True):
            kept.copy_(now)

    def loss(
        self, x: torch.Tensor, y: torch.Tensor | None = None, generator: torch.Generator | None = None
    ) -> dict[str, torch.Tensor]:
        """The discriminator's loss, for held-out samples above all: `fit(..., validation=...)` calls it.

        A discriminator that has memorized its training samples has a higher loss here than in its steps. The lowest
        value does not mark the best generator, so it is no criterion for early stopping.
        """
        real, labels = self._packed(x, y)
        on_real = self._discriminator_score(real, labels)
        on_generated = self._discriminator_score(self._generated(real, labels, generator), labels)
        return {"loss": discriminator_loss(on_real, on_generated, self.objective)}


def update(player: str, loss: torch.Tensor, state: LearningState) -> torch.Tensor:
    """One step of Adam down the gradient of a player's loss; returns the norm of that gradient, shape ().

    Raises:
        FloatingPointError: the loss or its gradient is NaN or infinite; nothing has been updated then.
    """
    optimizer = state.optimizers[player]
    (group,) = optimizer.param_groups
    # With respect to this player's weights alone: the loss goes through the other player, whose `.grad` stays as it is.
    gradients = torch.autograd.grad(loss, group["params"], materialize_grads=True)
    norm = torch.stack(torch._foreach_norm(gradients)).norm()
    for name, value in (("loss", loss.item()), ("gradient", norm.item())):
        if not math.isfinite(value):
            raise FloatingPointError(
                f"the {player}'s {name} became {value} at step {state.index + 1} (epoch {state.epoch + 1}), so "
                f"learning stopped there: make the model anew and try a smaller learning_rate than {group['lr']:g} (a "
                "tenth of it, say), a penalty, or bring the columns of x to a similar scale."
            )
    for parameter, gradient in zip(group["params"], gradients, strict=True):
        # Fused Adam takes both to lie alike in memory; where a penalty goes through convolutions, they do not.
        alike = gradient.stride() == parameter.stride()
        parameter.grad = gradient if alike else torch.empty_like(parameter).copy_(gradient)
    optimizer.step()
    return norm


@contextmanager
def _buffers_kept(network: nn.Module) -> Iterator[None]:
    """Running means and other buffers of a player change in its own update alone."""
    before = [(buffer, buffer.clone()) for buffer in network.buffers()]
    try:
        yield
    finally:
        for buffer, was in before:
            buffer.copy_(was)
