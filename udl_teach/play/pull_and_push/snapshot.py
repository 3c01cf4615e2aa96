"""The numbers of one moment of contrastive learning: places on the circle, and what moves them."""

from dataclasses import dataclass

import numpy as np
import torch

from udl_teach import inputs, metrics
from udl_teach.play.player import Player
from udl_teach.play.pull_and_push.run import SHOWN

NEIGHBOURS = 10
# From this length of the mean code on, all images lie on almost one point.
COLLAPSE = 0.97
# Uniformity of an even circle: log of the mean of exp(-2 |z - z'|^2), which is log(I_0(4)) - 4.
EVEN = float(np.log(np.i0(4.0)) - 4)


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment; the batch in the picture is always the same, of n images and 2 n views.

    Views stand in the order first views, second views. Forces act along the circle (positive: anticlockwise); pull and
    push together are minus the gradient of the loss, times 2 n and the temperature.
    """

    index: int  # steps taken
    repulsion: bool  # whether the loss repels
    digits: tuple[int, ...]  # those that are learned
    images: np.ndarray  # original, view 1 and view 2 of the first SHOWN, shape (3, SHOWN, side, side)
    labels: np.ndarray  # digits of the batch, shape (n,)
    z: np.ndarray  # places of its views, shape (2 n, 2)
    pull: np.ndarray  # force towards the other view of the image, shape (2 n,)
    push: np.ndarray  # force away from the views of all other images, shape (2 n,)
    image: int  # the chosen one
    shares: np.ndarray  # p_ij of its first view i: the weight of each other view j in the denominator
    ring: np.ndarray  # places of images that are not learned from, shape (m, 2)
    ring_labels: np.ndarray  # their digits
    alignment: float  # mean squared distance between both views of an image of the batch
    uniformity: float  # of the ring's places
    same: float  # share of nearest neighbours in the ring that show the same digit
    curves: tuple[np.ndarray, np.ndarray, np.ndarray]  # steps, alignment, uniformity of the batches learned from

    @property
    def collapsed(self) -> bool:
        """Whether all images lie on almost one point."""
        return bool(np.hypot(*self.ring.mean(axis=0)) > COLLAPSE)


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Measure the run as it now is; the model is only asked, never changed."""
    model, n = player.model, settings["batch_size"]
    originals = model.x[:n]
    with torch.no_grad():
        views = model.views(originals, inputs.generator(settings["seed"]))
        z, ring = model(views).numpy(), model(model.ring).numpy()
    p = shares(z, settings["temperature"])
    pull, push = forces(z, p, repulsion=settings["repulsion"])
    steps, alignment = model.alignment.curve()
    return Snapshot(
        index=player.index,
        repulsion=settings["repulsion"],
        digits=tuple(np.unique(model.labels).tolist()),
        images=torch.stack([originals[:SHOWN], views[:SHOWN], views[n : n + SHOWN]])[:, :, 0].numpy(),
        labels=model.labels[:n],
        z=z,
        pull=pull,
        push=push,
        image=settings["image"],
        shares=p[settings["image"]],
        ring=ring,
        ring_labels=model.ring_labels,
        alignment=metrics.alignment(z[:n], z[n:]),
        uniformity=metrics.uniformity(ring),
        same=_same(ring, model.ring_labels),
        curves=(steps, alignment, model.uniformity.curve()[1]),
    )


def shares(z: np.ndarray, temperature: float) -> np.ndarray:
    """p_ij = exp(z_i' z_j / t) / sum_(k != i) exp(z_i' z_k / t), shape (2 n, 2 n), with p_ii = 0."""
    likeness = np.exp((z @ z.T - 1) / temperature)
    np.fill_diagonal(likeness, 0.0)
    return likeness / likeness.sum(axis=1, keepdims=True)


def forces(z: np.ndarray, p: np.ndarray, *, repulsion: bool) -> tuple[np.ndarray, np.ndarray]:
    """Pull and push on each view, along the circle, of shape (2 n,): together minus the gradient of the loss.

    View i occurs in its own term and in that of every other view, so view j acts with p_ij + p_ji.
    """
    n = len(z) // 2
    tangent = np.stack([-z[:, 1], z[:, 0]], axis=1)
    along = tangent @ z.T  # how far view j lies to the left of view i
    views = np.arange(2 * n)
    other = (views, np.roll(views, n))
    acts = p + p.T if repulsion else np.zeros_like(p)
    pull = (2 - acts[other]) * along[other]
    acts[other] = 0.0
    return pull, -(acts * along).sum(axis=1)


def _same(z: np.ndarray, labels: np.ndarray) -> float:
    likeness = z @ z.T
    np.fill_diagonal(likeness, -np.inf)
    nearest = np.argpartition(-likeness, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    return float((labels[nearest] == labels[:, None]).mean())
