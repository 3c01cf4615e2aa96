"""The numbers of one moment of a variational autoencoder: posteriors, samples and the two terms of its loss."""

from dataclasses import dataclass

import numpy as np
import torch

from udl_teach import inputs
from udl_teach.models.variational.terms import kl_to_standard_normal
from udl_teach.play.player import Player
from udl_teach.play.vae_live.holes import hole_share
from udl_teach.play.vae_live.run import MAPPED, PLANE, dataset

GROUPS, ELLIPSES = 10, 36
SAMPLED = {True: 300, False: 20}
# A dimension is active where the mean of its posterior varies by more than this over the samples (Burda et al. 2016).
ACTIVE = 0.01


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment; all terms in nats per sample."""

    index: int  # steps taken
    plane: bool  # whether the samples are points in the plane (else they are digits)
    beta: float  # weight of the KL term in the next step
    beta_end: float  # the weight after the warm-up
    warm_up: int  # steps of the warm-up
    free_bits: float  # nats per dimension that are not penalized
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
    real: np.ndarray  # samples, shape (n, 2) or (10, 8, 8)
    decoded: np.ndarray  # their reconstructions, same shape
    sampled: np.ndarray  # what the decoder makes of codes from the prior, shape (m, 2) or (m, 8, 8)
    reach: float  # half the width of the map
    highest: float  # upper end of the bars' axis, in nats

    @property
    def kl(self) -> float:
        """The KL term now."""
        return float(self.kl_each.sum())

    @property
    def collapsed(self) -> bool:
        """Whether learning has begun and no dimension says anything of its sample."""
        return self.index > 0 and not self.active.any()


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Measure the run as it now is; the model is only asked, never changed."""
    run, data = player.model, dataset(settings["data"])
    model, plane, seed = run.model, settings["data"] in PLANE, settings["seed"]
    mapped = slice(MAPPED)
    shown = slice(None) if plane else np.unique(data.labels, return_index=True)[1]
    with torch.no_grad():
        mean, log_variance = model.posterior(run.x)
        terms = model.loss(run.x, generator=inputs.generator(seed))
        decoded = model.decode(mean[shown]).numpy()
        noise = float((0.5 * model.log_variance).exp()) if model.likelihood == "gaussian" else None
    sampled = model.sample(SAMPLED[plane], seed=seed)
    if plane:
        # A sample of the model is drawn from the decoder's Gaussian, not only its middle.
        sampled = sampled + noise * np.random.default_rng(seed).standard_normal(sampled.shape)
    shape = (-1, 2) if plane else (-1, 8, 8)
    labels, on_map = data.labels[mapped], list(run.shown)
    means, deviations = mean[mapped, on_map].numpy(), (0.5 * log_variance[:ELLIPSES, on_map]).exp().numpy()
    if len(on_map) == 1:  # a single dimension is spread out, a row to every group
        means = np.append(means, 2.4 * (1 - 2 * labels[:, None] / (GROUPS - 1)), axis=1)
        deviations = np.append(deviations, np.zeros_like(deviations), axis=1)
    return Snapshot(
        index=player.index,
        plane=plane,
        beta=run.beta(player.index),
        beta_end=settings["beta"],
        warm_up=settings["warm_up"],
        free_bits=settings["free_bits"],
        noted=run.kl.curve()[0],
        reconstructions=run.reconstruction.curve()[1],
        kls=run.kl.curve()[1],
        reconstruction=float(terms["reconstruction"]),
        kl_each=kl_to_standard_normal(mean, log_variance).mean(dim=0).numpy(),
        active=(mean.var(dim=0, correction=0) > ACTIVE).numpy(),
        holes=hole_share(mean[mapped], log_variance[mapped]),
        noise=noise,
        shown=run.shown,
        means=means,
        labels=labels,
        deviations=deviations,
        real=data.x if plane else data.x[shown].reshape(shape),
        decoded=decoded.reshape(shape),
        sampled=sampled.reshape(shape),
        reach=run.reach,
        highest=run.highest,
    )
