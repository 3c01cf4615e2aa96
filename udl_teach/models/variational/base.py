"""What variational autoencoders share, whatever their layers: the bound that they learn by, and samples.

Sources: Kingma and Welling 2014, "Auto-encoding variational Bayes", eq. 3; Burda, Grosse and Salakhutdinov 2016,
"Importance weighted autoencoders", for more than one sample; Higgins et al. 2017, "beta-VAE".
"""

import math
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from udl_teach import inputs
from udl_teach.models.autoencoders.base import EncoderDecoder
from udl_teach.models.layers import normal, uniform
from udl_teach.models.variational.imputation import completed
from udl_teach.models.variational.likelihoods import (
    LIKELIHOODS,
    log_bernoulli,
    log_continuous_bernoulli,
    log_gaussian,
    mean_of_continuous_bernoulli,
)
from udl_teach.models.variational.measures import VariationalMeasures
from udl_teach.models.variational.terms import draw, kl_to_standard_normal, log_prior_to_posterior
from udl_teach.modules import example_of
from udl_teach.training import LearningState, Step


class VariationalModel(VariationalMeasures, EncoderDecoder):
    """Encoder q(z | x), decoder p(x | z), prior N(0, 1) over codes, and the bound that they learn by.

    A kind of variational autoencoder calls `_set_terms`, sets `self.latent_size`, `self.encoder` (which gives
    2 * latent_size numbers), `self.decoder` and `self.widest` (the most numbers that a layer holds for one sample), and
    says in `_as_tensor` what its samples look like.
    """

    noise = 0.0
    # Both are set for a step by `steps`, and are the model's own again between steps.
    beta: float
    binarize = False

    def _set_terms(self, likelihood: str, beta: float, samples: int, free_bits: float) -> None:
        # Checks and keeps what the bound is made of.
        self.likelihood = inputs.choice(likelihood, "likelihood", LIKELIHOODS)
        self.beta = inputs.real(beta, "beta", minimum=0.0)
        self.samples = inputs.whole(samples, "samples")
        self.free_bits = inputs.real(free_bits, "free_bits", minimum=0.0)
        if self.samples > 1 and self.free_bits > 0:
            raise ValueError(f"free_bits was {free_bits} with samples={samples}; it must be 0 unless samples is 1.")
        if likelihood == "gaussian":
            self.log_variance = nn.Parameter(torch.zeros((), dtype=torch.float32))

    def encode(self, x: Any) -> Any:
        """Mean of the posterior q(z | x), shape (n_samples, latent_size)."""
        return self.posterior(x)[0]

    def posterior(self, x: Any) -> tuple[Any, Any]:
        """Mean and log-variance of q(z | x), each of shape (n_samples, latent_size)."""
        mean, log_variance = self._posterior(self._as_tensor(x).to(example_of(self)))
        return inputs.given(mean, x), inputs.given(log_variance, x)

    def decode(self, z: Any) -> Any:
        """Expected samples of codes: (n_samples, latent_size) -> the shape of the samples."""
        codes = inputs.samples(z, "z", n_features=self.latent_size).to(example_of(self))
        return inputs.given(self._expected(codes), z)

    def forward(self, x: Any) -> Any:
        """Reconstructions: what the decoder expects at the posterior's mean, in the shape that `x` has."""
        mean, _ = self._posterior(self._as_tensor(x).to(example_of(self)))
        x_hat = self._expected(mean)
        return inputs.given(x_hat.reshape(tuple(x.shape) if hasattr(x, "shape") else x_hat.shape), x)

    def sample(self, n: int, seed: int = 0) -> Any:
        """What the decoder expects at `n` codes drawn from the prior: float32 array, one sample a row or an image."""
        codes = normal((inputs.whole(n, "n"), self.latent_size), inputs.generator(seed), example_of(self))
        with torch.no_grad():
            return self._expected(codes).cpu().numpy()

    def fill_in(self, x: Any, known: Any, *, rounds: int = 20, seed: int = 0) -> Any:
        """Samples whose unknown values are filled in by what the model holds likely beside the known ones.

        The unknown values begin as those of a code from the prior; every round draws a code from the posterior of the
        sample as it stands and takes the unknown values from the decoder (Rezende, Mohamed and Wierstra 2014, appendix
        F). Another seed fills in differently where the known values leave it open; the mean over several seeds is
        the best single guess.

        Args:
            x: samples, as `encode` takes them; what stands in the unknown places does not matter, NaN for instance.
            known: True where a value is known, False where it is to be filled in; in the shape of `x`, or of one
                sample where all miss the same values.
            rounds: how often a code is drawn and decoded.
            seed: of the draws.

        Returns:
            In the shape of `x`; the known values as they were, the others what the decoder expects in the last round.

        Raises:
            TypeError, ValueError: an argument is not what it must be.
        """
        return completed(self, x, known, rounds=rounds, seed=seed)

    def loss(self, x: torch.Tensor, generator: torch.Generator | None = None) -> dict[str, torch.Tensor]:
        """The negative bound, in nats: **summed over features and over dimensions, averaged over the batch**.

        Averaging over features instead, as much code does, divides the first term by n_features and leaves the second
        as it is: the KL term then weighs n_features times as much, and the codes collapse.

        Args:
            x: batch on the model's device, as `steps` cuts it.
            generator: what the codes are drawn from, on the CPU.

        Returns:
            {"loss", "reconstruction", "kl"}: "reconstruction" is -E_q[log p(x | z)], "kl" is KL(q(z | x) || p(z))
            before it is weighed; the loss is their sum with beta, or the importance-weighted bound where `samples` > 1.
        """
        if self.binarize:
            x = (uniform(x.shape, generator, x) < x).to(x.dtype)
        mean, log_variance = self._posterior(x)
        z = draw(mean, log_variance, self.samples, generator)
        log_x = self._log_likelihood(x, z)
        kl = kl_to_standard_normal(mean, log_variance).mean(dim=0)
        terms = {"reconstruction": -log_x.mean(), "kl": kl.sum()}
        if self.samples == 1:
            charged = kl.clamp(min=self.free_bits).sum() if self.free_bits > 0 else terms["kl"]
            return {"loss": terms["reconstruction"] + self.beta * charged} | terms
        log_weights = log_x + self.beta * log_prior_to_posterior(z, mean, log_variance)
        bound = torch.logsumexp(log_weights, dim=0) - math.log(self.samples)
        return {"loss": -bound.mean()} | terms

    def steps(
        self,
        x: Any,
        y: None = None,
        *,
        beta: float | Callable[[int], float] | None = None,
        binarize: bool = False,
        epochs: int | None = 20,
        batch_size: int = 128,
        learning_rate: float | Callable[[int], float] = 1e-3,
        seed: int = 0,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """Learn by the bound, one step each time the caller asks; `training.train` explains the other arguments.

        Args:
            x: samples, as `encode` takes them; in [0, 1] unless the likelihood is "gaussian".
            y: not used.
            beta: weight of the KL term for this run: a number, or a function from the number of updates made so far,
                such as `lambda step: min(1, step / 1000)`, which warms it up (Bowman et al. 2016; Sønderby et al.
                2016). None keeps the model's own.
            binarize: take every value as the probability of a 1 and draw 0 or 1 anew in each step (Salakhutdinov and
                Murray 2008); for the likelihood "bernoulli". `data.binarized` draws once, for held-out data.
            epochs: passes over the data; None goes on for ever.
            batch_size: samples a batch.
            learning_rate: a number or a function of the number of updates made so far.
            seed: of the shuffles and of the values and codes that are drawn.
            state: where an earlier run stopped.
        """
        if binarize not in (True, False):
            raise TypeError(f"binarize was {binarize!r}; it must be True or False.")
        if binarize and self.likelihood != "bernoulli":
            raise ValueError(
                f'binarize was True with the likelihood "{self.likelihood}"; it must be False, or make the model with '
                'likelihood="bernoulli".'
            )
        state = LearningState(seed) if state is None else state
        beta_at = None if beta is None else inputs.rate(beta, "beta")
        rest = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate}
        steps = super().steps(x, y, **rest, seed=seed, state=state)
        return steps if beta_at is None and not binarize else self._with(steps, beta_at, bool(binarize), state)

    def _with(
        self, steps: Iterator[Step], beta_at: Callable[[int], float] | None, binarize: bool, state: LearningState
    ) -> Iterator[Step]:
        # The loss reads self.beta and self.binarize, so they are set for each step alone.
        own = self.beta
        while True:
            self.beta = own if beta_at is None else beta_at(state.index)
            self.binarize = binarize
            try:
                step = next(steps, None)
            finally:
                self.beta, self.binarize = own, False
            if step is None:
                return
            yield step

    def _posterior(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        mean, log_variance = self.encoder(x).chunk(2, dim=1)
        # Beyond these a float32 overflows, or the variance is none. A line with flat ends: `clamp` does the same, but
        # its gradient takes several calls in place of one.
        return mean, functional.hardtanh(log_variance, -20.0, 20.0)

    def _log_likelihood(self, x: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        # log p(x | z) of samples (batch, ...) at codes (samples, batch, latent_size), shape (samples, batch).
        output = self.decoder(z.flatten(0, 1)).reshape(*z.shape[:2], -1)
        x = x.flatten(1)
        if self.likelihood == "gaussian":
            return log_gaussian(x, output, self.log_variance)
        formula = log_bernoulli if self.likelihood == "bernoulli" else log_continuous_bernoulli
        return formula(x, output)

    def _expected(self, z: torch.Tensor) -> torch.Tensor:
        output = self.decoder(z)
        if self.likelihood == "gaussian":
            return output
        return torch.sigmoid(output) if self.likelihood == "bernoulli" else mean_of_continuous_bernoulli(output)

    def _checked(self, x: Any) -> torch.Tensor:
        # An encoder reads any values, but of some a likelihood says nothing.
        tensor = self._as_tensor(x)
        if self.likelihood != "gaussian":
            inputs.within_unit(tensor, f'the likelihood "{self.likelihood}"')
        return tensor

    def _as_tensor(self, x: Any) -> torch.Tensor:
        raise NotImplementedError
