"""In words, what a wall of generated images shows: how much it varies, and how near it is to real images."""

from udl_teach.play.wall_picture import Look
from udl_teach.play.wall_reality import EVERYTHING

# A wall whose images differ by less than this share of what real images do is called collapsed, unless it is still
# that of the first steps: then there are no modes yet that it could have lost.
COLLAPSED, EARLY = 0.25, 100


def words(look: Look, kept: Look | None = None) -> str:
    """What the picture shows, from what was measured."""
    text = ""
    if look.learns and look.learned == 0:
        text = "Before it has learned. "
    elif look.learns:
        text = f"After {_steps(look.learned)}"
        if look.told_apart is not None:
            share = 100 * look.told_apart
            text += f" the discriminator tells {share:.0f} % of the pairs of a real and a generated image apart"
        if look.moment != look.learned:
            text += f"; shown is the generator of step {look.moment:,}"
        text += ". "
    parts = [_variety(look), _nearness(look), _label(look), _verdict(look)]
    text += " ".join(part for part in parts if part)
    if kept is not None:
        text += f" Kept{_when(kept)}: {_variety(kept)} {_nearness(kept)}{_otherwise(look, kept)}"
    return text


def _steps(n: int) -> str:
    return f"{n:,} step" if n == 1 else f"{n:,} steps"


def _when(kept: Look) -> str:
    if not kept.learns:
        return ""
    past = "" if kept.moment == kept.learned else f", the generator of step {kept.moment:,}"
    return f" after {_steps(kept.learned)}{past}"


def _otherwise(look: Look, kept: Look) -> str:
    """What has been changed in the way the wall is looked at."""
    changed = [
        f"{name} {value} instead of {kept.seen[name]}"
        for name, value in look.seen.items()
        if kept.seen.get(name, value) != value
    ]
    return f" Now seen with {', '.join(changed)}." if changed else ""


def _variety(look: Look) -> str:
    if look.kinds == EVERYTHING:
        text, alike = "Within a class the images of the wall vary", "nearly all of a class are alike"
    else:
        text, alike = "The images of the wall vary", "nearly all are alike"
    text += f" {look.spread:.2f} times as much as real ones"
    if look.kinds not in (None, EVERYTHING):
        text += " of this class"
    if look.spread >= COLLAPSED:
        return f"{text}."
    if look.learns and look.moment < EARLY:
        return f"{text}: {alike} so early."
    if look.truncation is not None:
        return f"{text}: {alike}, which the truncation at {look.truncation:g} alone may do."
    return f"{text}: {alike}, mode collapse."


def _nearness(look: Look) -> str:
    median = f"{look.usual[1]:.2f}"
    real = (
        f"training images half are nearer than {median} to another one"
        if look.alone
        else f"held-out real images half are nearer than {median}"
    )
    return f"Half of the wall's images are nearer than {look.typical:.2f} to a training image; of {real}."


def _label(look: Look) -> str:
    """How the label goes along the path, where there is one."""
    if look.ends is None:
        return ""
    start, end = look.ends
    if start == end:
        return f"Along the path the label stays at {start}."
    only = "Both ends of the path have the same latent vector, only the label differs" if look.one_vector else ""
    if not look.mixes:
        here = start if look.between < 0.5 else end
        text = only or "The latent vector moves along the path gradually"
        return f"{text}; the label jumps half-way from {start} to {end}: here it is {here}."
    text = f"{only}; it" if only else "Along the path the latent vector and the label"
    text += f" {'changes' if only else 'change'} gradually: here the label is "
    share = round(100 * look.between)
    if share in (0, 100):
        return f"{text}{end if share else start}."
    return f"{text}{100 - share} % {start} and {share} % {end}, a mixture that was never learned."


def _verdict(look: Look) -> str:
    """Whether the image here looks like a copy; it is one image, which proves little."""
    low, _, high = look.usual
    some, theirs = ("training images", "the nearest other one") if look.alone else ("held-out real images", "theirs")
    text = f"The image here is {look.distance:.2f} from its nearest training image: "
    if look.distance < low:
        text += f"nearer than 95 % of {some} are to {theirs} ({low:.2f})"
        second = f"the second nearest ({look.next_distance:.2f})"
        # What is blurred is near to many images at once.
        if look.distance < look.next_distance / 2:
            return f"{text}, and less than half as far as {second}, as a copy would be."
        return f"{text}, but more than half as far as {second}: it resembles several, as soft images do."
    if look.distance > high:
        return (
            f"{text}further than 95 % of {some} are from {theirs} ({high:.2f}), so no training image is much like it."
        )
    return f"{text}90 % of {some} are {low:.2f} to {high:.2f} from {theirs}, so nothing here speaks for a copy."
