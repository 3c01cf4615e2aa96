"""In words, how well the denoiser and its rival do, and what they are told of the noise."""

from udl_teach.play import pictures
from udl_teach.play.denoiser.run import MEASURED, PIXELS, TRUE
from udl_teach.play.denoiser.snapshot import Snapshot
from udl_teach.play.picture_row import DIFFERENCES_SAID

# So near two are called equal, in decibels.
NEAR = 0.05
TRAINED = {"gaussian": "Gaussian noise", "masking": "masking", "salt-and-pepper": "salt and pepper", "blur": "blur"}


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    noisy, denoised, rivalled = snapshot.cleaned.psnr
    text = (
        f"{pictures.said(snapshot.picture)}, {_noise(snapshot)}: noisy {noisy:.1f} dB, denoiser {denoised:.1f}, "
        f"{snapshot.rival} {rivalled:.1f} (PSNR). {_verdict(snapshot)} {_told(snapshot)}"
    )
    if snapshot.differences:
        text += DIFFERENCES_SAID
    if kept is not None:
        noisy, denoised, rivalled = kept.cleaned.psnr
        text += (
            f" Kept: {pictures.said(kept.picture)}, {_noise(kept)}, told {kept.cleaned.told:.2f}: noisy {noisy:.1f} "
            f"dB, denoiser {denoised:.1f}, {kept.rival} {rivalled:.1f}."
        )
    return text


def _noise(snapshot: Snapshot) -> str:
    strength = snapshot.strength
    return {
        "gaussian": f"Gaussian noise of standard deviation {strength:.2f}",
        "masking": f"{100 * strength:.0f} % of the pixels masked",
        "salt-and-pepper": f"salt and pepper on {100 * strength:.0f} % of the pixels",
        "blur": f"blurred over {PIXELS * strength:.1f} pixels",
    }[snapshot.noise]


def _verdict(snapshot: Snapshot) -> str:
    noisy, denoised, rivalled = snapshot.cleaned.psnr
    rival = "the median" if snapshot.rival == "median" else snapshot.rival
    ahead = 0.0 if denoised == rivalled else denoised - rivalled  # both may be infinite
    foreign = snapshot.trained in TRAINED and snapshot.trained != snapshot.noise
    text = f"The denoiser, trained on {TRAINED[snapshot.trained]} alone," if foreign else "The denoiser"
    if abs(ahead) < NEAR:
        text += f" is as good as {rival}"
    else:
        text += f" is {abs(ahead):.1f} dB {'ahead of' if ahead > 0 else 'behind'} {rival}"
    if denoised < noisy - NEAR:
        text += f" and {noisy - denoised:.1f} dB worse than the noisy picture itself"
    return text + "."


def _told(snapshot: Snapshot) -> str:
    there, told = snapshot.cleaned.there, snapshot.cleaned.told
    who = "It is" if snapshot.rival == "median" else "Both are"
    if snapshot.knows == TRUE:
        text = f"{who} told the truth, a standard deviation of {told:.2f}"
    elif snapshot.knows == MEASURED:
        text = (
            f"{who} told the standard deviation that is measured in the noisy picture, {told:.2f}; {there:.2f} is there"
        )
    else:
        text = f"{who} told a standard deviation of {told:.2f} by hand; {there:.2f} is there"
        if told > 1.25 * there:
            text += ", so detail goes with the noise"
        elif told < 0.8 * there and there > 0.005:
            text += ", so noise is taken for detail and stays"
    if snapshot.reach is not None and told > snapshot.reach + 0.005:
        text += f" (the denoiser's training ended at {snapshot.reach:.2f})"
    return text + "."
