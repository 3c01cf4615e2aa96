"""Self-supervised representations: linear probes on MNIST and one-shot letters, beside what needs no such learning.

Run by `make bench`. MNIST: learned from 4,000 images without labels, judged on the other 1,000 by a linear probe with 1
to 100 labels per class (10 draws). Letters: learned from pairs of faces of some letters; each of the other letters is
shown once, in one face, and recognized in its other faces by the nearest representation. Mean and standard deviation
over seeds of construction and learning, and processor seconds of learning.
"""

import argparse
import time

import numpy as np
import torch

from udl_teach import data, fit, metrics
from udl_teach.models import PCA, Augment, Contrastive, ConvAutoencoder, MaskedAutoencoder, VICReg

SHAPE = (1, 28, 28)
# Faces change shapes enough; two views of a pair need little more.
SMALL = Augment(rotation=10, shift=0.05, scale=0.2, shear=10)
LABELS = (1, 3, 10, 30, 100)


def flat(images):
    return images.reshape(len(images), -1)


def by_pca(x):
    pca = PCA(20).fit(flat(x))
    return lambda images: pca.encode(flat(images))


def learned(model, x, seed, **options):
    fit(model, x, seed=seed, progress=False, **options)
    return model.encode


REPRESENTATIONS = {
    "pixels": lambda x, seed: flat,
    "PCA": lambda x, seed: by_pca(x),
    "random encoder": lambda x, seed: Contrastive(SHAPE, seed=seed).encode,
    "autoencoder": lambda x, seed: learned(ConvAutoencoder(SHAPE, 32, (32, 64), seed=seed), x, seed, epochs=20),
    "masked": lambda x, seed: learned(MaskedAutoencoder(SHAPE, seed=seed), x, seed, epochs=20),
    "VICReg": lambda x, seed: learned(VICReg(SHAPE, seed=seed), x, seed, epochs=20),
    "contrastive": lambda x, seed: learned(Contrastive(SHAPE, seed=seed), x, seed, epochs=40),
}


def probes(seeds: int, names: list[str]) -> None:
    """Linear probes on MNIST, for each representation and number of labels."""
    train, test = data.mnist(n=5000).split((0.8, 0.2), seed=0)
    print(f"{'labels per class':<22}" + "".join(f"{n:>15}" for n in LABELS))
    for name in names:
        found, seconds = [], []
        for seed in range(seeds if name not in ("pixels", "PCA") else 1):
            started = time.process_time()
            encode = REPRESENTATIONS[name](train.images, seed)
            seconds.append(time.process_time() - started)
            codes = encode(train.images), train.labels, encode(test.images), test.labels
            found.append([score.accuracy for score in metrics.probe_curve(*codes, per_class=LABELS)])
        cells = "".join(f"  {m:6.3f} ± {s:.3f}" for m, s in zip(np.mean(found, 0), np.std(found, 0), strict=True))
        print(f"{name:<22}{cells}{np.mean(seconds):7.0f} s", flush=True)


def one_shot(codes: np.ndarray, letters: np.ndarray, faces: np.ndarray) -> float:
    """Share of images whose nearest letter, shown in one face, is theirs; averaged over the face that is shown."""
    codes = codes / np.linalg.norm(codes, axis=1, keepdims=True)
    right = []
    for face in np.unique(faces):
        shown = faces == face
        # Letters that this face does not have cannot be recognized, so they are not asked for.
        asked = ~shown & np.isin(letters, letters[shown])
        nearest = (codes[asked] @ codes[shown].T).argmax(axis=1)
        right.append(np.mean(letters[shown][nearest] == letters[asked]))
    return float(np.mean(right))


def on_letters(seeds: int) -> None:
    """One-shot recognition of letters that learning never saw."""
    seen, unseen = data.letters().split((0.5, 0.5), seed=0, by="letter")
    paired = data.pairs(seen)
    about = unseen.labels, unseen.extras["face"]
    print(f"{len(np.unique(seen.labels))} letters learned, {len(np.unique(unseen.labels))} recognized")
    print(f"{'pixels':<22}{one_shot(unseen.x, *about):.3f}")
    for name, kind in (("random encoder", None), ("VICReg", VICReg), ("contrastive", Contrastive)):
        found, seconds = [], []
        for seed in range(seeds):
            sharper = {"temperature": 0.1} if kind is Contrastive else {}  # many classes, so few false negatives
            model = (kind or Contrastive)(SHAPE, augment=SMALL, seed=seed, **sharper)
            started = time.process_time()
            if kind is not None:
                fit(model, paired, epochs=10, seed=seed, progress=False)
            seconds.append(time.process_time() - started)
            found.append(one_shot(model.encode(unseen.x), *about))
        print(f"{name:<22}{np.mean(found):.3f} ± {np.std(found):.3f}{np.mean(seconds):7.0f} s", flush=True)


def share_of_augmentation() -> None:
    """Processor time of both views, as a share of a whole step with them; at most a third is asked for."""
    x = torch.tensor(data.mnist(n=5000).images[::10][:256])
    everything = Augment(rotation=15, shift=0.1, scale=0.2, shear=15, crop=0.2, blur=1, noise=0.1, erasing=0.3)
    for name, augment in (("default", None), ("all kinds", everything)):
        model = Contrastive(SHAPE, augment=augment)
        generator = torch.Generator().manual_seed(0)
        steps = model.steps(x, epochs=None)
        times = []
        for part in (lambda: model.views(x, generator), lambda: next(steps)):  # noqa: B023
            part()
            started = time.process_time()
            for _ in range(10):
                part()
            times.append((time.process_time() - started) / 10)
        print(f"augmentation, {name:<12}{times[0]:.4f} of {times[1]:.4f} s: {times[0] / times[1]:.0%} of a step")


def main(seeds: int = 5, parts: tuple[str, ...] = ("augment", "probes", "letters"), methods=tuple(REPRESENTATIONS)):
    if "augment" in parts:
        share_of_augmentation()
    if "probes" in parts:
        probes(seeds, list(methods))
    if "letters" in parts:
        on_letters(seeds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--parts", nargs="+", default=("augment", "probes", "letters"))
    parser.add_argument("--methods", nargs="+", default=tuple(REPRESENTATIONS), choices=REPRESENTATIONS)
    main(**vars(parser.parse_args()))
