"""In words, the two terms, the active dimensions, holes and posterior collapse."""

from udl_teach.play.vae_live.snapshot import ACTIVE, Snapshot

# Up to this share of holes the words do not speak of them.
FEW = 0.05


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    thing = "point" if snapshot.plane else "digit"
    start = "Before the first step" if snapshot.index == 0 else f"Step {snapshot.index:,}"
    text = f"{start}: reconstruction {_sum(snapshot)} nats per {thing}. {_weight(snapshot)}"
    text += f" Active dimensions (the posterior's mean varies by more than {ACTIVE}): {_active(snapshot)}."
    if snapshot.collapsed:
        text += f" {_collapse(snapshot)}"
    elif snapshot.index:
        if snapshot.holes > FEW:
            text += (
                f" Holes: at {100 * snapshot.holes:.0f} % of the codes drawn from the prior the data's codes are less "
                "than a tenth as dense as the prior, and samples from there are the decoder's own."
            )
        else:
            text += f" The data's codes cover the prior: holes at {100 * snapshot.holes:.0f} % of its draws."
    if snapshot.noise is not None:
        text += f" The decoder's noise has a standard deviation of {snapshot.noise:.3f}."
    if len(snapshot.kl_each) > 2:
        first, second = (number + 1 for number in snapshot.shown)
        text += f" The map shows dimensions {first} and {second}, those with the largest KL."
    if kept is not None:
        text += f" The kept run was at {_sum(kept)} with {_active(kept)} active after {kept.index:,} steps."
    return text


def _collapse(snapshot: Snapshot) -> str:
    text = (
        f"Posterior collapse: 0 of {len(snapshot.active)} dimensions are active, the KL term is {snapshot.kl:.2f} "
        "nats; whatever goes in, the code is the prior's and the decoder answers the same."
    )
    if snapshot.beta > 1:
        text += f" At beta {snapshot.beta:.3g} a nat of code must save {snapshot.beta:.3g} nats of reconstruction."
    return text + " Try a smaller beta, free bits, or Reset with a longer warm-up."


def _sum(snapshot: Snapshot) -> str:
    return f"{snapshot.reconstruction:.2f} + KL {snapshot.kl:.2f} = {snapshot.reconstruction + snapshot.kl:.2f}"


def _weight(snapshot: Snapshot) -> str:
    text = f"The KL term weighs {snapshot.beta:.3g}"
    if snapshot.beta < snapshot.beta_end:
        text += f" (warming up to {snapshot.beta_end:.3g} until step {snapshot.warm_up:,})"
    if snapshot.free_bits:
        text += f", the first {snapshot.free_bits:.2f} nats of each dimension are free"
    return f"{text}."


def _active(snapshot: Snapshot) -> str:
    return f"{int(snapshot.active.sum())} of {len(snapshot.active)}"
