"""In words, which dimension follows which factor, and where the point stands."""

from typing import Any

import numpy as np

from udl_teach.play.latent_walk.snapshot import LEAST, Snapshot


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    terms = f"{snapshot.reconstruction:.1f} + KL {snapshot.kl_each.sum():.1f} nats per glyph"
    text = (
        f"After {_steps(snapshot.learned)} at beta {snapshot.beta:g} ({terms}): {_factors(snapshot)} "
        f"Of an active dimension's variance {snapshot.together:.2f} goes with one factor on average. "
        f"The code stands at {snapshot.code[snapshot.across]:.2f} in dimension {snapshot.across + 1} and "
        f"{snapshot.code[snapshot.up]:.2f} in dimension {snapshot.up + 1}; its image differs by "
        f"{((snapshot.here - snapshot.real) ** 2).mean():.3f} from the start image (squared error per pixel)."
    )
    if kept is not None:
        text += f" The kept run after {_steps(kept.learned)}: {_factors(kept)} On average {kept.together:.2f}."
    return text


def _steps(n: int) -> str:
    return f"{n:,} step" if n == 1 else f"{n:,} steps"


def _factors(snapshot: Snapshot) -> str:
    """Which dimension follows which factor, as sentences."""
    follows = snapshot.follows
    parts = [f"{row + 1} follows {name} ({share:.2f})" for row, (name, share) in enumerate(follows) if name]
    if parts:
        parts[0] = f"{parts[0][:-1]} of its variance)"
    others = [row for row, (name, _) in enumerate(follows) if name is None and snapshot.active[row]]
    unused = np.flatnonzero(~snapshot.active)
    if others:
        most = max(follows[row][1] for row in others)
        parts.append(f"{_numbered(others)} no factor above {LEAST} (at most {most:.2f})")
    if len(unused):
        parts.append(f"{_numbered(unused)} {'is' if len(unused) == 1 else 'are'} not used")
    missing = [name for name in snapshot.names if name not in {followed for followed, _ in follows}]
    nobody = f" No dimension follows {_listed(missing, 'or')}." if missing else ""
    return f"dimension {', '.join(parts)}.{nobody}"


def _numbered(rows: Any) -> str:
    return _listed([str(row + 1) for row in rows])


def _listed(names: list[str], last: str = "and") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"
