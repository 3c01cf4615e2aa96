"""Clusters found without labels, against classes: deep embedded clustering beside k-means on pixels, codes and t-SNE.

Run by `make bench`. Every method sees the samples alone; accuracy is that of the best matching of clusters to classes.
For each method: the mean over seeds, the worst seed, and processor seconds.
"""

import argparse
import time

import numpy as np
import torch
from sklearn.cluster import KMeans
from sklearn.manifold import TSNE

from udl_teach import data, fit, metrics
from udl_teach.models import DeepEmbeddedClustering


def by_kmeans(x, n_clusters, seed, image_shape):
    return {"k-means": KMeans(n_clusters, n_init=10, random_state=seed).fit_predict(x)}


def by_tsne(x, n_clusters, seed, image_shape):
    points = TSNE(2, init="pca", random_state=seed).fit_transform(x)
    return {"k-means on t-SNE": KMeans(n_clusters, n_init=10, random_state=seed).fit_predict(points)}


def by_defaults(x, n_clusters, seed, image_shape):
    model = DeepEmbeddedClustering(x.shape[1], n_clusters, seed=seed)
    fit(model, x, seed=seed, progress=False)
    return {f"deep, defaults{', augmented' if model.side else ''}": model.predict(x)}


def without_augmentation(x, n_clusters, seed, image_shape):
    if image_shape is None:
        return {}
    model = DeepEmbeddedClustering(x.shape[1], n_clusters, augment=None, seed=seed)
    fit(model, x, seed=seed, progress=False)
    return {"deep, not augmented": model.predict(x)}


def by_improved_form(x, n_clusters, seed, image_shape):
    """As in the papers: centres by k-means on the codes, then clustering; with both sides of the start told."""
    epochs = 20
    model = DeepEmbeddedClustering(x.shape[1], n_clusters, start="kmeans", pretraining=epochs, augment=None, seed=seed)
    fit(model, x, epochs=epochs, seed=seed, progress=False)
    model.place_centres(x)
    before = model.predict(x)
    fit(model, x, epochs=40, seed=seed, progress=False)
    return {"k-means on codes": before, "improved DEC from there": model.predict(x)}


METHODS = {
    "kmeans": by_kmeans,
    "tsne": by_tsne,
    "papers": by_improved_form,
    "defaults": by_defaults,
    "plain": without_augmentation,
}


def reduced_mnist():
    """MNIST at 16 x 16 pixels, cut as closely as the digits of envelopes are."""
    dataset = data.mnist(n=5000)
    images = torch.tensor(dataset.x).reshape(-1, 1, 28, 28)[:, :, 4:24, 4:24]
    images = torch.nn.functional.interpolate(images, (16, 16), mode="bilinear", antialias=True)
    return data.Dataset(images.flatten(1).numpy(), dataset.labels, name="mnist 16", image_shape=(1, 16, 16))


SETS = {
    "digits": data.digits,
    "mnist": lambda: data.mnist(n=5000),
    "mnist16": reduced_mnist,
    "wine": data.wine,
}


def main(seeds: int = 5, sets: tuple[str, ...] = tuple(SETS), methods: tuple[str, ...] = tuple(METHODS)) -> None:
    for name in sets:
        dataset = SETS[name]()
        x, labels = dataset.x, dataset.labels
        n_clusters = len(np.unique(labels))
        for method in methods:
            rows, seconds = {}, []
            for seed in range(seeds):
                started = time.process_time()
                for told, clusters in METHODS[method](x, n_clusters, seed, dataset.image_shape).items():
                    both = metrics.clustering_accuracy(labels, clusters), metrics.nmi(labels, clusters)
                    rows.setdefault(told, []).append(both)
                seconds.append(time.process_time() - started)
            for told, pairs in rows.items():
                (accuracy, nmi), (low, lowest) = np.mean(pairs, axis=0), np.min(pairs, axis=0)
                print(
                    f"{name:<8}{told:<26} accuracy {accuracy:.3f} (worst {low:.3f})  NMI {nmi:.3f} (worst {lowest:.3f})"
                    f"  {np.mean(seconds):5.0f} s",
                    flush=True,
                )
            if len(rows) == 2:
                before, after = (np.array(pairs)[:, 1] for pairs in rows.values())
                gain = after - before
                print(f"{name:<8}NMI gained by clustering: mean {gain.mean():+.3f}, worst seed {gain.min():+.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--sets", nargs="+", default=tuple(SETS), choices=SETS)
    parser.add_argument("--methods", nargs="+", default=tuple(METHODS), choices=METHODS)
    main(**vars(parser.parse_args()))
