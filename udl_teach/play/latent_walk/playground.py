"""Walk through the code of a model of glyphs: what does each of its numbers stand for?"""

from collections.abc import Iterator
from typing import Any

from udl_teach.play import controls
from udl_teach.play.latent_walk.picture import MOST, Drawing
from udl_teach.play.latent_walk.run import FAR, HELD_OUT, WalkRun, glyph_sets
from udl_teach.play.latent_walk.snapshot import snapshot
from udl_teach.play.latent_walk.words import words
from udl_teach.play.player import Player
from udl_teach.play.view import Playground, Touch
from udl_teach.training import Step

LETTERS = ("E", "R", "5", "EX", "ABC")
IMAGES = 40
RECIPE = ("characters", "latent_size", "beta", "seed")


def act(player: Player, settings: dict) -> None:
    """The sliders choose the image and move the point."""
    player.model.take()


def follow(player: Player) -> dict:
    """Where the walk has come to, and what else the run has moved."""
    moved, player.model.moved = player.model.moved, {}
    return moved


def latent_walk(
    characters: str = "E",
    seed: int = 0,
    *,
    latent_size: int = 6,
    beta: float = 4.0,
    trained: bool = True,
    play: str | None = None,
    image: int = 1,
    across: int = 1,
    up: int = 2,
    first: float = 0.0,
    second: float = 0.0,
    speed: int = 3,
) -> Playground:
    """Move through the code of glyphs whose true factors are known: slant, size, stroke, x, y and character.

    Args:
        characters: what is drawn: "E", "R", "5", "EX", "ABC" or a text of your own of up to 5 characters.
        seed: of the initial weights and of all that is drawn while learning; the glyphs stay the same.
        latent_size: size of the code, 2 to 8.
        beta: weight of the KL term, 0 to 20. A larger one disentangles the factors, until the code collapses.
        trained: whether the model learns 1,000 steps before the first picture (some seconds); else Play shows it.
        play: what Play does: "walk" along the first dimension, or "learn"; default "walk" where it is trained.
        image: number of the held-out glyph from which the walk starts, 1 to 40.
        across: dimension that goes across the grid and along which Play walks; 1 is the one with the largest KL.
        up: dimension that goes up the grid.
        first: value of the code in the dimension across, -2.5 to 2.5.
        second: value of the code in the dimension up, -2.5 to 2.5.
        speed: steps between two pictures, 1 to 25; a step of the walk is 0.05 long.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be.
    """
    glyphs_of(characters)
    if play is None:
        play = "walk" if trained is True else "learn"
    chosen = _controls(
        characters=characters,
        seed=seed,
        latent_size=latent_size,
        beta=beta,
        trained=trained,
        play=play,
        image=image,
        across=across,
        up=up,
        first=first,
        second=second,
        speed=speed,
    )
    values = {control.name: control.value for control in chosen}
    for name in ("across", "up"):
        if values[name] > values["latent_size"]:
            raise ValueError(
                f"{name} was {values[name]}; the code has {values['latent_size']} dimensions: choose one of them."
            )
    if values["across"] == values["up"]:
        raise ValueError(f"up was {values['up']}, and across too; they must be two dimensions.")
    origin = {"first": values["first"], "second": values["second"]}
    drawing = Drawing()
    last: list[dict] = []

    def start(settings: dict) -> tuple[WalkRun, Iterator[Step]]:
        moved = {}
        if last:
            moved |= origin
            if any(settings[name] != last[0][name] for name in RECIPE):
                # Every stop of a slider would take seconds of learning, so another recipe begins untrained.
                moved |= {"trained": False, "play": "learn"}
            elif settings["trained"] != last[0]["trained"]:
                moved |= {"play": "walk" if settings["trained"] else "learn"}
        run = WalkRun(settings | moved)
        run.settings, run.moved = settings, moved
        run.take()
        last[:] = [{name: (settings | moved)[name] for name in (*RECIPE, "trained")}]
        return run, run.steps()

    def touch(player: Player, settings: dict, touched: Touch) -> dict:
        """The point goes to a place of the grid, or along a row; a click on another row chooses its dimension."""
        if touched.axes is drawing.grid.axes:
            first, second = drawing.grid.values_at(touched.x, touched.y)
            return {"first": first, "second": second}
        if touched.axes is not drawing.now.axes or (place := drawing.now.place_at(touched.x, touched.y)) is None:
            return {}
        row, value = place
        if row == settings["up"] - 1:
            return {"second": value}
        chosen = row == settings["across"] - 1 or touched.kind == "down"
        return {"across": row + 1, "first": value} if chosen else {}

    return Playground(
        "latent_walk",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        act=act,
        follow=follow,
        touch=touch,
    )


def glyphs_of(characters: Any) -> None:
    """Draw the glyphs, so that what cannot be drawn is said before anything else."""
    if isinstance(characters, str) and len(characters) > 5:
        raise ValueError(
            f"characters was {characters!r}; it must have at most 5 characters: with more no factor stays readable."
        )
    glyph_sets(characters)


def _controls(**values: Any) -> tuple[controls.Control, ...]:
    """Everything that can be set, with its first values."""
    at_once = controls.AT_ONCE
    known = LETTERS if values["characters"] in LETTERS else (*LETTERS, values["characters"])
    row = "Play walks along it. Click a row of images to choose it."
    says = "Value of the code in it; or click or drag in the grid."
    reach = {"minimum": -FAR, "maximum": FAR, "step": 0.01}
    return (
        controls.Whole("across", "dimension across", values["across"], row, at_once, maximum=MOST),
        controls.Number("first", "value across", values["first"], says, at_once, **reach),
        controls.Whole(
            "image",
            "start image",
            values["image"],
            "Its code gives all other dimensions.",
            at_once,
            maximum=min(IMAGES, HELD_OUT),
        ),
        controls.Whole("up", "dimension up", values["up"], "Vertical in the grid.", at_once, maximum=MOST),
        controls.Number("second", "value up", values["second"], says, at_once, **reach),
        controls.Choice(
            "play", "Play", values["play"], "Walk along the dimension, or train.", at_once, known=("walk", "learn")
        ),
        controls.Number(
            "beta",
            "beta",
            values["beta"],
            "Weight of the KL term: more disentangles the factors, too much collapses the code.",
            maximum=20.0,
            step=0.5,
        ),
        controls.Whole(
            "latent_size", "latent size", values["latent_size"], "Dimensions of the code.", minimum=2, maximum=MOST
        ),
        controls.Choice("characters", "characters", values["characters"], "What is drawn.", known=known),
        controls.Switch(
            "trained",
            "trained first",
            values["trained"],
            "Trains 1,000 steps at once (some seconds); off, Play shows the training.",
        ),
        controls.speed(values["speed"], 25, "Steps between two pictures."),
        controls.seed(values["seed"], "Other initial weights, same glyphs."),
    )
