"""The two players of an adversarial model, and what can be asked of them; asking never changes them.

Source: Goodfellow et al. 2014, "Generative adversarial nets".
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.adversarial.conditioning import checked_labels
from udl_teach.models.adversarial.losses import OBJECTIVES, generator_loss
from udl_teach.models.adversarial.spectral_norm import normalize_spectra
from udl_teach.modules import device_of, example_of

CHUNK = 4096  # samples made at a time, so that many of them need little memory


class AdversarialPlayers(nn.Module):
    """A generator, which makes samples of latent vectors, and a discriminator, which scores how real a sample looks.

    A kind of adversarial model sets `self.latent_size`, `self.n_classes` (None without labels), `self.output` (what
    stands after the generator's last layer), `self.generator` and `self.discriminator`, calls `_set_game`, and says in
    `_checked` what its samples look like. Where it is conditional it also says how labels come in, in
    `_generator_input` and `_discriminator_score`.

    Attributes:
        generator: from its input, shape (n, latent_size) and more where it is conditional, to samples.
        discriminator: from packs of samples to scores.
        averaged: the generator's weights averaged over its updates, or None where `average` is 0.
    """

    generator: nn.Module
    discriminator: nn.Module
    latent_size: int
    n_classes: int | None = None
    output = "linear"

    def _set_game(self, objective, penalty, spectral_norm, packing, average, seed) -> None:
        # Checks and keeps the rules of the game; returns them as arguments to make the model anew with.
        self.objective = inputs.choice(objective, "objective", OBJECTIVES)
        usual = {"wasserstein": 10.0, "relativistic": 1.0}.get(objective, 0.0)
        self.penalty = usual if penalty is None else inputs.real(penalty, "penalty", minimum=0.0)
        self.packing = inputs.whole(packing, "packing")
        self.average = inputs.real(average, "average", minimum=0.0, maximum=1.0)
        if spectral_norm not in (True, False):
            raise TypeError(f"spectral_norm was {spectral_norm!r}; it must be True or False.")
        if self.average == 1:
            raise ValueError("average was 1; it must be below 1, or the average never moves: take 0.999, for instance.")
        self.spectral_norm = bool(spectral_norm)
        if spectral_norm:
            # A stream of its own, so that the first weights are the same with and without the normalization.
            normalize_spectra(self.discriminator, inputs.generator(int(seed) + 2**32))
        self.averaged = None
        if self.average > 0:
            self.averaged = copy.deepcopy(self.generator).requires_grad_(False)
            self.register_buffer("averaged_updates", torch.zeros((), dtype=torch.long))

    def latent(self, n: int, seed: int = 0, truncation: float | None = None) -> Any:
        """Latent vectors drawn from N(0, 1), float32 array of shape (n, latent_size).

        Args:
            n: how many.
            seed: of the draws.
            truncation: largest absolute value of an entry: a smaller one gives more typical samples and fewer kinds of
                them (Brock et al. 2019). The entries are spread as if those outside had been drawn anew, but each
                moves gradually inward, so the same seed shows the same samples becoming more typical. None for none.
        """
        z = torch.randn(inputs.whole(n, "n"), self.latent_size, generator=inputs.generator(seed), dtype=torch.float32)
        if truncation is not None:
            edge = torch.tensor(inputs.real(truncation, "truncation", above=0.0), dtype=torch.float64)
            low, high = torch.special.ndtr(-edge), torch.special.ndtr(edge)
            z = torch.special.ndtri(low + (high - low) * torch.special.ndtr(z.double())).clamp(-edge, edge).float()
        return z.numpy()

    def sample(
        self, n: int, seed: int = 0, labels: Any = None, truncation: float | None = None, averaged: bool = True
    ) -> Any:
        """Samples from `n` latent vectors that are drawn: float32 array, one sample a row or an image.

        Args:
            n: how many.
            seed: of the draws.
            labels: where the model is conditional, one class for all or one for each, shape (n,); None takes the
                classes in turn: 0, 1, 2, ..., 0, 1, 2, ...
            truncation: as in `latent`.
            averaged: whether the averaged generator makes them, where there is one.
        """
        z = self.latent(n, seed, truncation)
        return self.generate(z, labels=labels, averaged=averaged)

    def generate(self, z: Any, labels: Any = None, averaged: bool = True) -> Any:
        """Samples of latent vectors `z`, shape (n, latent_size); `labels` and `averaged` as in `sample`."""
        codes = inputs.samples(z, "z", n_features=self.latent_size).to(example_of(self))
        y = self._labels(labels, len(codes), "labels", in_turn=True)
        network = self.averaged if averaged and self.averaged is not None else self.generator
        with self._looking(), torch.set_grad_enabled(torch.is_grad_enabled() and isinstance(z, torch.Tensor)):
            parts = [slice(start, start + CHUNK) for start in range(0, len(codes), CHUNK)]
            made = [network(self._generator_input(codes[cut], None if y is None else y[cut])) for cut in parts]
        return inputs.given(torch.cat(made), z)

    def score(self, x: Any, labels: Any = None) -> Any:
        """The discriminator's scores (logits): sigma(score) is its probability that a sample is real.

        Args:
            x: samples, as `steps` takes them.
            labels: where the model is conditional, one class for all or one for each sample.

        Returns:
            Shape (n,). Where `packing` is k, a score is that of a pack of k samples which follow each other, shape
            (n / k,), rounded up: the last pack is filled up with samples from the front.
        """
        samples = self._checked(x).to(example_of(self))
        y = self._labels(labels, len(samples), "labels")
        with self._looking(), torch.set_grad_enabled(torch.is_grad_enabled() and isinstance(x, torch.Tensor)):
            return inputs.given(self._discriminator_score(*self._packed(samples, y)), x)

    def pull(self, z: Any, labels: Any = None, real: Any = None) -> tuple[Any, Any]:
        """Where the discriminator would have the generated samples go.

        Args:
            z: latent vectors, shape (n, latent_size).
            labels: where the model is conditional, one class for all or one for each.
            real: n real samples for the objective "relativistic", which weighs each direction by how far the generated
                sample lags behind the real one; None takes them to be even.

        Returns:
            (points, directions), both of the shape of n samples: what the generator makes of `z`, and minus the
            gradient of the generator's loss of each sample (of its pack, where they are packed) with respect to it.
        """
        codes = inputs.samples(z, "z", n_features=self.latent_size).to(example_of(self)).detach()
        y = self._labels(labels, len(codes), "labels", in_turn=True)
        with self._looking(), torch.enable_grad():
            points = self.generator(self._generator_input(codes, y)).detach().requires_grad_()
            generated = self._discriminator_score(*self._packed(points, y))
            rivals = generated.detach()
            if real is not None:
                rivals = self._discriminator_score(*self._packed(self._checked(real).to(points), y)).detach()
            # Not divided by the size of the batch: a point is to be pulled alike in whatever company it is drawn.
            loss = len(generated) * generator_loss(rivals, generated, self.objective)
            (gradient,) = torch.autograd.grad(loss, points)
        return inputs.given(points.detach(), z), inputs.given(-gradient, z)

    def _generator_input(self, z: torch.Tensor, y: torch.Tensor | None) -> torch.Tensor:
        # y: labels of shape (n,), or None where the model is not conditional.
        return z

    def _discriminator_score(self, packs: torch.Tensor, y: torch.Tensor | None) -> torch.Tensor:
        # packs: shape (n_packs, packing * channels, ...); y: (n_packs, packing) or None. Returns scores (n_packs,).
        return self.discriminator(packs).flatten()

    def _packed(self, x: torch.Tensor, y: torch.Tensor | None) -> tuple[torch.Tensor, torch.Tensor | None]:
        # Several samples side by side as one (Lin et al. 2018, "PacGAN"): a generator that repeats itself is seen.
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
    def _looking(self) -> Iterator[None]:
        # Layers that behave differently while they learn are asked as they are after it, and left as they were.
        learning = self.training
        if learning:
            self.eval()
        try:
            yield
        finally:
            if learning:
                self.train()
