"""In words, what a wall of generated images shows: how much it varies, and how near it is to real images."""

from udl_teach.play.wall_picture import Look

# A wall whose images differ by less than this share of what real images do is called collapsed, unless it is still
# that of the first steps: then there are no modes yet that it could have lost.
COLLAPSED, EARLY = 0.25, 100


def words(look: Look, kept: Look | None = None) -> str:
    """What the picture shows, from what was measured."""
    text = ""
    if look.learns and look.learned == 0:
        text = "Before it has learned. "
    elif look.learns:
        text = f"After {look.learned:,} steps"
        if look.told_apart is not None:
            share = 100 * look.told_apart
            text += f" the discriminator tells {share:.0f} % of the pairs of a real and a generated image apart"
        if look.moment != look.learned:
            text += f"; shown is the generator of step {look.moment:,}"
        text += ". "
    text += f"{_variety(look)} {_nearness(look)} {_verdict(look)}"
    if kept is not None:
        text += f" Kept{f' after {kept.learned:,} steps' if kept.learns else ''}: {_variety(kept)} {_nearness(kept)}"
    return text


def _variety(look: Look) -> str:
    text = f"The images of the wall vary {look.spread:.2f} times as much as real ones"
    if look.spread >= COLLAPSED:
        return f"{text}."
    if look.learns and look.moment < EARLY:
        return f"{text}: nearly all are alike so early."
    if look.truncation is not None:
        return f"{text}: nearly all are alike, which the truncation at {look.truncation:g} alone may do."
    return f"{text}: mode collapse."


def _nearness(look: Look) -> str:
    median = f"{look.usual[1]:.2f}"
    real = (
        f"training images half are nearer than {median} to another one"
        if look.alone
        else f"held-out real images half are nearer than {median}"
    )
    return f"Half of them are nearer than {look.typical:.2f} to a training image; of {real}."


def _verdict(look: Look) -> str:
    """Whether the image here is a copy."""
    low, _, high = look.usual
    text = f"The image here is {look.distance:.2f} from its nearest training image: "
    if look.distance < low:
        text += f"nearer than 95 % of real images are ({low:.2f})"
        # What is blurred is near to many images at once.
        if look.distance < look.next_distance / 2:
            return text + f" and than half the way to any other ({look.next_distance:.2f}), so it is a copy."
        return text + f", but others are about as near ({look.next_distance:.2f}), so it is no copy of that one."
    if look.distance > high:
        return text + f"further than 95 % of real images are ({high:.2f}), so none of them is like it."
    return text + f"no nearer than real images are ({low:.2f} to {high:.2f}), so it is no copy."
