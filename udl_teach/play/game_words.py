"""Says what is happening in a game of two players, from measured quantities alone, by thresholds that stand here."""

from typing import Any

import numpy as np

from udl_teach.play.game_flow import PHASES
from udl_teach.play.game_measure import EVERY, LAST, percent

# Fewer steps than this tell nothing yet.
EARLY = 100
# Told apart: up to here it is chance (0.5 exactly; 300 points on each side scatter by 0.025), below the first number
# the discriminator is wrong more often than right, from the last one up it is sure.
FOOLED, CHANCE, SURE = 0.4, 0.6, 0.95
# A pull below this share of the strongest so far is a gradient that has vanished.
FAINT = 0.05
# A generator has collapsed on so small a share of the modes (else: of the real points), if its points lie on modes
# (so many of them of high quality) or together (spread below so many of the data's radii): others are on their way.
COLLAPSED, COLLAPSED_OF_POINTS, ON_MODES, TOGETHER = 0.5, 0.2, 0.3, 0.5
# It has them all, nearly, from here on; and enough of its points on them. Of real points fewer are covered even by a
# perfect generator, whose own points scatter.
NEARLY, NEARLY_OF_POINTS, ENOUGH = 0.9, 0.7, 0.4
# So many of the data's radii gone in the last notes, and back again to less than this share of the way: oscillation.
RESTLESS, BACK = 4.0, 0.4
# Ground was lost where the share found is so much below the largest.
LOST = 0.2


def situation(look: Any) -> str:
    """What is happening, in a word.

    "start", "early", "wins", "collapse", "turning", "oscillation", "balanced", "lost" or "learning"; "turning" is a
    collapse that oscillates: the generator sits together, and not for long in one place.
    """
    now, has_modes = look.now, look.now.modes is not None
    if look.index == 0:
        return "start"
    if look.index < EARLY:
        return "early"
    if now.told_apart >= SURE and now.pull < FAINT * look.strongest:
        return "wins"
    restless = look.lasting == LAST and look.path > RESTLESS and look.apart < BACK * look.path
    if look.lasting == LAST and now.found <= (COLLAPSED if has_modes else COLLAPSED_OF_POINTS):
        if now.spread < TOGETHER and restless:
            return "turning"
        if not restless and (now.spread < TOGETHER or (has_modes and now.high_quality >= ON_MODES)):
            return "collapse"
    if restless:
        return "oscillation"
    if now.found >= (NEARLY if has_modes else NEARLY_OF_POINTS) and now.told_apart <= CHANCE:
        if not has_modes or now.high_quality >= ENOUGH:
            return "balanced"
    return "lost" if look.most - now.found >= LOST else "learning"


def happening(look: Any) -> str:
    """One or two sentences on what is happening."""
    now, name = look.now, situation(look)
    pairs = f"the real point scores higher in {percent(now.told_apart)} of the pairs"
    state = _state(now.told_apart)
    referee = f"the discriminator {'sees it' if now.told_apart > CHANCE else 'is ' + state}: {pairs}"
    if name == "start":
        return "Nobody has moved yet: press Step D and Step G in turn, or Play."
    if name == "early":
        return f"First steps: {found(look)} so far; {pairs}."
    if name == "wins":
        return (
            f"The discriminator wins: {pairs}, and its gradient is {_small(now.pull / look.strongest)} of what it was "
            f"(the median pull): the generator is told next to nothing ({found(look)})."
        )
    if name == "collapse":
        return f"Mode collapse: {found(look)}, {referee}."
    went = f"in the last {EVERY * look.lasting} steps its points went {look.path:.1f} times the data's radius, and are "
    went += f"{look.apart:.1f} radii from where they were"
    if name == "turning":
        return f"Mode collapse that turns: {found(look)}, all points together and never long in one place: {went}."
    if name == "oscillation":
        return f"Oscillation: the generator runs after the discriminator and back; {went} ({found(look)})."
    if name == "balanced":
        return f"Balanced: {found(look)}, and the discriminator is at chance ({pairs})."
    if name == "lost":
        return f"Losing ground: {found(look)}, after {percent(look.most)} before; {referee}."
    return (
        f"Learning: {found(look)}; the discriminator is {state} ({pairs}), and its gradient is "
        f"{_small(now.pull / max(look.strongest, 1e-12))} of the strongest."
    )


def _state(told_apart: float) -> str:
    bounds = ((FOOLED, "fooled"), (CHANCE, "at chance"), (SURE, "ahead"), (np.inf, "sure"))
    return next(name for bound, name in bounds if told_apart <= bound)


def found(look: Any) -> str:
    """How much of the data the generator makes, in words."""
    if look.now.modes is not None:
        count = len(look.now.filled)
        return f"{look.now.modes} of {count} mode{'' if count == 1 else 's'}"
    return f"{percent(look.now.covered)} of the real points covered"


def words(look: Any, kept: Any = None) -> str:
    """What the picture shows, from what was measured."""
    text = happening(look)
    if look.index:
        made = look.made["discriminator"]
        text += f" Step {look.index:,}: {made:,} move{'' if made == 1 else 's'} of the discriminator, "
        text += f"{look.made['generator']:,} of the generator."
    if look.phase is not None:
        text += f" Data flow: {PHASES[look.phase].says}."
    if look.now.high_quality is not None:
        text += f" {percent(look.now.high_quality)} of the generated points are within 3 standard deviations of a mode."
    text += f" Map: {look.scaled}"
    text += ", beside real points of a pack." if look.packing > 1 else "."
    if look.latent_size > 2:
        text += f" The sheet is a slice: the first two of {look.latent_size} latent numbers, the others 0."
    if look.averaged:
        text += " Points and sheet are the averaged generator's; what is counted and pulled is the playing one's."
    if kept is not None:
        text += f" Kept run, step {kept.index:,}: {happening(kept)}"
    return text


def _small(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 0.01 else f"{ratio:.1g}"
