"""Watch a variational autoencoder learn: codes that are clouds, and two terms that pull against each other."""

from collections.abc import Iterator
from typing import Annotated

from udl_teach.models.variational.likelihoods import LIKELIHOODS
from udl_teach.play import controls
from udl_teach.play.controls import RUNNING, Choice, Number, Power, Seed, Whole
from udl_teach.play.player import Player, taken
from udl_teach.play.vae_live.picture import Drawing
from udl_teach.play.vae_live.run import PLANE, VariationalRun
from udl_teach.play.vae_live.snapshot import snapshot
from udl_teach.play.vae_live.words import words
from udl_teach.play.view import Playground
from udl_teach.training import Step


def act(player: Player, settings: dict) -> None:
    """Hand a slider's new value to the run that is under way (beta, warm-up and rate are read by themselves)."""
    player.model.model.free_bits = settings["free_bits"]


def suits(name: str) -> str:
    """The likelihood that a data set begins with."""
    return "gaussian" if name in PLANE else "bernoulli"


@controls.documented
def vae_live(
    data: Annotated[str, Choice("What the model learns.", ("digits", *PLANE))] = "digits",
    seed: Annotated[int, Seed("Other initial weights and batches, same data.")] = 0,
    *,
    latent_size: Annotated[int, Whole("Dimensions of the code.", 1, 16)] = 2,
    beta: Annotated[
        float, Number("Weight of the KL term; 1 gives the bound.", maximum=10.0, step=0.1, acts=RUNNING)
    ] = 1.0,
    warm_up: Annotated[
        int, Whole("Steps in which the weight grows from 0 to beta.", 0, 2000, 50, label="warm-up", acts=RUNNING)
    ] = 300,
    free_bits: Annotated[
        float, Number("Nats per dimension that are not penalized.", maximum=2.0, step=0.05, acts=RUNNING)
    ] = 0.0,
    learning_rate: Annotated[float, Power("Of Adam.", acts=RUNNING)] = 0.005,
    likelihood: Annotated[
        str | None, Choice("Distribution of the decoder's output; points need gaussian.", LIKELIHOODS)
    ] = None,
    speed: Annotated[int, controls.speed()] = 5,
) -> Playground:
    """Train a variational autoencoder while watching its codes, its samples and the two terms of its loss.

    It learns 1,797 digits of 8 x 8 pixels, or 600 points in the plane. The map shows the two dimensions with the
    largest KL. The likelihood is by default "bernoulli" for digits and "gaussian" for points.
    """
    likelihood = suits(data) if likelihood is None else likelihood
    chosen = controls.chosen(vae_live, locals())
    last = [data]

    def start(settings: dict) -> tuple[VariationalRun, Iterator[Step]]:
        name = settings["data"]
        moved = {} if name == last[0] else {"likelihood": suits(name)}
        used = (settings | moved)["likelihood"]
        if name in PLANE and used != "gaussian":
            raise ValueError(
                f"likelihood was {used!r}, which speaks of values from 0 to 1; for points in the plane it must be "
                "'gaussian': choose that, or digits."
            )
        last[0] = name
        run = VariationalRun(settings, moved)
        return run, run.steps()

    return Playground(
        "vae_live",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=Drawing(),
        words=words,
        act=act,
        follow=taken,
        compare={"beta": 10.0},
    )
