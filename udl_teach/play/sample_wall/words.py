"""In words, what a wall of generated images shows: how much it varies, and how near it is to real images."""

from udl_teach.play.sample_wall.reality import EVERYTHING
from udl_teach.play.sample_wall.snapshot import Snapshot

# A wall whose images differ by less than this share of what real images do is called collapsed, unless it is still
# that of the first steps: then there are no modes yet that it could have lost.
COLLAPSED, EARLY = 0.25, 100


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    text = ""
    if snapshot.learns and snapshot.learned == 0:
        text = "Before it has learned. "
    elif snapshot.learns:
        text = f"After {_steps(snapshot.learned)}"
        if snapshot.auc is not None:
            text += f" the AUC of the discriminator is {snapshot.auc:.2f}"
        if snapshot.moment != snapshot.learned:
            text += f"; shown is the generator of step {snapshot.moment:,}"
        text += ". "
    parts = [_variety(snapshot), _nearness(snapshot), _label(snapshot), _verdict(snapshot)]
    text += " ".join(part for part in parts if part)
    if kept is not None:
        text += f" Kept{_when(kept)}: {_variety(kept)} {_nearness(kept)}{_otherwise(snapshot, kept)}"
    return text


def _steps(n: int) -> str:
    return f"{n:,} step" if n == 1 else f"{n:,} steps"


def _when(kept: Snapshot) -> str:
    if not kept.learns:
        return ""
    past = "" if kept.moment == kept.learned else f", the generator of step {kept.moment:,}"
    return f" after {_steps(kept.learned)}{past}"


def _otherwise(snapshot: Snapshot, kept: Snapshot) -> str:
    """What has been changed in the way the wall is looked at."""
    changed = [
        f"{name} {value} instead of {kept.seen[name]}"
        for name, value in snapshot.seen.items()
        if kept.seen.get(name, value) != value
    ]
    return f" Now seen with {', '.join(changed)}." if changed else ""


def _variety(snapshot: Snapshot) -> str:
    if snapshot.kinds == EVERYTHING:
        text, alike = "Within a class the images of the wall vary", "nearly all of a class are alike"
    else:
        text, alike = "The images of the wall vary", "nearly all are alike"
    text += f" {snapshot.spread:.2f} times as much as real ones"
    if snapshot.kinds not in (None, EVERYTHING):
        text += " of this class"
    if snapshot.spread >= COLLAPSED:
        return f"{text}."
    if snapshot.learns and snapshot.moment < EARLY:
        return f"{text}: {alike} so early."
    if snapshot.truncation is not None:
        return f"{text}: {alike}, which the truncation at {snapshot.truncation:g} alone may do."
    return f"{text}: {alike}, mode collapse."


def _nearness(snapshot: Snapshot) -> str:
    median = f"{snapshot.usual[1]:.2f}"
    real = (
        f"training images half are nearer than {median} to another one"
        if snapshot.alone
        else f"held-out real images half are nearer than {median}"
    )
    return f"Half of the wall's images are nearer than {snapshot.typical:.2f} to a training image; of {real}."


def _label(snapshot: Snapshot) -> str:
    """How the label goes along the path, where there is one."""
    if snapshot.ends is None:
        return ""
    start, end = snapshot.ends
    if start == end:
        return f"Along the path the label stays at {start}."
    only = "Both ends of the path have the same latent vector, only the label differs" if snapshot.one_vector else ""
    if not snapshot.mixes:
        here = start if snapshot.between < 0.5 else end
        text = only or "The latent vector moves along the path gradually"
        return f"{text}; the label jumps half-way from {start} to {end}: here it is {here}."
    text = f"{only}; it" if only else "Along the path the latent vector and the label"
    text += f" {'changes' if only else 'change'} gradually: here the label is "
    share = round(100 * snapshot.between)
    if share in (0, 100):
        return f"{text}{end if share else start}."
    return f"{text}{100 - share} % {start} and {share} % {end}, a mixture that was never learned."


def _verdict(snapshot: Snapshot) -> str:
    """Whether the image here looks like a copy; it is one image, which proves little."""
    low, _, high = snapshot.usual
    some, theirs = (
        ("training images", "the nearest other one") if snapshot.alone else ("held-out real images", "theirs")
    )
    text = f"The image here is {snapshot.distance:.2f} from its nearest training image: "
    if snapshot.distance < low:
        text += f"nearer than 95 % of {some} are to {theirs} ({low:.2f})"
        second = f"the second nearest ({snapshot.next_distance:.2f})"
        # What is blurred is near to many images at once.
        if snapshot.distance < snapshot.next_distance / 2:
            return f"{text}, and less than half as far as {second}, as a copy would be."
        return f"{text}, but more than half as far as {second}: it resembles several, as soft images do."
    if snapshot.distance > high:
        return (
            f"{text}further than 95 % of {some} are from {theirs} ({high:.2f}), so no training image is much like it."
        )
    return f"{text}90 % of {some} are {low:.2f} to {high:.2f} from {theirs}, so nothing here speaks for a copy."
