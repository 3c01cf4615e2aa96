"""The two networks of an adversarial model, and what can be asked of them; asking never changes them.

Sources: Goodfellow et al. 2014, "Generative adversarial nets"; Lin et al. 2018, "PacGAN", for the packing.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.adversarial.conditioning import checked_labels, concatenate_labels
from udl_teach.models.adversarial.losses import OBJECTIVES, generator_loss
from udl_teach.models.adversarial.spectral_norm import apply_spectral_norm
from udl_teach.modules import device_of, example_of
from udl_teach.renamed import old_arguments, old_attribute, old_name

CHUNK = 4096  # samples generated at a time, so that many of them need little memory


class AdversarialPlayers(nn.Module):
    """A generator, which turns latent vectors into samples, and a discriminator, which scores how real a sample looks.

    A kind of adversarial model sets `self.latent_size`, `self.n_classes` (None without labels), `self.output` and
    `self.seed`, calls `_set_game` and, with its two networks, `_set_players`. It says in `_checked` what its samples
    look like, and in `_discriminator_score` how they and their labels enter the discriminator.

    Attributes:
        generator: from its input, shape (n, latent_size) and more where it is conditional, to samples.
        discriminator: from packs of samples to scores.
        generator_ema: the generator with the exponential moving average of its weights, or None where `ema` is 0.
    """

    generator: nn.Module
    discriminator: nn.Module
    generator_ema: nn.Module | None
    latent_size: int
    n_classes: int | None
    seed: int

    average = old_attribute("average", "ema")
    averaged = old_attribute("averaged", "generator_ema")
    averaged_updates = old_attribute("averaged_updates", "ema_updates")

    def _set_game(
        self, *, objective: str, penalty: float | None, spectral_norm: bool, packing: int, ema: float
    ) -> None:
        # Checks and keeps the arguments that all kinds share.
        self.objective = inputs.choice(objective, "objective", OBJECTIVES)
        usual = {"wasserstein": 10.0, "relativistic": 1.0}.get(objective, 0.0)
        self.penalty = usual if penalty is None else inputs.real(penalty, "penalty", minimum=0.0)
        if spectral_norm not in (True, False):
            raise TypeError(f"spectral_norm was {spectral_norm!r}; it must be True or False.")
        self.spectral_norm = bool(spectral_norm)
        self.packing = inputs.whole(packing, "packing")
        self.ema = inputs.real(ema, "ema", minimum=0.0, below=1.0)

    def _set_players(self, generator: nn.Module, discriminator: nn.Module) -> None:
        self.generator, self.discriminator = generator, discriminator
        if self.spectral_norm:
            # A stream of its own, so that the initial weights are the same with and without the normalization.
            apply_spectral_norm(discriminator, inputs.generator(int(self.seed) + 2**32))
        self.generator_ema = None
        if self.ema > 0:
            self.generator_ema = copy.deepcopy(generator).requires_grad_(False)
            self.register_buffer("ema_updates", torch.zeros((), dtype=torch.long))

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str, *rest: Any) -> None:
        # Files of the release before have the EMA of the generator under its old names.
        for old, new in (("averaged.", "generator_ema."), ("averaged_updates", "ema_updates")):
            for key in [key for key in state_dict if key.startswith(prefix + old)]:
                state_dict[prefix + new + key.removeprefix(prefix + old)] = state_dict.pop(key)
        super()._load_from_state_dict(state_dict, prefix, *rest)

    def latent(self, n: int, seed: int = 0, truncation: float | None = None) -> Any:
        """Latent vectors drawn from N(0, 1), float32 array of shape (n, latent_size).

        Args:
            n: how many.
            seed: of the draws.
            truncation: largest absolute value of an entry: the truncation trick (Brock et al. 2019), in which a lower
                threshold gives more typical and less varied samples. The entries follow the truncated normal
                distribution; each moves gradually inwards as the threshold falls, so that the same seed shows the same
                samples becoming more typical. None for none.
        """
        z = torch.randn(inputs.whole(n, "n"), self.latent_size, generator=inputs.generator(seed), dtype=torch.float32)
        if truncation is not None:
            edge = torch.tensor(inputs.real(truncation, "truncation", above=0.0), dtype=torch.float64)
            low, high = torch.special.ndtr(-edge), torch.special.ndtr(edge)
            z = torch.special.ndtri(low + (high - low) * torch.special.ndtr(z.double())).clamp(-edge, edge).float()
        return z.numpy()

    @old_arguments(averaged="ema")
    def sample(
        self, n: int, seed: int = 0, labels: Any = None, truncation: float | None = None, ema: bool = True
    ) -> Any:
        """Samples of `n` latent vectors drawn from N(0, 1): float32 array, one row or one image per sample.

        Args:
            n: how many.
            seed: of the draws.
            labels: where the model is conditional, one class for all or one per sample, shape (n,); None takes the
                classes in turn: 0, 1, 2, ..., 0, 1, 2, ...
            truncation: as in `latent`.
            ema: whether the EMA of the generator makes them, where there is one.
        """
        return self.generate(self.latent(n, seed, truncation), labels=labels, ema=ema)

    @old_arguments(averaged="ema")
    def generate(self, z: Any, labels: Any = None, ema: bool = True) -> Any:
        """Samples of latent vectors `z`, shape (n, latent_size); `labels` and `ema` as in `sample`."""
        codes = inputs.samples(z, "z", n_features=self.latent_size).to(example_of(self))
        y = self._labels(labels, len(codes), "labels", in_turn=True)
        network = self.generator_ema if ema and self.generator_ema is not None else self.generator
        with self._evaluating(), torch.set_grad_enabled(torch.is_grad_enabled() and isinstance(z, torch.Tensor)):
            parts = [slice(start, start + CHUNK) for start in range(0, len(codes), CHUNK)]
            made = [network(self._generator_input(codes[cut], None if y is None else y[cut])) for cut in parts]
        return inputs.given(torch.cat(made), z)

    def score(self, x: Any, labels: Any = None) -> Any:
        """The discriminator's scores (logits): sigma(score) is its probability that a sample is real.

        Args:
            x: samples, as `steps` takes them.
            labels: where the model is conditional, one class for all or one per sample.

        Returns:
            Shape (n,). Where `packing` is k, each score is that of a pack of k successive samples, shape (n / k,),
            rounded up: the last pack is filled up with samples from the front.
        """
        samples = self._checked(x).to(example_of(self))
        y = self._labels(labels, len(samples), "labels")
        with self._evaluating(), torch.set_grad_enabled(torch.is_grad_enabled() and isinstance(x, torch.Tensor)):
            return inputs.given(self._discriminator_score(*self._packed(samples, y)), x)

    def sample_gradient(self, z: Any, labels: Any = None, real: Any = None) -> tuple[Any, Any]:
        """Generated samples, and the direction in which each lowers the generator's loss: minus its gradient.

            x = G(z),   -grad_x L(D(x))

        Args:
            z: latent vectors, shape (n, latent_size).
            labels: where the model is conditional, one class for all or one per sample.
            real: n real samples for the objective "relativistic", which weights each gradient by how far the score of
                the generated sample is below that of the real one; None takes both scores to be equal.

        Returns:
            (samples, directions), both of the shape of n samples. Each direction is minus the gradient of the loss of
            that sample (of its pack, where samples are packed).
        """
        codes = inputs.samples(z, "z", n_features=self.latent_size).to(example_of(self)).detach()
        y = self._labels(labels, len(codes), "labels", in_turn=True)
        with self._evaluating(), torch.enable_grad():
            samples = self.generator(self._generator_input(codes, y)).detach().requires_grad_()
            on_generated = self._discriminator_score(*self._packed(samples, y))
            on_real = on_generated.detach()
            if real is not None:
                on_real = self._discriminator_score(*self._packed(self._checked(real).to(samples), y)).detach()
            # The sum over the batch: the gradient of a sample does not depend on how many are drawn with it.
            loss = len(on_generated) * generator_loss(on_real, on_generated, self.objective)
            (gradient,) = torch.autograd.grad(loss, samples)
        return inputs.given(samples.detach(), z), inputs.given(-gradient, z)

    pull = old_name("pull", sample_gradient)

    def _generator_input(self, z: torch.Tensor, y: torch.Tensor | None) -> torch.Tensor:
        # y: labels of shape (n,), or None where the model is not conditional.
        return concatenate_labels(z, y, self.n_classes)

    def _discriminator_score(self, packs: torch.Tensor, y: torch.Tensor | None) -> torch.Tensor:
        # packs: shape (n_packs, packing * channels, ...); y: (n_packs, packing) or None. Returns scores (n_packs,).
        raise NotImplementedError

    def _packed(self, x: torch.Tensor, y: torch.Tensor | None) -> tuple[torch.Tensor, torch.Tensor | None]:
        # Several samples concatenated as one (PacGAN): the discriminator sees when a generator repeats itself.
        if self.packing == 1:
            return x, None if y is None else y[:, None]
        if len(x) % self.packing:
            whole = torch.arange(len(x) + -len(x) % self.packing, device=x.device) % len(x)
            x, y = x[whole], None if y is None else y[whole]
        packs = x.reshape(len(x) // self.packing, self.packing * x.shape[1], *x.shape[2:])
        return packs, None if y is None else y.reshape(-1, self.packing)

    def _labels(self, labels: Any, n: int, name: str = "y", *, in_turn: bool = False) -> torch.Tensor | None:
        if in_turn and labels is None and self.n_classes is not None:
            labels = torch.arange(n) % self.n_classes
        y = checked_labels(labels, self.n_classes, n=n, name=name)
        return None if y is None else y.to(device_of(self))

    def _checked(self, x: Any) -> torch.Tensor:
        raise NotImplementedError

    @contextmanager
    def _evaluating(self) -> Iterator[None]:
        # Layers that behave differently in training and evaluation are in evaluation mode here, and as before after it.
        learning = self.training
        if learning:
            self.eval()
        try:
            yield
        finally:
            if learning:
                self.train()
