"""What the autoencoders reach on held-out data, as mean and spread over seeds, beside PCA on the same split.

Run by `make bench`. MNIST is measured too where it is present (in the cache or in the folder UDL_TEACH_DATA).
"""

import math

import numpy as np

from udl_teach import data, fit, metrics
from udl_teach.models import PCA, Autoencoder

SEEDS = range(5)


def falling(rate, steps):
    """A rate that falls to nothing along half a cosine (Loshchilov and Hutter 2017, eq. 5)."""
    return lambda index: rate * 0.5 * (1 + math.cos(math.pi * min(index / steps, 1)))


def learned(train, seed, *, epochs, batch_size, rate, **options):
    model = Autoencoder(train.x.shape[1], seed=seed, **options)
    steps = epochs * math.ceil(len(train) / batch_size)
    learning_rate = falling(rate, steps)
    history = fit(
        model, train.x, epochs=epochs, batch_size=batch_size, learning_rate=learning_rate, seed=seed, progress=False
    )
    return model, history.seconds


def told(name, values, aim):
    print(f"  {name:<58} {np.mean(values):8.4f} ± {np.std(values):.4f}   {aim}", flush=True)


def deep(latent_size, aim):
    errors, bars, seconds = [], [], []
    for seed in SEEDS:
        train, test = data.digits().split(seed=seed)
        options = {"latent_size": latent_size, "hidden_sizes": (256, 128), "output": "sigmoid", "noise": 0.1}
        model, time = learned(train, seed, epochs=100, batch_size=64, rate=3e-3, **options)
        errors.append(metrics.mean_squared_error(test.x, model(test.x)))
        bars.append(metrics.mean_squared_error(test.x, PCA(latent_size).fit(train.x)(test.x)))
        seconds.append(time)
    told(f"deep, {latent_size} dimensions: squared error a pixel", errors, f"(aim: at most {aim})")
    told(f"PCA, {latent_size} dimensions", bars, "")
    told("  seconds of one fit", seconds, "(aim: under 10)")


def linear(latent_size):
    ratios, angles, seconds = [], [], []
    for seed in SEEDS:
        train, test = data.digits().split(seed=seed)
        model, time = learned(
            train, seed, epochs=1200, batch_size=512, rate=5e-2, latent_size=latent_size, hidden_sizes=()
        )
        pca = PCA(latent_size).fit(train.x)
        ours, theirs = (metrics.mean_squared_error(test.x, either(test.x)) for either in (model, pca))
        directions, _ = np.linalg.qr(model.decoder[0].weight.detach().numpy())
        cosines = np.linalg.svd(directions.T @ pca.components.numpy().T, compute_uv=False)
        ratios.append(ours / theirs)
        angles.append(np.degrees(np.arccos(np.clip(cosines.min(), -1, 1))))
        seconds.append(time)
    told(f"linear, {latent_size} dimensions: error as a multiple of PCA's", ratios, "(aim: within 1 %)")
    told("  largest angle between the subspaces, degrees", angles, "(aim: within 2)")
    told("  seconds of one fit", seconds, "(aim: under 10)")


def mnist():
    try:
        train, test = data.mnist(train=True), data.mnist(train=False)
    except Exception as error:
        print(f"  MNIST is not here, so it was not measured: {error}")
        return
    options = {"latent_size": 32, "hidden_sizes": (512, 256), "output": "sigmoid"}
    model, seconds = learned(train, 0, epochs=15, batch_size=128, rate=1e-3, **options)
    told("MNIST, 32 dimensions: squared error a pixel", [metrics.mean_squared_error(test.x, model(test.x))], "(0.009)")
    told("  seconds", [seconds], "(aim: under 180)")


def main():
    print("held-out digits, mean ± standard deviation over five seeds:")
    deep(2, 0.031)
    deep(8, 0.0125)
    linear(2)
    linear(8)
    mnist()


if __name__ == "__main__":
    main()
