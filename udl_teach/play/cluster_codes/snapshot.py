"""The numbers of one moment of deep clustering: codes, centres, soft assignments and where the target pulls."""

from dataclasses import dataclass

import numpy as np

from udl_teach.play.player import Player

SHOWN, ARROWS = 600, 90
# A collapse: one cluster holds so large a share of the samples.
COLLAPSE = 0.9


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment; what is shown of the samples are the first 600.

    Attributes:
        index: steps taken.
        codes: shape (n, 2).
        q: soft assignments, shape (n, n_clusters).
        centres: shape (n_clusters, 2).
        arrows: (start, end), each (m, 2): an arrow is sum_j (p_j - q_j) mu_j, the shift of a sample's mean centre.
        sizes: samples per cluster, of all samples, shape (n_clusters,).
        accuracy: share of samples in the class that fits their cluster best; NaN where there are no classes.
        n_classes: number of the classes.
        updates: rows (step, share of changed labels, accuracy), one per update of the target.
        terms: the last batch's clustering and reconstruction loss.
        confidence: mean of the largest soft assignment.
    """

    index: int
    codes: np.ndarray
    q: np.ndarray
    centres: np.ndarray
    arrows: tuple[np.ndarray, np.ndarray]
    sizes: np.ndarray
    accuracy: float
    n_classes: int
    updates: np.ndarray
    terms: dict[str, float]
    confidence: float

    @property
    def collapsed(self) -> bool:
        """Whether nearly all samples lie in one of several clusters."""
        return len(self.sizes) > 1 and self.sizes.max() >= COLLAPSE * self.sizes.sum()


def snapshot(player: Player, _settings: dict) -> Snapshot:
    """Measure the run as it now is; the model is only asked, never changed."""
    model = player.model
    z = model.codes()
    all_q = model.soft_assign(z).detach()
    codes, q = z.numpy(), all_q.numpy()
    centres = model.centres.detach().numpy().copy()
    chosen = slice(None, ARROWS)
    labels = q.argmax(axis=1)
    pull = (model.target[chosen].numpy() - q[chosen]) @ centres
    return Snapshot(
        index=player.index,
        codes=codes[:SHOWN],
        q=q[:SHOWN],
        centres=centres,
        arrows=(codes[chosen], codes[chosen] + pull),
        sizes=np.bincount(labels, minlength=len(centres)),
        accuracy=model.accuracy(labels),
        n_classes=len(np.unique(model.dataset.labels)),
        updates=np.array(model.updates),
        terms={} if player.step is None else dict(player.step.terms),
        confidence=float(q.max(axis=1).mean()),
    )
