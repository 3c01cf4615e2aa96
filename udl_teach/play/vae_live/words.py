"""In words, the two terms, the active dimensions, holes and posterior collapse."""

from udl_teach.play.vae_live.snapshot import ACTIVE, Snapshot

# Up to this share of holes the words do not speak of them.
FEW = 0.05


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    text = (
        f"Step {snapshot.index:,}: reconstruction {_sum(snapshot)} nats per {'point' if snapshot.plane else 'digit'}. "
        f"The KL term weighs {snapshot.beta:.3g}{_weight(snapshot)}. "
        f"Active dimensions (the posterior's mean varies by more than {ACTIVE}): {_active(snapshot)}."
    )
    if snapshot.index and not snapshot.active.any():
        text += _collapse(snapshot)
    elif snapshot.index and snapshot.holes > FEW:
        text += (
            f" Holes: at {100 * snapshot.holes:.0f} % of the codes drawn from the prior the data's codes are less "
            "than a tenth as dense as the prior, and samples from there are the decoder's own."
        )
    elif snapshot.index:
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
    save = f" At beta {snapshot.beta:.3g} a nat of code must save {snapshot.beta:.3g} nats of reconstruction."
    return (
        f" Posterior collapse: {_active(snapshot)} dimensions are active, the KL term is {snapshot.kl:.2f} nats; "
        "whatever goes in, the code is the prior's and the decoder answers the same."
        f"{save if snapshot.beta > 1 else ''}"
        " Try a smaller beta, free bits, or Reset with a longer warm-up."
    )


def _sum(snapshot: Snapshot) -> str:
    return f"{snapshot.reconstruction:.2f} + KL {snapshot.kl:.2f} = {snapshot.reconstruction + snapshot.kl:.2f}"


def _weight(snapshot: Snapshot) -> str:
    end, warm_up, free = (snapshot.settings[name] for name in ("beta", "warm_up", "free_bits"))
    text = f" (warming up to {end:.3g} until step {warm_up:,})" if snapshot.beta < end else ""
    return text + (f", the first {free:.2f} nats of each dimension are free" if free else "")


def _active(snapshot: Snapshot) -> str:
    return f"{int(snapshot.active.sum())} of {len(snapshot.active)}"
