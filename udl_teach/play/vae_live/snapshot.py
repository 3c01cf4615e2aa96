"""The numbers of one moment of a variational autoencoder: posteriors, samples, the two terms of its loss, and holes.

A hole is where the prior puts codes and the data do not. Source: Makhzani et al. 2015, "Adversarial autoencoders", for
the data's codes taken together ("aggregated posterior").
"""

import math
from dataclasses import dataclass

import numpy as np
import torch

from udl_teach import inputs
from udl_teach.models.variational.terms import kl_to_standard_normal
from udl_teach.play.player import Player
from udl_teach.play.vae_live.run import MAPPED, PLANE, dataset

GROUPS, ELLIPSES = 10, 36
# Codes that are drawn from the prior to look for holes; a hole is where those of the data are so many times as rare.
DRAWS, RARE = 300, 10.0
# A dimension is active where the mean of its posterior varies by more than this over the samples (Burda et al. 2016).
ACTIVE = 0.01


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment; all terms in nats per sample."""

    index: int  # steps taken
    plane: bool  # whether the samples are points in the plane (else they are digits)
    beta: float  # weight of the KL term in the next step
    settings: dict  # a copy of them
    noted: np.ndarray  # steps at which the terms were noted, shape (k,)
    reconstructions: np.ndarray  # the first term there, of batches, shape (k,)
    kls: np.ndarray  # the second term there, shape (k,)
    reconstruction: float  # the first term now, of all samples, with one code drawn for each
    kl_each: np.ndarray  # KL of every dimension now, averaged over all samples, shape (latent_size,)
    active: np.ndarray  # whether the mean of the posterior varies by more than 0.01, shape (latent_size,)
    holes: float  # share of the prior's codes that lie where the data have (nearly) none
    noise: float | None  # standard deviation of a Gaussian decoder, else None
    shown: tuple[int, ...]  # the dimensions on the map, counted from 0; one or two
    means: np.ndarray  # means of the posteriors on the map, shape (n, 2)
    labels: np.ndarray  # group of each, shape (n,)
    deviations: np.ndarray  # standard deviations of the first ELLIPSES of them, shape (ELLIPSES, 2)
    real: np.ndarray  # samples, shape (n, n_features)
    decoded: np.ndarray  # their reconstructions, shape (n, 2); or five real digits, the same decoded, and five more
    sampled: np.ndarray  # what the decoder makes of codes from the prior, shape (m, 2) or (m, 8, 8)
    reach: float  # half the width of the map
    highest: float  # upper end of the bars' axis, in nats

    @property
    def kl(self) -> float:
        """The KL term now."""
        return float(self.kl_each.sum())


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Measure the run as it now is; the model is only asked, never changed."""
    run, data = player.model, dataset(settings["data"])
    model, plane, seed = run.model, settings["data"] in PLANE, settings["seed"]
    shown = slice(None) if plane else np.unique(data.labels, return_index=True)[1]
    with torch.no_grad():
        mean, log_variance = model.posterior(run.x)
        terms = model.loss(run.x, generator=inputs.generator(seed))
        decoded = model.decode(mean[shown]).numpy()
        noise = float((0.5 * model.log_variance).exp()) if model.likelihood == "gaussian" else None
    sampled = model.sample(300 if plane else 20, seed=seed)
    if plane:
        # A sample of the model is drawn from the decoder's Gaussian, not only its middle.
        sampled = sampled + noise * np.random.default_rng(seed).standard_normal(sampled.shape)
    labels, on_map = data.labels[:MAPPED], list(run.shown)
    means, deviations = mean[:MAPPED, on_map].numpy(), (0.5 * log_variance[:ELLIPSES, on_map]).exp().numpy()
    if len(on_map) == 1:  # a single dimension is spread out, a row to every group
        means = np.append(means, 2.4 * (1 - 2 * labels[:, None] / (GROUPS - 1)), axis=1)
        deviations = np.append(deviations, np.zeros_like(deviations), axis=1)
    if not plane:  # rows of real digits, and under each what is decoded of them
        rows = np.split(np.concatenate([data.x[shown], decoded]).reshape(-1, 8, 8), 4)
        decoded, sampled = np.concatenate([rows[k] for k in (0, 2, 1, 3)]), sampled.reshape(-1, 8, 8)
    return Snapshot(
        index=player.index,
        plane=plane,
        beta=run.beta(player.index),
        settings=dict(settings),
        noted=run.terms["kl"].curve()[0],
        reconstructions=run.terms["reconstruction"].curve()[1],
        kls=run.terms["kl"].curve()[1],
        reconstruction=float(terms["reconstruction"]),
        kl_each=kl_to_standard_normal(mean, log_variance).mean(dim=0).numpy(),
        active=(mean.var(dim=0, correction=0) > ACTIVE).numpy(),
        holes=hole_share(mean[:MAPPED], log_variance[:MAPPED]),
        noise=noise,
        shown=run.shown,
        means=means,
        labels=labels,
        deviations=deviations,
        real=data.x,
        decoded=decoded,
        sampled=sampled,
        reach=run.reach,
        highest=run.highest,
    )


def hole_share(mean: torch.Tensor, log_variance: torch.Tensor, seed: int = 0) -> float:
    """Share of codes drawn from the prior at which the data's codes are less than a tenth as dense as the prior.

        q(z) = 1/n sum_i q(z | x_i)      a hole where q(z) < p(z) / RARE

    Args:
        mean: of the posteriors of all samples, shape (n, latent_size).
        log_variance: of the same, same shape.
        seed: of the DRAWS codes.

    Returns:
        Share from 0 to 1.
    """
    mean, log_variance = mean.double(), log_variance.double()
    generator = torch.Generator().manual_seed(seed)
    z = torch.randn(DRAWS, mean.shape[1], generator=generator, dtype=torch.float64)
    # log(2 pi) stands in both densities and is left out of both.
    precision = (-log_variance).exp()
    squares = z**2 @ precision.T - 2 * z @ (mean * precision).T + (mean**2 * precision + log_variance).sum(dim=1)
    log_q = torch.logsumexp(-0.5 * squares, dim=1) - math.log(len(mean))
    log_p = -0.5 * (z**2).sum(dim=1)
    return float((log_q < log_p - math.log(RARE)).double().mean())
