"""Watch a variational autoencoder learn: codes that are clouds, and two terms that pull against each other."""

from collections.abc import Iterator
from typing import Any

from udl_teach.models import VariationalAutoencoder
from udl_teach.models.variational.likelihoods import LIKELIHOODS
from udl_teach.play import controls
from udl_teach.play.player import Player
from udl_teach.play.vae_live.picture import Drawing
from udl_teach.play.vae_live.run import HIDDEN, PLANE, VariationalRun, dataset, suits
from udl_teach.play.vae_live.snapshot import snapshot
from udl_teach.play.vae_live.words import words
from udl_teach.play.view import Playground
from udl_teach.training import Step


def act(player: Player, settings: dict) -> None:
    """Hand a slider's new value to the run that is under way (beta, warm-up and rate are read by themselves)."""
    player.model.model.free_bits = settings["free_bits"]


def follow(player: Player) -> dict:
    """What the run has moved: the likelihood, where other data were chosen that ask for another."""
    moved, player.model.moved = player.model.moved, {}
    return moved


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
        seed: of the initial weights, the batches and all that is drawn; the data stay the same.
        latent_size: size of the code, 1 to 16; of more than two the map shows those with the largest KL.
        beta: weight of the KL term, 0 to 10; may be moved while it runs.
        warm_up: steps in which the weight grows from 0 to beta, 0 to 2000; may be moved while it runs.
        free_bits: nats per dimension that are not penalized, 0 to 2; may be moved while it runs.
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

    def start(settings: dict) -> tuple[VariationalRun, Iterator[Step]]:
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
            initial_variance=1.0,  # so large that collapse, and what prevents it, can be watched
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
        start=start,
        snapshot=snapshot,
        drawing=Drawing(),
        words=words,
        act=act,
        follow=follow,
    )


def _controls(**values: Any) -> tuple[controls.Control, ...]:
    """Everything that can be set, with its first values."""
    running = controls.RUNNING
    return (
        controls.Choice("data", "data", values["data"], "What the model learns.", known=("digits", *PLANE)),
        controls.Whole("latent_size", "latent size", values["latent_size"], "Dimensions of the code.", maximum=16),
        controls.Number(
            "beta", "beta", values["beta"], "Weight of the KL term; 1 gives the bound.", running, maximum=10.0, step=0.1
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
            "Nats per dimension that are not penalized.",
            running,
            maximum=2.0,
            step=0.05,
        ),
        controls.Power("learning_rate", "learning rate", values["learning_rate"], "Of Adam.", running),
        controls.Choice(
            "likelihood",
            "likelihood",
            values["likelihood"],
            "Distribution of the decoder's output; points need gaussian.",
            known=LIKELIHOODS,
        ),
        controls.speed(values["speed"]),
        controls.seed(values["seed"], "Other initial weights and batches, same data."),
    )
