"""In words, what a wall of generated images shows: how much it varies, and how near it is to real images."""

from udl_teach.play.sample_wall.reality import EVERYTHING
from udl_teach.play.sample_wall.run import UNCUT
from udl_teach.play.sample_wall.snapshot import Snapshot

# A wall whose images differ by less than this share of what real images do is called collapsed, unless it is still
# that of the first steps: then there are no modes yet that it could have lost.
COLLAPSED, EARLY = 0.25, 100


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    auc = "" if snapshot.auc is None else f" the AUC of the discriminator is {snapshot.auc:.2f}"
    text = f"After {_learned(snapshot)}{auc}. " if snapshot.learns else ""
    text += f"{_variety(snapshot)} {_nearness(snapshot)}{_label(snapshot)} {_verdict(snapshot)}"
    if kept is not None:
        text += f" Kept{f' after {_learned(kept)}' if kept.learns else ''}: {_variety(kept)} {_nearness(kept)}"
    return text


def _learned(run: Snapshot) -> str:
    past = "" if run.moment == run.learned else f" (shown: the generator of step {run.moment:,})"
    return f"{run.learned:,} {'step' if run.learned == 1 else 'steps'}{past}"


def _variety(run: Snapshot) -> str:
    within, of_class = run.kinds == EVERYTHING, "" if run.kinds in (None, EVERYTHING) else " of this class"
    text = (
        f"{'Within a class the' if within else 'The'} variance of the wall's images is {run.spread:.2f} times that of "
    )
    text += f"real images{of_class}"
    if run.spread >= COLLAPSED:
        return f"{text}."
    if run.learns and run.moment < EARLY:
        why = " so early"
    elif run.truncation < UNCUT:
        why = f", which the truncation at {run.truncation:g} alone can cause"
    else:
        why = ", mode collapse"
    return f"{text}: nearly all {'of a class ' if within else ''}are alike{why}."


def _nearness(run: Snapshot) -> str:
    return (
        f"The median distance of the wall's images to their nearest training image is {run.typical:.2f}; that of "
        f"{run.reality.some} is {run.reality.usual[1]:.2f}."
    )


def _label(run: Snapshot) -> str:
    """How the label goes along the path, where there is one."""
    if run.ends is None:
        return ""
    start, end = run.ends
    if start == end:
        return f" Along the path the label stays at {start}."
    text = f" Along the path {'only the label changes' if run.one_vector else 'the latent vector and the label change'}"
    if not run.mixes:
        return f"{text}; the label jumps half-way: here it is {start if run.between < 0.5 else end}."
    share = round(100 * run.between)
    if share in (0, 100):
        return f"{text} gradually: here the label is {end if share else start}."
    here = f"{100 - share} % {start} and {share} % {end}"
    return f"{text} gradually: here the label is {here}, a mixture that was never learned."


def _verdict(run: Snapshot) -> str:
    """Whether the image here looks like a copy; it is one image, which proves little."""
    (low, _, high), some = run.reality.usual, run.reality.some
    text = f"The image here is {run.distance:.2f} from its nearest training image:"
    if run.distance > high:
        return f"{text} further than 95 % of {some} from theirs ({high:.2f}), so no training image resembles it."
    if run.distance >= low:
        return f"{text} 90 % of {some} are {low:.2f} to {high:.2f} from theirs, so there is no sign of a copy."
    text += f" nearer than 95 % of {some} to theirs ({low:.2f})"
    second = f"the second nearest ({run.next_distance:.2f})"
    # What is blurred is near to many images at once.
    if run.distance < run.next_distance / 2:
        return f"{text}, and less than half as far as {second}, as a copy would be."
    return f"{text}, but more than half as far as {second}: it resembles several images, as blurred images do."
