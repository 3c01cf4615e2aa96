"""The variational autoencoder: a code that is a distribution, and a bound on how likely the data are.

Sources: Kingma and Welling 2014, "Auto-encoding variational Bayes", eq. 3; Burda, Grosse and Salakhutdinov 2016,
"Importance weighted autoencoders", for more than one sample; Higgins et al. 2017, "beta-VAE".
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.base import EncoderDecoder
from udl_teach.models.likelihoods import (
    log_bernoulli,
    log_continuous_bernoulli,
    log_gaussian,
    mean_of_continuous_bernoulli,
)
from udl_teach.models.network import dense
from udl_teach.training import LearningState, Step, device_of

LIKELIHOODS = ("bernoulli", "gaussian", "continuous-bernoulli")
# Numbers held at a time where a likelihood is estimated from many samples.
AT_ONCE = 2**22


def kl_to_standard_normal(mean: torch.Tensor, log_variance: torch.Tensor) -> torch.Tensor:
    """KL(N(mean, variance) || N(0, 1)) of every dimension, in nats; same shape as `mean`, nothing summed.

    1/2 (mean^2 + variance - 1 - log variance)        Kingma and Welling 2014, appendix B
    """
    return 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance)


class VariationalAutoencoder(EncoderDecoder):
    """Encoder q(z | x), decoder p(x | z) and the prior N(0, 1) over codes, learned by one bound.

        log p(x) >= E_q[log p(x | z)] - KL(q(z | x) || p(z))        all in nats, **summed** over features and dimensions

    Args:
        n_features: numbers a sample.
        latent_size: numbers a code.
        hidden_sizes: widths of the layers between sample and code; the decoder has them in reverse.
        likelihood: "bernoulli" (data are 0 or 1), "continuous-bernoulli" (data in [0, 1]) or "gaussian" (any values,
            with one variance for all features, which is learned along).
        beta: weight of the KL term; 1 is the bound itself. `steps` takes another one for a run.
        samples: codes drawn for a sample; more than one gives the tighter importance-weighted bound.
        free_bits: nats that every dimension may cost without being charged (Kingma et al. 2016); with
            `samples=1` only.
        activation: what stands between hidden layers.
        seed: of the first weights.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    noise = 0.0

    def __init__(
        self,
        n_features: int,
        latent_size: int = 2,
        hidden_sizes: Sequence[int] = (128, 64),
        *,
        likelihood: str = "bernoulli",
        beta: float = 1.0,
        samples: int = 1,
        free_bits: float = 0.0,
        activation: str = "gelu",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.n_features = inputs.whole(n_features, "n_features")
        self.latent_size = inputs.whole(latent_size, "latent_size")
        self.hidden_sizes = inputs.sizes(hidden_sizes, "hidden_sizes")
        self.likelihood = inputs.choice(likelihood, "likelihood", LIKELIHOODS)
        self.beta = inputs.real(beta, "beta", minimum=0.0)
        self.samples = inputs.whole(samples, "samples")
        self.free_bits = inputs.real(free_bits, "free_bits", minimum=0.0)
        if self.samples > 1 and self.free_bits > 0:
            raise ValueError(f"free_bits was {free_bits} with samples={samples}; it must be 0 unless samples is 1.")
        self.arguments = {
            "n_features": self.n_features,
            "latent_size": self.latent_size,
            "hidden_sizes": list(self.hidden_sizes),
            "likelihood": likelihood,
            "beta": self.beta,
            "samples": self.samples,
            "free_bits": self.free_bits,
            "activation": activation,
            "seed": seed,
        }
        generator = inputs.generator(seed)
        inner = (self.n_features, *self.hidden_sizes)
        self.encoder = dense((*inner, 2 * self.latent_size), activation, generator)
        self.decoder = dense((self.latent_size, *inner[::-1]), activation, generator)
        if likelihood == "gaussian":
            self.log_variance = nn.Parameter(torch.zeros(()))

    def encode(self, x: Any) -> Any:
        """Mean of the posterior q(z | x), shape (n_samples, latent_size)."""
        return self.posterior(x)[0]

    def posterior(self, x: Any) -> tuple[Any, Any]:
        """Mean and log-variance of q(z | x), each of shape (n_samples, latent_size)."""
        mean, log_variance = self._posterior(self._checked(x).to(device_of(self)))
        return inputs.given(mean, x), inputs.given(log_variance, x)

    def decode(self, z: Any) -> Any:
        """Expected samples of codes: (n_samples, latent_size) -> (n_samples, n_features)."""
        codes = inputs.samples(z, "z", n_features=self.latent_size).to(device_of(self))
        return inputs.given(self._expected(self.decoder(codes)), z)

    def forward(self, x: Any) -> Any:
        """Reconstructions: what the decoder expects at the posterior's mean, in the shape that `x` has."""
        mean, _ = self._posterior(self._checked(x).to(device_of(self)))
        return inputs.given(self._expected(self.decoder(mean)), x)

    def sample(self, n: int, seed: int = 0) -> Any:
        """What the decoder expects at `n` codes drawn from the prior: float32 array of shape (n, n_features)."""
        codes = torch.randn(inputs.whole(n, "n"), self.latent_size, generator=inputs.generator(seed))
        with torch.no_grad():
            return self._expected(self.decoder(codes.to(device_of(self)))).cpu().numpy()

    def loss(self, x: torch.Tensor, generator: torch.Generator | None = None) -> dict[str, torch.Tensor]:
        """The negative bound, in nats: **summed over features and over dimensions, averaged over the batch**.

        Averaging over features instead, as much code does, divides the first term by n_features and leaves the second
        as it is: the KL term then weighs n_features times as much, and the codes collapse.

        Args:
            x: batch on the model's device, shape (batch, n_features).
            generator: what the codes are drawn from, on the CPU.

        Returns:
            {"loss", "reconstruction", "kl"}: "reconstruction" is -E_q[log p(x | z)], "kl" is KL(q(z | x) || p(z))
            before it is weighed; the loss is their sum with beta, or the importance-weighted bound where `samples` > 1.
        """
        mean, log_variance = self._posterior(x)
        z = self._draw(mean, log_variance, self.samples, generator)
        log_x = self._log_likelihood(x, self.decoder(z))
        kl = kl_to_standard_normal(mean, log_variance).mean(dim=0)
        terms = {"reconstruction": -log_x.mean(), "kl": kl.sum()}
        if self.samples == 1:
            charged = kl.clamp(min=self.free_bits).sum() if self.free_bits > 0 else terms["kl"]
            return {"loss": terms["reconstruction"] + self.beta * charged} | terms
        log_weights = log_x + self.beta * self._log_prior_to_posterior(z, mean, log_variance)
        bound = torch.logsumexp(log_weights, dim=0) - math.log(self.samples)
        return {"loss": -bound.mean()} | terms

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
        """Learn by the bound, one step each time the caller asks; `training.train` explains the other arguments.

        Args:
            x: samples, shape (n_samples, n_features); in [0, 1] unless the likelihood is "gaussian".
            y: not used.
            beta: weight of the KL term for this run: a number, or a function from the number of updates made so far,
                such as `lambda step: min(1, step / 1000)`, which warms it up (Bowman et al. 2016; Sønderby et al.
                2016). None keeps the model's own.
            epochs: passes over the data; None goes on for ever.
            batch_size: samples a batch.
            learning_rate: a number or a function of the number of updates made so far.
            seed: of the shuffles and of the codes that are drawn.
            state: where an earlier run stopped.
        """
        state = LearningState(seed) if state is None else state
        beta_at = None if beta is None else inputs.rate(beta, "beta")
        rest = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate}
        steps = super().steps(x, y, **rest, seed=seed, state=state)
        return steps if beta_at is None else self._with_beta(steps, beta_at, state)

    def _with_beta(
        self, steps: Iterator[Step], beta_at: Callable[[int], float], state: LearningState
    ) -> Iterator[Step]:
        # The loss reads self.beta, so it is set for each step; between steps it is the model's own.
        own = self.beta
        while True:
            self.beta = beta_at(state.index)
            try:
                step = next(steps, None)
            finally:
                self.beta = own
            if step is None:
                return
            yield step

    def log_likelihood(self, x: Any, samples: int = 1000, seed: int = 0) -> Any:
        """Estimate of log p(x) of every sample, in nats: the bound of Burda et al. 2016 with many samples.

            log p(x) ~ log 1/S sum_s p(x | z_s) p(z_s) / q(z_s | x),    z_s ~ q(z | x)

        On average it lies below log p(x), by less the more samples are taken.

        Args:
            x: samples, shape (n_samples, n_features).
            samples: codes drawn for each.
            seed: of the draws.

        Returns:
            float32, shape (n_samples,). Memory stays bounded, however many samples are asked for.
        """
        samples, generator = inputs.whole(samples, "samples"), inputs.generator(seed)
        checked = self._checked(x).detach().to(device_of(self))
        widest = max(self.n_features, self.latent_size, *self.hidden_sizes, 1)
        at_once = max(1, min(samples, AT_ONCE // (widest * min(len(checked), 256))))
        estimates = []
        with torch.no_grad():
            for part in checked.split(256):
                mean, log_variance = self._posterior(part)
                total = torch.full((len(part),), -torch.inf, device=part.device)
                for start in range(0, samples, at_once):
                    z = self._draw(mean, log_variance, min(at_once, samples - start), generator)
                    log_weights = self._log_likelihood(part, self.decoder(z))
                    log_weights = log_weights + self._log_prior_to_posterior(z, mean, log_variance)
                    total = torch.logaddexp(total, torch.logsumexp(log_weights, dim=0))
                estimates.append(total - math.log(samples))
        return inputs.given(torch.cat(estimates), x)

    def kl_per_dimension(self, x: Any) -> Any:
        """KL(q(z_j | x) || p(z_j)) of every dimension j, averaged over the samples, in nats: shape (latent_size,)."""
        with torch.no_grad():
            mean, log_variance = self._posterior(self._checked(x).to(device_of(self)))
            return inputs.given(kl_to_standard_normal(mean, log_variance).mean(dim=0), x)

    def active_units(self, x: Any, threshold: float = 0.01) -> int:
        """Number of dimensions whose posterior mean varies over the samples by a variance above `threshold`.

        Burda et al. 2016; a dimension that the encoder does not use stays at the prior for all samples.
        """
        threshold = inputs.real(threshold, "threshold", minimum=0.0)
        with torch.no_grad():
            mean, _ = self._posterior(self._checked(x).to(device_of(self)))
        return int((mean.var(dim=0, correction=0) > threshold).sum())

    def _posterior(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        mean, log_variance = self.encoder(x).chunk(2, dim=1)
        # Beyond these a float32 overflows, or the variance is none.
        return mean, log_variance.clamp(-20.0, 20.0)

    def _draw(self, mean, log_variance, samples: int, generator: torch.Generator | None) -> torch.Tensor:
        # z = mean + sd * noise, with noise drawn on the CPU so that a GPU learns from the same one.
        noise = torch.randn((samples, *mean.shape), generator=generator).to(mean.device)
        return mean + (0.5 * log_variance).exp() * noise

    def _log_likelihood(self, x: torch.Tensor, output: torch.Tensor) -> torch.Tensor:
        # x (batch, n_features) under decoder outputs (samples, batch, n_features), shape (samples, batch).
        if self.likelihood == "gaussian":
            return log_gaussian(x, output, self.log_variance)
        formula = log_bernoulli if self.likelihood == "bernoulli" else log_continuous_bernoulli
        return formula(x, output)

    @staticmethod
    def _log_prior_to_posterior(z, mean, log_variance) -> torch.Tensor:
        # log p(z) - log q(z | x)
        zero = torch.zeros((), device=z.device)
        return log_gaussian(z, zero, zero) - log_gaussian(z, mean, log_variance)

    def _expected(self, output: torch.Tensor) -> torch.Tensor:
        if self.likelihood == "gaussian":
            return output
        return torch.sigmoid(output) if self.likelihood == "bernoulli" else mean_of_continuous_bernoulli(output)

    def _checked(self, x: Any) -> torch.Tensor:
        samples = inputs.samples(x, n_features=self.n_features)
        if self.likelihood != "gaussian":
            inputs.within_unit(samples, f'the likelihood "{self.likelihood}"')
        return samples
