"""Walk through the code of a model of glyphs: what does each of its numbers stand for?"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from udl_teach.play import controls
from udl_teach.play.controls import AT_ONCE, Choice, Number, Seed, Switch, Whole
from udl_teach.play.latent_walk.picture import MOST, Drawing
from udl_teach.play.latent_walk.run import FAR, RECIPE, WalkRun, glyph_sets
from udl_teach.play.latent_walk.snapshot import snapshot
from udl_teach.play.latent_walk.words import words
from udl_teach.play.player import Player, taken
from udl_teach.play.view import Playground, Touch
from udl_teach.training import Step

LETTERS = ("E", "R", "5", "EX", "ABC")
VALUE = Number("Value of the code in it; or click or drag in the grid.", -FAR, FAR, 0.01, acts=AT_ONCE)


@controls.documented
def latent_walk(
    characters: Annotated[str, Choice("What is drawn; in code, any text of up to 5 characters.", LETTERS)] = "E",
    seed: Annotated[int, Seed("Other initial weights, same glyphs.")] = 0,
    *,
    across: Annotated[
        int, Whole("Play walks along it; or click a row of images.", 1, MOST, label="dimension across", acts=AT_ONCE)
    ] = 1,
    first: Annotated[float, replace(VALUE, label="value across")] = 0.0,
    image: Annotated[int, Whole("Its code gives all other dimensions.", 1, 40, label="start image", acts=AT_ONCE)] = 1,
    up: Annotated[int, Whole("Vertical in the grid.", 1, MOST, label="dimension up", acts=AT_ONCE)] = 2,
    second: Annotated[float, replace(VALUE, label="value up")] = 0.0,
    play: Annotated[
        str | None, Choice("Walk along the dimension, or train.", ("walk", "learn"), label="Play", acts=AT_ONCE)
    ] = None,
    beta: Annotated[
        float, Number("Weight of the KL term: more disentangles the factors, too much collapses the code.", 0, 20, 0.5)
    ] = 4.0,
    latent_size: Annotated[int, Whole("Dimensions of the code.", 2, MOST)] = 6,
    trained: Annotated[
        bool, Switch("1,000 steps at once (some seconds); off, Play shows the training.", label="trained first")
    ] = True,
    speed: Annotated[int, controls.speed(25, "Steps between two pictures.")] = 3,
) -> Playground:
    """Move through the code of glyphs whose true factors are known: slant, size, stroke, x, y and character.

    Dimension 1 is the one with the largest KL. Play walks by default where the model is trained first, in steps of
    0.05.
    """
    if isinstance(characters, str) and len(characters) > 5:
        raise ValueError(
            f"characters was {characters!r}; it must have at most 5 characters: with more no factor stays readable."
        )
    glyph_sets(characters)  # what cannot be drawn is said before anything else
    known = LETTERS if characters in LETTERS else (*LETTERS, characters)
    play = play or ("walk" if trained is True else "learn")
    chosen = controls.chosen(latent_walk, locals(), characters={"known": known})
    for name, dimension in (("across", across), ("up", up)):
        if dimension > latent_size:
            raise ValueError(f"{name} was {dimension}; the code has {latent_size} dimensions: choose one of them.")
    if across == up:
        raise ValueError(f"up was {up}, and across too; they must be two dimensions.")
    origin = {"first": first, "second": second}
    drawing = Drawing()
    last: dict = {}

    def start(settings: dict) -> tuple[WalkRun, Iterator[Step]]:
        moved = dict(origin) if last else {}
        changed = {name for name in last if settings[name] != last[name]}
        if changed - {"trained"}:
            # Every stop of a slider would take seconds of learning, so another recipe begins untrained.
            moved |= {"trained": False, "play": "learn"}
        elif changed:
            moved |= {"play": "walk" if settings["trained"] else "learn"}
        run = WalkRun(settings, moved)
        last.update({name: (settings | moved)[name] for name in (*RECIPE, "trained")})
        return run, run.steps()

    def touch(player: Player, settings: dict, touched: Touch) -> dict:
        """The point goes to a place of the grid, or along a row; a click on another row chooses its dimension."""
        if touched.axes is drawing.grid.axes:
            return dict(zip(("first", "second"), drawing.grid.values_at(touched.x, touched.y), strict=True))
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
        act=lambda player, settings: player.model.take(),
        follow=taken,
        compare={"beta": 1.0},
        touch=touch,
    )
