"""In words, how three codecs compare at equal bytes."""

from udl_teach.play import pictures
from udl_teach.play.picture_row import DIFFERENCES_SAID
from udl_teach.play.rate_distortion.run import NAMES, RATES
from udl_teach.play.rate_distortion.snapshot import Snapshot

# A stream that is further than this from the bytes that were wanted is spoken of.
FAR = 0.05


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    wanted, pixels = RATES[snapshot.place], snapshot.curves.image.size
    text = (
        f"{pictures.said(snapshot.picture)} at {wanted:.2f} bits per pixel ({wanted * pixels / 8:,.0f} bytes of "
        f"{pixels:,}), {snapshot.score}: {_scores(snapshot)}. {_verdict(snapshot)} {_heads(snapshot)}"
    )
    far = [
        f"{name} comes no nearer than {point.size:,} bytes"
        for name, point in zip(NAMES, snapshot.points, strict=True)
        if abs(point.bits_per_pixel / wanted - 1) > FAR
    ]
    if far:
        text += f" Not equal in bytes: {' and '.join(far)}."
    if snapshot.differences:
        text += DIFFERENCES_SAID
    if kept is not None:
        text += f" Kept: {pictures.said(kept.picture)} at {RATES[kept.place]:.2f}, {kept.score}: {_scores(kept)}."
    return text


def _scores(snapshot: Snapshot) -> str:
    unit = " dB" if snapshot.score == "PSNR" else ""
    digits = 1 if snapshot.score == "PSNR" else 3
    return ", ".join(
        f"{name} {snapshot.score_of(point):.{digits}f}{unit}"
        for name, point in zip(NAMES, snapshot.points, strict=True)
    )


def _verdict(snapshot: Snapshot) -> str:
    unit, digits = (" dB", 1) if snapshot.score == "PSNR" else ("", 3)
    codec, *others = (snapshot.score_of(point) for point in snapshot.points)
    parts = []
    for name, other in zip(NAMES[1:], others, strict=True):
        ahead = 0.0 if codec == other else round(codec - other, digits)  # both may be infinite
        where = f"{abs(ahead):.{digits}f}{unit} {'ahead of' if ahead > 0 else 'behind'}" if ahead else "level with"
        parts.append(f"{where} {name}")
    return f"The codec is {' and '.join(parts)}."


def _heads(snapshot: Snapshot) -> str:
    shares = [
        f"{100 * point.head / point.size:.0f} % of {'the ' * (name == 'codec')}{name}'s"
        for name, point in zip(NAMES, snapshot.points, strict=True)
        if point.head is not None
    ]
    return f"Headers and tables take {', '.join(shares)} bytes: the smaller the picture, the more they weigh."
