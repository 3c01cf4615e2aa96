"""Says what is happening in a game of two players, from measured quantities alone, by thresholds that stand here."""

from typing import Any

import numpy as np

from udl_teach.play.game_flow import PHASES
from udl_teach.play.game_measure import EVERY, LAST

# Fewer steps than this tell nothing yet.
EARLY = 100
# Told apart: up to here it is chance (0.5 exactly; 300 points on each side scatter by 0.025), below the first number
# the discriminator is wrong more often than right, from the last one up it is sure.
FOOLED, CHANCE, SURE = 0.4, 0.6, 0.95
# A pull below this share of the strongest so far is a gradient that has vanished.
FAINT = 0.1
# A generator on at most half of the modes has collapsed; it has them all, nearly, from here on.
COLLAPSED, NEARLY = 0.5, 0.9
# So many of the data's radii gone in the last notes, and back again to less than this share of the way: oscillation.
RESTLESS, BACK = 4.0, 0.4
# Modes were lost where the share found is so much below the largest.
LOST = 0.2


def situation(look: Any) -> str:
    """What is happening, in a word.

    "start", "early", "wins", "collapse", "turning", "oscillation", "balanced", "lost" or "learning";
    "turning" is a collapse that oscillates: the generator sits on few modes, and not for long on the same.
    """
    if look.index == 0:
        return "start"
    if look.index < EARLY:
        return "early"
    if look.now.told_apart >= SURE and look.now.pull < FAINT * look.strongest:
        return "wins"
    restless = look.lasting == LAST and look.path > RESTLESS and look.apart < BACK * look.path
    if look.now.found <= COLLAPSED:
        return "turning" if restless else "collapse" if _settled(look) else "learning"
    if restless:
        return "oscillation"
    if look.now.found >= NEARLY and look.now.told_apart <= CHANCE:
        return "balanced"
    return "lost" if look.most - look.now.found >= LOST else "learning"


def _settled(look: Any) -> bool:
    # Few modes are a collapse once the generator's points stay, or lie on modes; before that they are on their way.
    return look.lasting >= LAST and look.best[0] <= COLLAPSED + LOST


def happening(look: Any) -> str:
    """One or two sentences on what is happening."""
    now, name = look.now, situation(look)
    pairs = f"{_percent(now.told_apart)} of the pairs"
    told = f"it scores the real point higher in {pairs}"
    referee = "the discriminator is at chance" if now.told_apart <= CHANCE else f"the discriminator sees it: {told}"
    if name == "start":
        return "Nobody has moved yet: press Step D and Step G in turn, or Play."
    if name == "early":
        return f"First steps: {found(look)} so far; in {pairs} the real point scores higher."
    if name == "wins":
        return (
            f"The discriminator wins: {told}, and its gradient is {_small(now.pull / look.strongest)} of what it was: "
            f"the generator is told next to nothing ({found(look)})."
        )
    if name == "collapse":
        return f"Mode collapse: {found(look)}, {referee}."
    went = f"in the last {EVERY * look.lasting} steps its points went {look.path:.1f} times the data's radius, and are "
    went += f"{look.apart:.1f} from where they were"
    if name == "turning":
        return f"Mode collapse that turns: {found(look)}, and not for long the same: {went}."
    if name == "oscillation":
        return f"Oscillation: the generator runs after the discriminator and back; {went} ({found(look)})."
    if name == "balanced":
        return f"Balanced: {found(look)}, and the discriminator is at chance ({pairs})."
    if name == "lost":
        return f"Losing ground: {found(look)}, after {_percent(look.most)} before; {referee}."
    return (
        f"Learning: {found(look)}; the discriminator is {_state(now.told_apart)} ({pairs}) and its gradient "
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
    return f"{_percent(look.now.covered)} of the real points covered"


def words(look: Any, kept: Any = None) -> str:
    """What the picture shows, from what was measured."""
    text = happening(look)
    if look.index:
        made = look.made
        text += f" Step {look.index:,}: the discriminator moved {_times(made['discriminator'])}, the generator "
        text += f"{_times(made['generator'])}."
    if look.phase is not None:
        text += f" Data flow: {PHASES[look.phase].says}."
    if look.now.high_quality is not None:
        text += (
            f" {_percent(look.now.high_quality)} of the generated points are within 3 standard deviations of a mode."
        )
    text += f" Map: {look.scaled}"
    text += ", beside real points of a pack." if look.packing > 1 else "."
    if look.latent_size > 2:
        text += f" The sheet is a slice: the first two of {look.latent_size} latent numbers, the others 0."
    if look.averaged:
        text += " Points and sheet are the averaged generator's; what is counted and pulled is the playing one's."
    if kept is not None:
        text += f" Kept run, step {kept.index:,}: {happening(kept)}"
    return text


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _small(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 0.01 else f"{ratio:.1g}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
