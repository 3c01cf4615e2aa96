"""What variational autoencoders share, whatever their layers: the evidence lower bound, likelihoods, imputation.

Sources: Kingma and Welling 2014, "Auto-encoding variational Bayes", eq. 3, for the bound; Higgins et al. 2017,
"beta-VAE", for its weight; Burda, Grosse and Salakhutdinov 2016, "Importance weighted autoencoders", eq. 8 and section
5, for several samples and for active units; Lucas et al. 2019, "Don't blame the ELBO!", for the decoder's variance;
Rezende, Mohamed and Wierstra 2014, "Stochastic backpropagation and approximate inference", appendix F, for imputation.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from udl_teach import inputs
from udl_teach.models.layers import normal, uniform
from udl_teach.models.variational import likelihoods
from udl_teach.models.variational.terms import kl_to_standard_normal, log_prior_posterior_ratio, reparameterize
from udl_teach.modules import example_of
from udl_teach.renamed import old_arguments, old_name
from udl_teach.training import LearningState, Step, train

# Activations of the widest layer held in memory at a time where a likelihood is estimated from many samples.
MAX_ACTIVATIONS = 2**22
# The prior exceeds this once in 16,000 draws. The encoder may map unusual inputs to far larger codes, which the decoder
# turns into still more unusual ones: without a bound the imputed values could diverge.
LARGEST_CODE = 4.0


class VariationalModel(nn.Module):
    """Encoder q(z | x), decoder p(x | z), prior p(z) = N(0, 1), and the bound by which they learn.

    A subclass sets `self.latent_size`, `self.encoder` (with 2 * latent_size outputs), `self.decoder` and
    `self.widest_layer` (the number of units of the widest layer), and checks the shape of its samples in `_as_tensor`.
    """

    encoder: nn.Module
    decoder: nn.Module
    latent_size: int
    widest_layer: int

    def __init__(self, likelihood: str, beta: float, samples: int, free_bits: float, initial_variance: float) -> None:
        super().__init__()
        self.likelihood = inputs.choice(likelihood, "likelihood", likelihoods.LIKELIHOODS)
        self.beta = inputs.real(beta, "beta", minimum=0.0)
        self.samples = inputs.whole(samples, "samples")
        self.free_bits = inputs.real(free_bits, "free_bits", minimum=0.0)
        if self.samples > 1 and self.free_bits > 0:
            raise ValueError(f"free_bits was {free_bits} with samples={samples}; it must be 0 unless samples is 1.")
        self.initial_variance = inputs.real(initial_variance, "initial_variance", above=0.0)
        if likelihood == "gaussian":
            # Lucas et al. 2019: with a variance above the largest eigenvalue of the data's covariance an empty code is
            # optimal, so a start at 1 would make a code of pixels in [0, 1] collapse before the variance has fallen.
            self.log_variance = nn.Parameter(torch.tensor(math.log(self.initial_variance), dtype=torch.float32))

    def encode(self, x: Any) -> Any:
        """Mean of the posterior q(z | x), shape (n_samples, latent_size)."""
        return self.posterior(x)[0]

    def posterior(self, x: Any) -> tuple[Any, Any]:
        """Mean and log-variance of q(z | x), each of shape (n_samples, latent_size)."""
        mean, log_variance = self._posterior(self._as_tensor(x).to(example_of(self)))
        return inputs.given(mean, x), inputs.given(log_variance, x)

    def decode(self, z: Any) -> Any:
        """Mean of p(x | z) for given codes: (n_samples, latent_size) -> the shape of the samples."""
        codes = inputs.samples(z, "z", n_features=self.latent_size).to(example_of(self))
        return inputs.given(self._mean(codes), z)

    def forward(self, x: Any) -> Any:
        """Reconstructions: the mean of p(x | z) at the mean of the posterior, in the shape of `x`."""
        mean, _ = self._posterior(self._as_tensor(x).to(example_of(self)))
        x_hat = self._mean(mean)
        return inputs.given(x_hat.reshape(tuple(x.shape) if hasattr(x, "shape") else x_hat.shape), x)

    def sample(self, n: int, seed: int = 0) -> Any:
        """Generated samples: the mean of p(x | z) at `n` codes drawn from the prior; float32, first axis n."""
        z = normal((inputs.whole(n, "n"), self.latent_size), inputs.generator(seed), example_of(self))
        with torch.no_grad():
            return self._mean(z).cpu().numpy()

    def loss(
        self,
        x: torch.Tensor,
        generator: torch.Generator | None = None,
        *,
        beta: float | None = None,
        binarize: bool = False,
    ) -> dict[str, torch.Tensor]:
        """The negative bound, in nats: **summed over features and over dimensions, averaged over the batch**.

            -log p(x) <= -E_q[log p(x | z)] + beta KL(q(z | x) || p(z))        for beta = 1 and one sample

        Averaging over features instead, as much code does, divides the first term by n_features and leaves the second
        as it is: the KL term then weighs n_features times as much, and the posterior collapses.

        Args:
            x: batch on the model's device, as `steps` cuts it.
            generator: source of the codes, on the CPU.
            beta: weight of the KL term; None means the model's own.
            binarize: draw every value as 0 or 1 with the probability that `x` holds.

        Returns:
            {"loss", "reconstruction", "kl"}: scalar tensors. "reconstruction" is -E_q[log p(x | z)], "kl" is
            KL(q(z | x) || p(z)) without its weight; the loss is the bound above, or the importance-weighted bound where
            `samples` > 1.
        """
        beta = self.beta if beta is None else beta
        if binarize:
            x = (uniform(x.shape, generator, x) < x).to(x.dtype)
        mean, log_variance = self._posterior(x)
        z = reparameterize(mean, log_variance, self.samples, generator)
        log_x = self._log_likelihood(x, z)
        kl = kl_to_standard_normal(mean, log_variance).mean(dim=0)
        terms = {"reconstruction": -log_x.mean(), "kl": kl.sum()}
        if self.samples == 1:
            charged = kl.clamp(min=self.free_bits).sum() if self.free_bits > 0 else terms["kl"]
            return {"loss": terms["reconstruction"] + beta * charged} | terms
        log_weights = log_x + beta * log_prior_posterior_ratio(z, mean, log_variance)
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
        """Maximize the bound, one step each time the caller asks; `training.train` explains the other arguments.

        Args:
            x: samples, as `encode` takes them; in [0, 1] unless the likelihood is "gaussian".
            y: not used.
            beta: weight of the KL term for this run: a number, or a function of the number of updates made so far, such
                as `lambda step: min(1, step / 1000)` for KL warm-up (Bowman et al. 2016; Sønderby et al. 2016). None
                means the model's own.
            binarize: draw every value anew in each step, as 1 with the probability that `x` holds and else 0
                (Salakhutdinov and Murray 2008); for the likelihood "bernoulli". `data.binarized` draws once, for
                held-out data.
            epochs: passes over the data; None for no limit.
            batch_size: samples per batch.
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
        beta_at = None if beta is None else inputs.rate(beta, "beta")

        def given(index: int) -> dict[str, Any]:
            # Only what was asked for: a subclass may override loss(x, generator) alone.
            return ({"beta": beta_at(index)} if beta_at else {}) | ({"binarize": True} if binarize else {})

        rest = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed}
        return train(self, x, y, **rest, given=given, state=state)

    def log_likelihood(self, x: Any, samples: int = 1000, seed: int = 0) -> Any:
        """Estimate of log p(x) of every sample, in nats: the importance-weighted bound (Burda et al. 2016).

            log p(x) ~ log 1/S sum_s p(x | z_s) p(z_s) / q(z_s | x),    z_s ~ q(z | x)

        Its expectation is below log p(x); more samples make the gap smaller.

        Args:
            x: samples, as `encode` takes them.
            samples: number of codes drawn per sample.
            seed: of the draws.

        Returns:
            float32, shape (n_samples,). Memory stays bounded, whatever `samples` is.
        """
        samples, generator = inputs.whole(samples, "samples"), inputs.generator(seed)
        checked = self._checked(x).detach().to(example_of(self))
        chunk = max(1, min(samples, MAX_ACTIVATIONS // (self.widest_layer * min(len(checked), 256))))
        estimates = []
        with torch.no_grad():
            for part in checked.split(256):
                mean, log_variance = self._posterior(part)
                total = torch.full((len(part),), -torch.inf, dtype=part.dtype, device=part.device)
                for start in range(0, samples, chunk):
                    z = reparameterize(mean, log_variance, min(chunk, samples - start), generator)
                    log_weights = self._log_likelihood(part, z) + log_prior_posterior_ratio(z, mean, log_variance)
                    total = torch.logaddexp(total, torch.logsumexp(log_weights, dim=0))
                estimates.append(total - math.log(samples))
        return inputs.given(torch.cat(estimates), x)

    def kl_per_dimension(self, x: Any) -> Any:
        """KL(q(z_j | x) || p(z_j)) of every dimension j, averaged over the samples, in nats: shape (latent_size,)."""
        with torch.no_grad():
            posterior = self._posterior(self._as_tensor(x).to(example_of(self)))
            return inputs.given(kl_to_standard_normal(*posterior).mean(dim=0), x)

    def active_units(self, x: Any, threshold: float = 0.01) -> int:
        """Number of dimensions whose posterior mean has a variance over the samples above `threshold`.

        Burda et al. 2016; a dimension that the encoder does not use stays at the prior for all samples.
        """
        threshold = inputs.real(threshold, "threshold", minimum=0.0)
        with torch.no_grad():
            mean, _ = self._posterior(self._as_tensor(x).to(example_of(self)))
        return int((mean.var(dim=0, correction=0) > threshold).sum())

    def impute(self, x: Any, observed: Any, *, iterations: int = 20, seed: int = 0) -> Any:
        """Samples whose missing values are imputed: drawn, approximately, given the observed ones.

        A Markov chain (Rezende et al. 2014): the missing values start as those of a code from the prior; every
        iteration draws a code from the posterior of the completed sample and takes the missing values from the decoder.
        Where the observed values leave the missing ones open, other seeds give other values; the mean over several
        seeds is the best single estimate.

        Args:
            x: samples, as `encode` takes them; the missing places may hold anything, NaN for instance.
            observed: True where a value is observed, False where it is missing; in the shape of `x`, or of one sample
                where all miss the same values.
            iterations: length of the chain.
            seed: of the draws.

        Returns:
            In the shape of `x`: the observed values unchanged, the others as means of p(x | z) at the last code.

        Raises:
            TypeError, ValueError: an argument is not what it must be.
        """
        iterations, generator = inputs.whole(iterations, "iterations"), inputs.generator(seed)
        like = example_of(self)
        given = inputs.numbers(x, missing="ignore").detach().to(like)
        mask = inputs.mask(observed, "observed", tuple(given.shape)).to(like.device)
        with torch.no_grad():
            # Only observed values need to be finite.
            checked = self._as_tensor(torch.where(mask, given, 0))
            mask = mask.expand(given.shape).reshape(checked.shape)
            z = normal((len(checked), self.latent_size), generator, like)
            completed = torch.where(mask, checked, self._mean(z))
            for _ in range(iterations):
                z = reparameterize(*self._posterior(completed), 1, generator)[0].clamp(-LARGEST_CODE, LARGEST_CODE)
                completed = torch.where(mask, checked, self._mean(z))
        return inputs.given(completed.reshape(given.shape), x)

    fill_in = old_name("fill_in", old_arguments(known="observed", rounds="iterations")(impute))

    def _posterior(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        mean, log_variance = self.encoder(x).chunk(2, dim=1)
        # Beyond these bounds a float32 overflows or underflows. hardtanh computes what `clamp` does, but its gradient
        # takes one call in place of several.
        return mean, functional.hardtanh(log_variance, -20.0, 20.0)

    def _log_likelihood(self, x: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        # log p(x | z) of samples (batch, ...) at codes (samples, batch, latent_size), shape (samples, batch).
        x, output = x.flatten(1), self.decoder(z.flatten(0, 1)).reshape(*z.shape[:2], -1)
        if self.likelihood == "gaussian":
            return likelihoods.log_gaussian(x, output, self.log_variance)
        bernoulli = self.likelihood == "bernoulli"
        return (likelihoods.log_bernoulli if bernoulli else likelihoods.log_continuous_bernoulli)(x, output)

    def _mean(self, z: torch.Tensor) -> torch.Tensor:
        # E[x | z] of codes (batch, latent_size), in the shape of the samples.
        output = self.decoder(z)
        if self.likelihood == "gaussian":
            return output
        bernoulli = self.likelihood == "bernoulli"
        return torch.sigmoid(output) if bernoulli else likelihoods.mean_of_continuous_bernoulli(output)

    def _checked(self, x: Any) -> torch.Tensor:
        # The encoder reads any values, but not every likelihood is defined for all of them.
        tensor = self._as_tensor(x)
        if self.likelihood != "gaussian":
            inputs.within_unit(tensor, f'the likelihood "{self.likelihood}"')
        return tensor

    def _as_tensor(self, x: Any) -> torch.Tensor:
        raise NotImplementedError
