"""Watch a variational autoencoder learn: codes that are clouds, and two terms that pull against each other."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from udl_teach import inputs
from udl_teach.models import VariationalAutoencoder
from udl_teach.models.variational.likelihoods import LIKELIHOODS
from udl_teach.models.variational.terms import kl_to_standard_normal
from udl_teach.play import controls
from udl_teach.play.holes import hole_share
from udl_teach.play.player import Player
from udl_teach.play.variational_picture import ELLIPSES, GROUPS, SAMPLED, Drawing, Look
from udl_teach.play.variational_run import HIDDEN, MAPPED, PLANE, VariationalRun, dataset, suits
from udl_teach.play.view import Playground
from udl_teach.training import Step

# A dimension is active where the mean of its posterior varies by more than this over the samples (Burda et al. 2016).
ACTIVE = 0.01
# Up to this share of holes the words do not speak of them.
FEW = 0.05


def act(player: Player, settings: dict) -> None:
    """Hand a slider's new value to the run that is under way (beta, warm-up and rate are read by themselves)."""
    player.model.model.free_bits = settings["free_bits"]


def follow(player: Player) -> dict:
    """What the run has moved: the likelihood, where other data were chosen that ask for another."""
    moved, player.model.moved = player.model.moved, {}
    return moved


def look(player: Player, settings: dict) -> Look:
    """Measure the run as it now is; the model is only asked, never changed."""
    run, data = player.model, dataset(settings["data"])
    model, plane, seed = run.model, settings["data"] in PLANE, settings["seed"]
    mapped = slice(None, MAPPED)
    shown = slice(None) if plane else [int(np.flatnonzero(data.labels == label)[0]) for label in range(10)]
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
    means, deviations = on_map(mean[mapped], log_variance[:ELLIPSES], run.shown, data.labels[mapped])
    return Look(
        index=player.index,
        plane=plane,
        beta=run.beta(player.index),
        beta_end=settings["beta"],
        warm_up=settings["warm_up"],
        free_bits=settings["free_bits"],
        noted=run.noted(),
        reconstructions=np.array(run.reconstruction.loss),
        kls=np.array(run.kl.loss),
        reconstruction=float(terms["reconstruction"]),
        kl_each=kl_to_standard_normal(mean, log_variance).mean(dim=0).numpy(),
        active=(mean.var(dim=0, correction=0) > ACTIVE).numpy(),
        holes=hole_share(mean[mapped], log_variance[mapped]),
        noise=noise,
        shown=run.shown,
        means=means,
        labels=data.labels[mapped],
        deviations=deviations,
        real=data.x if plane else data.x[shown].reshape(shape),
        decoded=decoded.reshape(shape),
        sampled=sampled.reshape(shape),
        reach=run.reach,
        highest=run.highest,
    )


def on_map(
    mean: torch.Tensor, log_variance: torch.Tensor, shown: tuple[int, ...], labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Places and standard deviations on the map; a single dimension is spread out, a row to every group."""
    means = mean[:, list(shown)].numpy()
    deviations = (0.5 * log_variance[:, list(shown)]).exp().numpy()
    if len(shown) == 1:
        means = np.append(means, 2.4 * (1 - 2 * labels[:, None] / (GROUPS - 1)), axis=1)
        deviations = np.append(deviations, np.zeros_like(deviations), axis=1)
    return means, deviations


def words(look: Look, kept: Look | None = None) -> str:
    """What the picture shows, from what was measured."""
    thing = "point" if look.plane else "digit"
    start = "Before the first step" if look.index == 0 else f"Step {look.index:,}"
    text = f"{start}: reconstruction {_sum(look)} nats a {thing}. {_weight(look)}"
    text += f" Active dimensions (the posterior's mean varies by more than {ACTIVE}): {_active(look)}."
    if look.collapsed:
        text += f" {_collapse(look)}"
    elif look.index:
        if look.holes > FEW:
            text += (
                f" Holes: at {100 * look.holes:.0f} % of the codes drawn from the prior the data's codes are less than "
                "a tenth as dense as the prior, and samples from there are the decoder's own."
            )
        else:
            text += f" The data's codes cover the prior: holes at {100 * look.holes:.0f} % of its draws."
    if look.noise is not None:
        text += f" The decoder's noise has a standard deviation of {look.noise:.3f}."
    if len(look.kl_each) > 2:
        first, second = (number + 1 for number in look.shown)
        text += f" The map shows dimensions {first} and {second}, those with the largest KL."
    if kept is not None:
        text += f" The kept run was at {_sum(kept)} with {_active(kept)} active after {kept.index:,} steps."
    return text


def _collapse(look: Look) -> str:
    text = (
        f"Posterior collapse: 0 of {len(look.active)} dimensions are active, the KL term is {look.kl:.2f} nats; "
        "whatever goes in, the code is the prior's and the decoder answers the same."
    )
    if look.beta > 1:
        text += f" At beta {look.beta:.3g} a nat of code must save {look.beta:.3g} nats of reconstruction."
    return text + " Try a smaller beta, free bits, or Reset with a longer warm-up."


def _sum(look: Look) -> str:
    return f"{look.reconstruction:.2f} + KL {look.kl:.2f} = {look.reconstruction + look.kl:.2f}"


def _weight(look: Look) -> str:
    text = f"The KL term weighs {look.beta:.3g}"
    if look.beta < look.beta_end:
        text += f" (warming up to {look.beta_end:.3g} until step {look.warm_up:,})"
    if look.free_bits:
        text += f", the first {look.free_bits:.2f} nats of each dimension are free"
    return f"{text}."


def _active(look: Look) -> str:
    return f"{int(look.active.sum())} of {len(look.active)}"


def vae_live(
    data: str = "digits",
    seed: int = 0,
    *,
    latent_size: int = 2,
    beta: float = 1.0,
    warm_up: int = 300,
    free_bits: float = 0.0,
    likelihood: str | None = None,
    learning_rate: float = 0.005,
    speed: int = 5,
) -> Playground:
    """Train a variational autoencoder while watching its codes, its samples and the two terms of its loss.

    Args:
        data: "digits" (1,797 images of 8 x 8 pixels), or "moons", "ring" or "grid" (600 points in the plane).
        seed: of the first weights, the batches and all that is drawn; the data stay the same.
        latent_size: numbers a code, 1 to 16; of more than two the map shows those with the largest KL.
        beta: weight of the KL term, 0 to 10; may be moved while it runs.
        warm_up: steps in which the weight grows from 0 to beta, 0 to 2000; may be moved while it runs.
        free_bits: nats that every dimension may cost without being charged, 0 to 2; may be moved while it runs.
        likelihood: "bernoulli", "gaussian" or "continuous-bernoulli" for digits, "gaussian" for points; default
            "bernoulli" for digits.
        learning_rate: of Adam, 0.0001 to 0.1; may be moved while it runs.
        speed: steps between two pictures, 1 to 50.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be.
    """
    last = [data]

    def begin(settings: dict) -> tuple[VariationalRun, Iterator[Step]]:
        name, moved = settings["data"], {}
        if name != last[0] and settings["likelihood"] != suits(name):
            moved = {"likelihood": suits(name)}
        chosen = moved.get("likelihood", settings["likelihood"])
        if name in PLANE and chosen != "gaussian":
            raise ValueError(
                f"likelihood was {chosen!r}, which speaks of values from 0 to 1; for points in the plane it must be "
                "'gaussian': choose that, or digits."
            )
        x = dataset(name).x
        model = VariationalAutoencoder(
            x.shape[1],
            settings["latent_size"],
            HIDDEN,
            likelihood=chosen,
            free_bits=settings["free_bits"],
            seed=settings["seed"],
        )
        run = VariationalRun(model, x, settings)
        last[0], run.moved = name, moved
        return run, run.steps()

    return Playground(
        "vae_live",
        controls=_controls(
            data=data,
            seed=seed,
            latent_size=latent_size,
            beta=beta,
            warm_up=warm_up,
            free_bits=free_bits,
            likelihood=suits(data) if likelihood is None else likelihood,
            learning_rate=learning_rate,
            speed=speed,
        ),
        start=begin,
        look=look,
        drawing=Drawing(),
        words=words,
        act=act,
        follow=follow,
    )


def _controls(**values: Any) -> tuple[controls.Control, ...]:
    """Everything that can be set, with its first values."""
    running = controls.RUNNING
    return (
        controls.Choice("data", "data", values["data"], "What is learned.", known=("digits", *PLANE)),
        controls.Whole("latent_size", "dimensions", values["latent_size"], "Numbers a code has.", maximum=16),
        controls.Number(
            "beta", "beta", values["beta"], "What a nat of KL weighs; 1 is the bound.", running, maximum=10.0, step=0.1
        ),
        controls.Whole(
            "warm_up",
            "warm-up",
            values["warm_up"],
            "Steps in which the weight grows from 0 to beta.",
            running,
            minimum=0,
            maximum=2000,
            step=50,
        ),
        controls.Number(
            "free_bits",
            "free bits",
            values["free_bits"],
            "Nats that each dimension may cost free of charge.",
            running,
            maximum=2.0,
            step=0.05,
        ),
        controls.Power(
            "learning_rate", "learning rate", values["learning_rate"], "How far each step goes (Adam's).", running
        ),
        controls.Choice(
            "likelihood",
            "likelihood",
            values["likelihood"],
            "How the decoder's answer is judged; points need gaussian.",
            known=LIKELIHOODS,
        ),
        controls.speed(values["speed"]),
        controls.seed(values["seed"], "Other first weights and batches, same data."),
    )
