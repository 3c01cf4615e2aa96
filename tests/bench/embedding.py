"""Parametric maps beside scikit-learn's t-SNE: trustworthiness and continuity at 12, on training and new samples.

1,000 samples for training and the others (at most 1,000) new. Five seeds of map, rival and split, on digits and on
MNIST; `--seeds` and `--sets` do less.
"""

import argparse
import time

import numpy as np
from sklearn.manifold import TSNE

from udl_teach import data, fit, metrics
from udl_teach.models import NeighbourEmbedding

N = 1000
SETS = {"digits": data.digits, "mnist": lambda: data.mnist(n=5000)}


def both(x, z):
    return np.array([metrics.trustworthiness(x, z, 12), metrics.continuity(x, z, 12)])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=SETS)
    parser.add_argument("--objectives", nargs="*", default=["tsne", "umap"])
    options = parser.parse_args()
    for name in options.sets:
        x = SETS[name]().x
        found = {}
        for seed in range(options.seeds):
            order = np.random.default_rng(seed).permutation(len(x))
            old, new = x[order[:N]], x[order[N : 2 * N]]
            rival = both(old, TSNE(random_state=seed).fit_transform(old))
            for objective in options.objectives:
                started = time.perf_counter()
                model = NeighbourEmbedding(x.shape[1], objective=objective, seed=seed)
                fit(model, old, seed=seed, progress=False, device="cpu")
                numbers = [rival, both(old, model.encode(old)), both(new, model.encode(new))]
                found.setdefault(objective, []).append(numbers)
                seconds = time.perf_counter() - started
                print(f"  {name} {objective} seed {seed}, {seconds:.0f} s: {np.round(numbers, 4).tolist()}", flush=True)
        for objective, runs in found.items():
            rival, old, new = np.mean(runs, axis=0)
            below, drop = (rival - old).max(), (old - new).max()
            met = "met" if below <= 0.02 and drop <= 0.10 else "NOT MET"
            print(f"{name} {objective}: {below:.4f} below t-SNE (at most 0.02), new {drop:.4f} lower (0.10): {met}")


if __name__ == "__main__":
    main()
