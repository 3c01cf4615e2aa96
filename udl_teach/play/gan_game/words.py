"""Says what is happening in a game of two players, from measured quantities alone, by thresholds that stand here."""

import numpy as np

from udl_teach.play.gan_game.flow import PHASES
from udl_teach.play.gan_game.measure import EVERY, LAST, Course, hardly_better, percent
from udl_teach.play.gan_game.snapshot import Snapshot

# Fewer steps than this tell nothing yet, and fewer moves of the generator; so many leave it where it began.
EARLY, FEW_MOVES, FIRST_MOVES = 100, 10, 100
# A player that has moved so often while the other stood still moves alone.
ALONE = 50
# AUC: up to here it is chance (0.5 exactly; 300 points on each side scatter by 0.025), below the first number
# the discriminator is wrong more often than right, up to the third it is hardly right more often, from the last one up
# it is sure.
FOOLED, CHANCE, HARDLY, SURE = 0.4, 0.6, 0.7, 0.95
# A median sample gradient below this share of the largest so far has vanished.
FAINT = 0.05
# A generator has collapsed on so small a share of the modes (else: of the real points), if its points lie on modes
# (so many of them of high quality) or together (spread below so many of the data's radii): others are on their way.
COLLAPSED, COLLAPSED_OF_POINTS, ON_MODES, TOGETHER = 0.5, 0.2, 0.3, 0.5
# It has them all, nearly, from here on; and enough of its points on them. Of real points fewer are covered even by a
# perfect generator, whose own points scatter.
NEARLY, NEARLY_OF_POINTS, ENOUGH = 0.9, 0.7, 0.4
# So many of the data's radii gone in LAST notes, and back again to less than this share of the way: to and fro. Every
# game begins like that; oscillation is what lasts as long again, does not die down (so much of the way before is still
# gone) and gains nothing (so little quality).
RESTLESS, BACK, STILL, GAINED = 4.0, 0.4, 0.9, 0.05
# Less quality gained than this, from LAST notes to the next ones, is no progress.
PROGRESS = 0.01
# Ground was lost where the share found is so much below the largest, now and in the last few notes.
LOST = 0.2


def situation(snapshot: Snapshot) -> str:
    """What is happening, in a word.

    "start", "early", "wins", "alone" (one player moves, the other stands), "collapse", "turning", "oscillation",
    "swinging", "scattered", "beside", "balanced", "lost", "stalled" or "learning". "turning" is a collapse that
    oscillates: the generator sits together, and not for long in one place. "swinging" are points that go to and fro as
    they do on their way. "scattered" points hit modes by chance alone, those "beside" the data hit few of them.
    """
    now, course, has_modes = snapshot.note, snapshot.course, snapshot.note.modes is not None
    if snapshot.index == 0:
        return "start"
    if snapshot.index < EARLY:
        return "early"
    if now.auc >= SURE and now.gradient_norm < FAINT * snapshot.largest_norm:
        return "wins"
    if snapshot.alone["discriminator"] >= ALONE:
        return "alone"
    if snapshot.made["generator"] < FEW_MOVES:
        return "early"
    restless = _restless(course)
    few = now.found <= (COLLAPSED if has_modes else COLLAPSED_OF_POINTS)
    if few and course.lasting == LAST and snapshot.made["generator"] >= FIRST_MOVES:
        if restless and course.spread < TOGETHER:
            return "turning"
        if not restless and (now.spread < TOGETHER or (has_modes and now.high_quality >= ON_MODES)):
            return "collapse"
    if restless:
        return "oscillation" if _lasts(course) else "swinging"
    if hardly_better(course.quality, snapshot.chance) and hardly_better(now.quality, snapshot.chance):
        return "scattered" if has_modes and now.found > COLLAPSED else "beside"
    if snapshot.alone["generator"] >= ALONE:
        return "alone"
    stalled = course.gained_before is not None and course.gained < course.gained_before + PROGRESS
    enough = now.found >= (NEARLY if has_modes else NEARLY_OF_POINTS) and (not has_modes or now.quality >= ENOUGH)
    if enough and now.auc <= (HARDLY if stalled else CHANCE):
        return "balanced"
    if snapshot.most - max(now.found, course.found) >= LOST:
        return "lost"
    return "stalled" if stalled else "learning"


def _restless(course: Course) -> bool:
    return course.path > RESTLESS * course.lasting / LAST and course.apart < BACK * course.path


def _lasts(course: Course) -> bool:
    if course.path_before is None or course.path_before <= RESTLESS:
        return False
    return course.path >= STILL * course.path_before and course.gained <= course.gained_before + GAINED


def happening(snapshot: Snapshot) -> str:
    """One or two sentences on what is happening."""
    text, alone = _happening(snapshot), snapshot.alone["generator"]
    if alone >= ALONE and situation(snapshot) != "alone":
        text += f" The generator has moved {alone:,} times against a discriminator that stands still."
    return text


def _happening(snapshot: Snapshot) -> str:
    now, course, name = snapshot.note, snapshot.course, situation(snapshot)
    auc = f"AUC {now.auc:.2f}"
    state = _state(now.auc)
    referee = f"the discriminator {'sees it' if now.auc > CHANCE else 'is ' + state}: {auc}"
    left = _small(now.gradient_norm / max(snapshot.largest_norm, 1e-12))
    gradient = f"its gradient is {left} of the largest so far"
    if now.gradient_norm >= snapshot.largest_norm:
        gradient = "its gradient is the largest so far"
    if name == "start":
        return "Nobody has moved yet: press Step D and Step G in turn, or Play."
    if name == "early":
        return f"First steps: {_well(snapshot)}; the discriminator has an AUC of {now.auc:.2f}."
    if name == "wins":
        return (
            f"The discriminator wins: {auc}, and its gradient is {left} of what it was (the median sample gradient): "
            f"the generator learns next to nothing ({found(snapshot)})."
        )
    if name == "alone":
        who, other = "discriminator", "generator"
        if snapshot.alone["generator"]:
            who, other = other, who
        text = f"The {who} moves alone, {snapshot.alone[who]:,} times since the {other} last moved: {_well(snapshot)}; "
        return text + f"the discriminator is {state} ({auc}), and {gradient}."
    if name == "collapse":
        return f"Mode collapse: {found(snapshot)}, {referee}."
    window = f"the last {EVERY * course.lasting} steps"
    went = f"in {window} the points went {course.path:.1f} times the data's radius, and are {course.apart:.1f} radii "
    went += "from where they were"
    if name == "turning":
        return f"Mode collapse that turns: {found(snapshot)}, all points together and never long in one place: {went}."
    if name == "oscillation":
        return (
            f"Oscillation: the generator runs after the discriminator and back, and gains nothing: {went}; "
            f"{_well(snapshot)}."
        )
    if name == "swinging":
        return f"Swinging: the generated points run to and fro and have not settled: {went}; {_well(snapshot)}."
    if name == "scattered":
        return (
            f"Scattered: the generated points hit {found(snapshot)} by chance, with {percent(now.quality)} of them on "
            f"a mode ({percent(snapshot.chance)} when thrown at random); the discriminator is {state} ({auc})."
        )
    if name == "beside":
        return f"Beside the data: {_well(snapshot)}; the discriminator is {state} ({auc})."
    if name == "balanced":
        return f"Balanced: {_well(snapshot)}, and the discriminator is {state} ({auc})."
    if name == "lost":
        return f"Losing ground: {found(snapshot)}, after {_most(snapshot)} before; {referee}."
    if name == "stalled":
        return (
            f"No progress: {_well(snapshot)}, {percent(course.gained)} on average over {window} and "
            f"{percent(course.gained_before)} over as many before; the discriminator is {state} ({auc})."
        )
    return f"Learning: {_well(snapshot)}; the discriminator is {state} ({auc}), and {gradient}."


def _well(snapshot: Snapshot) -> str:
    """How much of the data is found, and how well: a count alone would praise points that lie everywhere."""
    text = found(snapshot)
    if snapshot.note.modes is not None:
        text += f", {percent(snapshot.note.quality)} of the points on them"
    if hardly_better(snapshot.note.quality, snapshot.chance):
        text += f" ({percent(snapshot.chance)} when thrown at random)"
    return text


def _most(snapshot: Snapshot) -> str:
    """The most that was found before, in the unit that `found` counts in."""
    if snapshot.note.modes is None:
        return percent(snapshot.most)
    return f"{snapshot.most * len(snapshot.note.filled):.0f}"


def _state(auc: float) -> str:
    bounds = ((FOOLED, "fooled"), (CHANCE, "at chance"), (HARDLY, "a little ahead"), (SURE, "ahead"), (np.inf, "sure"))
    return next(name for bound, name in bounds if auc <= bound)


def found(snapshot: Snapshot) -> str:
    """How much of the data the generator makes, in words."""
    if snapshot.note.modes is not None:
        count = len(snapshot.note.filled)
        return f"{snapshot.note.modes} of {count} mode{'' if count == 1 else 's'}"
    return f"{percent(snapshot.note.covered)} of the real points covered"


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    text = happening(snapshot)
    if snapshot.index:
        made = snapshot.made["discriminator"]
        text += f" Step {snapshot.index:,}: {made:,} move{'' if made == 1 else 's'} of the discriminator, "
        text += f"{snapshot.made['generator']:,} of the generator."
    if snapshot.phase is not None:
        text += f" Data flow: {PHASES[snapshot.phase].says}."
    if snapshot.note.high_quality is not None:
        share = percent(snapshot.note.high_quality)
        text += f" {share} of the generated points are within 3 standard deviations of a mode."
    text += f" Map: {snapshot.scaled}"
    text += ", beside real points of a pack." if snapshot.packing > 1 else "."
    if snapshot.latent_size > 2:
        text += f" The sheet is a slice: the first two of {snapshot.latent_size} latent numbers, the others 0."
    if snapshot.ema:
        text += " Points and sheet are those of the EMA generator, counts and gradients those of the generator itself."
    if kept is not None:
        text += f" Kept run, step {kept.index:,}: {happening(kept)}"
    return text


def _small(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 0.01 else f"{ratio:.1g}"
