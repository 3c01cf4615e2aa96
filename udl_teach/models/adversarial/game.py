"""The adversarial game: a discriminator learns to tell real from generated, a generator learns to be taken for real.

Sources: Goodfellow et al. 2014, "Generative adversarial nets", algorithm 1; Lin et al. 2018, "PacGAN"; Yazici et al.
2019, "The unusual effectiveness of averaging in GAN training". The losses have a file of their own.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.adversarial.losses import discriminator_loss, generator_loss, gradient_penalty, squared_slopes
from udl_teach.models.adversarial.players import AdversarialPlayers
from udl_teach.models.adversarial.spectral_norm import follow_spectra
from udl_teach.models.layers import checked_range, normal
from udl_teach.models.schedule import schedule
from udl_teach.modules import example_of
from udl_teach.threads import on_few_threads, products
from udl_teach.training import LearningState, Step, adam, batches

TURNS = ("discriminator", "generator", "both")
USUAL_EPOCHS = 20


class AdversarialModel(AdversarialPlayers):
    """Two players that learn against each other; every step yields what both lost and why.

    A player's update leaves the weights and buffers of the other as they are, to the last bit.
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
        """Play the game, one batch and one step each time the caller asks.

        Args:
            x: real samples.
            y: their classes, shape (n_samples,), where the model is conditional.
            epochs: passes over the data; None goes on for ever.
            batch_size: real samples a step, and as many generated ones; more than there are samples means all of them.
            learning_rate: of both players: a number, a pair (start, end) between which it falls by the same factor
                every step, or a function of the number of steps made so far. A pair spans all passes, those of `state`
                included (20 with epochs=None); where two runs must equal one to the last bit, pass a function.
            discriminator_learning_rate: of the discriminator alone, given alike; None takes that of both.
            discriminator_steps: every so many steps the generator moves too, after the discriminator; in the other
                steps the discriminator moves alone.
            turn: a function from the number of steps made so far to who moves: "discriminator", "generator" or
                "both". It overrides `discriminator_steps`.
            penalty: weight of the penalty for this run: a number, a pair or a function; None keeps the model's own.
            betas: of Adam, how much of its averages of the gradient and of its square is kept in an update.
            seed: of the shuffles, the latent vectors and the places of the gradient penalty.
            state: where to go on from; moved on in place.

        Returns:
            An iterator of `Step`. The loss is what the discriminator makes small, that is the sum of the terms
            "discriminator" (its objective) and "penalty". The other terms, always all of them:
            "generator": what the generator makes small, taken after the discriminator has moved, if it has;
            "score_real" and "score_generated": the mean score of the batch, before any move;
            "told_apart": the share of pairs in which the real sample has the higher score, 0.5 where the discriminator
            is at chance and 1 where it is never wrong;
            "gradient_discriminator" and "gradient_generator": length of the gradient that the player followed, NaN
            where it did not move.

        Raises:
            TypeError, ValueError: an argument is not what it must be; raised at once, before anything has changed
                (what a function returns, once it is asked).
            FloatingPointError: a loss or a gradient became NaN or infinite; raised before the update it spoils.
        """
        if epochs is not None:
            epochs = inputs.whole(epochs, "epochs", minimum=0)
        batch_size = inputs.whole(batch_size, "batch_size")
        real = checked_range(self._checked(x), self.output).detach().to(example_of(self))
        y = self._labels(y, len(real))
        state = LearningState(seed) if state is None else state
        passes = state.epoch + (USUAL_EPOCHS if epochs is None else epochs)
        n_steps = passes * math.ceil(len(real) / batch_size)
        generator_rate = schedule(learning_rate, "learning_rate", (1e-3, 1e-3), n_steps)
        own = learning_rate if discriminator_learning_rate is None else discriminator_learning_rate
        name = "learning_rate" if discriminator_learning_rate is None else "discriminator_learning_rate"
        discriminator_rate = schedule(own, name, (1e-3, 1e-3), n_steps)
        weight = schedule(self.penalty if penalty is None else penalty, "penalty", (1.0, 1.0), n_steps)
        if turn is not None and not callable(turn):
            raise TypeError(f"turn was {turn!r}; it must be a function from the number of steps to one of {TURNS}.")
        wait = inputs.whole(discriminator_steps, "discriminator_steps")
        turn_at = turn or (lambda index: "discriminator" if (index + 1) % wait else "both")
        rates = {"discriminator": discriminator_rate, "generator": generator_rate}
        rules = {"turn_at": turn_at, "rates": rates, "weight": weight}
        rules |= {"betas": _betas(betas), "epochs": epochs, "batch_size": batch_size}
        players = {"discriminator": self.discriminator, "generator": self.generator}
        rules["adams"] = {name: state.optimizer(name, adam(player)) for name, player in players.items()}
        return on_few_threads(self._steps(real, y, **rules, state=state), real, products(self, real, batch_size))

    def loss(
        self, x: torch.Tensor, y: torch.Tensor | None = None, generator: torch.Generator | None = None
    ) -> dict[str, torch.Tensor]:
        """The discriminator's loss on samples, for held-out ones above all: `fit(..., validation=...)` asks for it.

        A discriminator that has learned its training samples by heart loses more here than in its steps. The lowest
        value does not mark the best generator, so it is nothing to stop by.
        """
        packs, y_packs = self._packed(x, y)
        real = self._discriminator_score(packs, y_packs)
        generated = self._discriminator_score(self._made(packs, y_packs, generator), y_packs)
        return {"loss": discriminator_loss(real, generated, self.objective)}

    def _steps(self, x, y, *, turn_at, rates, weight, adams, betas, epochs, batch_size, state) -> Iterator[Step]:
        for each in adams.values():
            each.param_groups[0]["betas"] = betas
        for x_batch, y_batch in batches(x, y, epochs=epochs, batch_size=batch_size, state=state):
            mover = inputs.choice(turn_at(state.index), f"turn({state.index})", TURNS)
            rate = {name: rate_at(state.index) for name, rate_at in rates.items()}
            penalty = weight(state.index)
            # The caller may stand inside no_grad or have called model.eval() to draw: neither may matter here.
            with torch.enable_grad():
                if not self.training:
                    self.train()
                packs, labels = self._packed(x_batch, y_batch)
                moves = (None if mover == "generator" else rate["discriminator"], rate["generator"])
                terms = self._discriminator_turn(packs, labels, penalty, adams["discriminator"], moves[0], state)
                if mover != "discriminator":
                    terms |= self._generator_turn(packs, labels, adams["generator"], moves[1], state)
            state.learned()
            yield Step(state.index, state.epoch + 1, terms["discriminator"] + terms["penalty"], terms)

    def _discriminator_turn(self, packs, y, weight, adam, rate, state) -> dict[str, float]:
        # Algorithm 1, lines 3 to 5; where the rate is None the discriminator is only asked.
        asleep = [self.generator] if rate is not None else [self.generator, self.discriminator]
        with _untouched(asleep):
            if rate is not None:
                follow_spectra(self.discriminator)
            with torch.no_grad():
                fakes = self._made(packs, y, state.noise)
            # Real and generated ones in one call, which for small networks takes little longer than half of them.
            both = torch.cat([packs, fakes]).requires_grad_(weight > 0)
            scores = self._discriminator_score(both, None if y is None else torch.cat([y, y]))
            real, generated = scores.chunk(2)
            loss = discriminator_loss(real, generated, self.objective)
            penalty = weight * self._penalty(both, scores, y, state.noise) if weight > 0 else torch.zeros_like(loss)
            with torch.no_grad():
                asked = generator_loss(real, generated, self.objective)
                told_apart = 0.5 * ((real > generated).float() + (real >= generated)).mean()  # a tie is a toss
                measures = [loss, penalty, asked, real.mean(), generated.mean(), told_apart]
            values = _moved("discriminator", adam, loss + penalty, measures, rate, state)
        names = ("discriminator", "penalty", "generator", "score_real", "score_generated", "told_apart")
        terms = dict(zip((*names, "gradient_discriminator"), values, strict=True))
        return terms | {"gradient_generator": math.nan}

    def _generator_turn(self, packs, y, adam, rate, state) -> dict[str, float]:
        # Algorithm 1, lines 7 and 8, with fresh latent vectors.
        with _untouched([self.discriminator]):
            real = None
            if self.objective == "relativistic":
                with torch.no_grad():
                    real = self._discriminator_score(packs, y)
            generated = self._discriminator_score(self._made(packs, y, state.noise), y)
            loss = generator_loss(real, generated, self.objective)
            values = _moved("generator", adam, loss, [loss], rate, state)
        self._follow_average()
        return dict(zip(("generator", "gradient_generator"), values, strict=True))

    def _made(self, packs: torch.Tensor, y: torch.Tensor | None, noise: torch.Generator | None) -> torch.Tensor:
        # As many packs of generated samples as there are real ones, with the same labels.
        z = normal((len(packs) * self.packing, self.latent_size), noise, packs)
        made = self.generator(self._generator_input(z, None if y is None else y.flatten()))
        return made.reshape(packs.shape)

    def _penalty(self, both, scores, y, noise) -> torch.Tensor:
        # Wasserstein: Gulrajani et al. 2017. Relativistic: R1 + R2 (Huang et al. 2024). Others: R1 (Mescheder 2018).
        if self.objective == "wasserstein":
            return gradient_penalty(lambda x: self._discriminator_score(x, y), *both.chunk(2), noise)
        at_real, at_generated = squared_slopes(scores, both).chunk(2)
        return 0.5 * (at_real + at_generated if self.objective == "relativistic" else at_real).mean()

    @torch.no_grad()
    def _follow_average(self) -> None:
        # theta_average <- decay theta_average + (1 - decay) theta; a shorter memory early on, so that the first
        # weights, which could do nothing yet, are soon forgotten.
        if self.averaged is None:
            return
        self.averaged_updates += 1
        made = int(self.averaged_updates)
        decay = min(self.average, (1 + made) / (10 + made))
        for kept, now in zip(self.averaged.parameters(), self.generator.parameters(), strict=True):
            kept.lerp_(now, 1 - decay)
        for kept, now in zip(self.averaged.buffers(), self.generator.buffers(), strict=True):
            kept.copy_(now)


def _moved(name, adam, loss, measures, rate, state) -> list[float]:
    # One update of one player (none where the rate is None); returns the measures and the length of the gradient.
    if rate is None:
        return torch.stack([measure.detach() for measure in measures]).tolist() + [math.nan]
    parameters = adam.param_groups[0]["params"]
    # Of this player's weights alone: the way through the other player's layers leaves nothing behind there.
    gradients = torch.autograd.grad(loss, parameters, materialize_grads=True)
    with torch.no_grad():
        length = torch.stack(torch._foreach_norm(gradients)).norm()
        *values, total, length = torch.stack([*measures, loss, length]).tolist()
    if not (math.isfinite(total) and math.isfinite(length)):
        what = f"loss became {total}" if not math.isfinite(total) else f"gradient became {length}"
        raise FloatingPointError(
            f"the {name}'s {what} at step {state.index + 1} (epoch {state.epoch + 1}), so learning stopped there: "
            f"make the model anew and try a smaller learning_rate than {rate:g} (a tenth of it, say), a penalty, or "
            "bring the columns of x to a similar scale."
        )
    for parameter, gradient in zip(parameters, gradients, strict=True):
        # Fused Adam takes both to lie alike in memory; where a penalty goes through convolutions, they do not.
        alike = gradient.stride() == parameter.stride()
        parameter.grad = gradient if alike else torch.empty_like(parameter).copy_(gradient)
    adam.param_groups[0]["lr"] = rate
    adam.step()
    return [*values, length]


@contextmanager
def _untouched(players: list[nn.Module]) -> Iterator[None]:
    # Running means and the like belong to the player, and move in its own turn alone.
    before = [(buffer, buffer.clone()) for player in players for buffer in player.buffers()]
    yield
    for buffer, was in before:
        buffer.copy_(was)


def _betas(betas: Any) -> tuple[float, float]:
    if not isinstance(betas, (tuple, list)) or len(betas) != 2:
        raise ValueError(f"betas was {betas!r}; it must be a pair of numbers such as (0.5, 0.99).")
    for beta in betas:
        if inputs.real(beta, "betas", minimum=0.0, maximum=1.0) == 1:
            raise ValueError(f"betas was {betas!r}; both must be below 1.")
    return tuple(float(beta) for beta in betas)
