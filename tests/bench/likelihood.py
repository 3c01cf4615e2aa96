"""How likely held-out data are under the variational autoencoders, beside a Bernoulli mixture and closed forms.

Run by `make bench`. All figures are nats a sample, on data that neither weights nor settings have seen. MNIST is
measured too where it is present (in the cache or in the folder UDL_TEACH_DATA).

Digits are binarized at half the ink (x > 0.5). Both rivals may learn from the grey values as well, softened to chances
sigmoid((x - 0.51) / softness): ink far from a half is certain, ink near it is drawn anew in each step. The autoencoder
has one setting for all splits; the mixture's size, smoothing and softness (none among them) are chosen on validation
data for each split.
"""

import argparse
import math
import statistics
import time

import numpy as np
import torch
from sklearn.decomposition import PCA
from torch import nn
from torch.nn import functional

from udl_teach import data, fit
from udl_teach.models import VariationalAutoencoder

BATCH = 128


def told(name, values, aim=""):
    print(f"  {name:<72} {np.mean(values):8.3f} ± {np.std(values):.3f}   {aim}", flush=True)


def falling(rate, progress):
    """A rate that falls along half a cosine while `progress()` goes from 0 to 1 (Loshchilov and Hutter 2017, eq. 5)."""
    return lambda index: rate * max(0.01, 0.5 * (1 + math.cos(math.pi * min(progress(index), 1.0))))


# ---- binarized digits ------------------------------------------------------------------------------------------------


def halved(x):
    return (x > 0.5).astype(np.float32)


def softened(x, softness):
    return (1 / (1 + np.exp(-(x - 0.51) / softness))).astype(np.float32)


class Mixture:
    """A Bernoulli mixture by expectation maximization; every pixel's chance leans on the mean image by `smoothing`."""

    def __init__(self, x, size, smoothing, rng, rounds=80):
        mean = x.mean(axis=0)
        self.share = np.full(size, 1 / size)
        self.chance = np.clip(0.5 * x[rng.choice(len(x), size, replace=False)] + 0.25, 1e-4, 1 - 1e-4)
        before = -np.inf
        for _ in range(rounds):
            joint = self._joint(x)
            total = np.logaddexp.reduce(joint, axis=1)
            member = np.exp(joint - total[:, None])
            count = member.sum(axis=0)
            chance = (member.T @ x + smoothing * mean) / (count[:, None] + smoothing)
            self.chance, self.share = np.clip(chance, 1e-4, 1 - 1e-4), (count + 1e-3) / (count + 1e-3).sum()
            if total.mean() < before + 1e-3:
                break
            before = total.mean()

    def _joint(self, x):
        no, yes = np.log1p(-self.chance), np.log(self.chance)
        return x @ (yes - no).T + no.sum(axis=1) + np.log(self.share)

    def log_likelihood(self, x):
        return np.logaddexp.reduce(self._joint(x), axis=1)


def best_mixture(x, validation, rng):
    """The mixture that the validation data are likeliest under, over sizes and smoothings; and how likely they are."""
    settings = [(size, smoothing) for size in (20, 40, 80, 160, 320, 640) for smoothing in (0.03, 0.1, 0.3, 1.0)]
    mixtures = [Mixture(x, *setting, rng) for setting in settings]
    scores = [mixture.log_likelihood(validation).mean() for mixture in mixtures]
    return max(scores), mixtures[int(np.argmax(scores))]


def digits(seeds):
    print("binarized digits (1,258 to learn from, 180 to choose by, 359 to judge by):", flush=True)
    plain, soft, vaes, seconds = [], [], [], []
    for seed in range(seeds):
        train, validation, test = data.digits().split((0.7, 0.1, 0.2), seed=seed)
        rng = np.random.default_rng(seed)
        held_out, judged = halved(validation.x), halved(test.x)
        kinds = [halved(train.x), *(softened(train.x, softness) for softness in (0.04, 0.06, 0.08))]
        found = [best_mixture(x, held_out, rng) for x in kinds]
        plain.append(found[0][1].log_likelihood(judged).mean())
        soft.append(max(found, key=lambda pair: pair[0])[1].log_likelihood(judged).mean())
        model = VariationalAutoencoder(64, 16, (200, 200), samples=20, seed=seed)
        updates = 200 * math.ceil(len(train) / 64)
        rate = falling(4e-3, lambda index, updates=updates: index / updates)
        started = time.process_time()
        learn = {"epochs": 200, "batch_size": 64, "learning_rate": rate, "seed": seed, "binarize": True}
        fit(model, softened(train.x, 0.06), **learn, progress=False, device="cpu")
        seconds.append(time.process_time() - started)
        vaes.append(model.log_likelihood(judged, 5000).mean())
        sizes = [len(mixture.share) for _, mixture in found]
        print(
            f"    split {seed}: {vaes[-1]:.2f}, mixtures {plain[-1]:.2f} and {soft[-1]:.2f}, sizes {sizes}", flush=True
        )
    told("autoencoder 200-200-16-200-200, importance-weighted, 5,000 samples", vaes)
    told("Bernoulli mixture, learned from the same binarized digits", plain)
    told("  better by", np.subtract(vaes, plain), "(aim: at least 0.5)")
    told("Bernoulli mixture that may learn from softened grey values too", soft)
    told("  better by", np.subtract(vaes, soft))
    told("  processor seconds of one training", seconds, "(aim: under 60)")


# ---- glyphs and MNIST ------------------------------------------------------------------------------------------------


# Codes drawn for a sample, and until which share of the time. Fifty codes cost fifty decodings, so one begins with few.
STAGES = {"VAE": ((1, 1.0),), "importance-weighted, 1, 5, then 50 samples": ((1, 0.5), (5, 0.75), (50, 1.0))}


def learned_for(seconds, x, stages, seed):
    """A model after so many seconds of the processor, and the last of its steps."""
    model = VariationalAutoencoder(x.shape[1], 50, (200, 200), seed=seed)
    started = time.process_time()
    rate = falling(2e-3, lambda index: (time.process_time() - started) / seconds)
    for step in model.steps(x, epochs=None, learning_rate=rate, seed=seed, binarize=True, batch_size=64):
        share = (time.process_time() - started) / seconds
        if share >= 1:
            model.eval()
            return model, step
        model.samples = next(samples for samples, until in stages if share < until)


def at_equal_time(name, train, test, minutes, seeds, samples=1000, aim=""):
    print(f"{name}, binarized anew in each step, {minutes:g} minutes of the processor for each model:", flush=True)
    reached = {kind: [] for kind in STAGES}
    for seed in range(seeds):
        judged = data.binarized(test, seed=seed)
        for kind, stages in STAGES.items():
            model, step = learned_for(60 * minutes, train, stages, seed)
            reached[kind].append(model.log_likelihood(judged, samples).mean())
            rest = f"{step.epoch} passes, {model.active_units(judged[:1000])} active units"
            print(f"    seed {seed}, {kind}: {reached[kind][-1]:.2f} after {rest}", flush=True)
    print(f"  log-likelihood of {len(test):,} held out, {samples:,} samples:")
    for kind, values in reached.items():
        told(kind, values, aim)
    one, many = reached.values()
    told("  importance-weighted better by", np.subtract(many, one), "(aim: above 0)")


def glyphs(minutes, seeds):
    train, test = data.glyphs(10_500, seed=0).split((10_000 / 10_500, 500 / 10_500), seed=0)
    at_equal_time("10,000 glyphs", train.x, test.x, minutes, seeds)


def mnist(minutes):
    try:
        train, test = data.mnist(train=True), data.mnist(train=False)
    except Exception as error:
        print(f"  MNIST is not here, so it was not measured: {error}")
        return
    aim = "(aim after 20 minutes on two cores: at least -89.0)"
    at_equal_time(f"MNIST, {len(train):,} images", train.x, test.x, minutes, 1, aim=aim)


# ---- a closed form ---------------------------------------------------------------------------------------------------


def linear():
    print("a linear Gaussian model beside probabilistic PCA's closed form (digits, 5 dimensions):", flush=True)
    x = data.digits().x
    model = VariationalAutoencoder(64, 5, (), likelihood="gaussian")
    for epochs, rate in ((400, 0.03), (300, 0.003), (200, 0.0003)):
        fit(model, x, epochs=epochs, batch_size=len(x), learning_rate=rate, progress=False, device="cpu")
    wanted = PCA(5, svd_solver="full").fit(x).score(x)
    with torch.no_grad():
        batch, generator = torch.from_numpy(x.copy()), torch.Generator().manual_seed(0)
        bound = -np.mean([model.loss(batch, generator)["loss"].item() for _ in range(200)])
    print(f"  closed form {wanted:.3f}, bound {bound:.3f}, 1,000 samples {model.log_likelihood(x, 1000).mean():.3f}")
    print(f"  bound away from it by {abs(bound - wanted):.3f} (aim: at most 0.1)", flush=True)


# ---- time of a step --------------------------------------------------------------------------------------------------


def layers(sizes):
    stack = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
        stack += [nn.Linear(n_in, n_out), nn.GELU()]
    return nn.Sequential(*stack[:-1])


def by_hand(x, latent_size, hidden, epochs):
    """The tight loop: one shuffle a pass, views as batches, fused Adam, the three terms kept as numbers."""
    encoder = layers((x.shape[1], *hidden, 2 * latent_size))
    decoder = layers((latent_size, *hidden[::-1], x.shape[1]))
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-3, fused=True)
    history = []
    for _ in range(epochs):
        for batch in x[torch.randperm(len(x))].split(BATCH):
            batch = (torch.rand(batch.shape) < batch).float()
            mean, log_variance = encoder(batch).chunk(2, dim=1)
            z = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
            error = functional.binary_cross_entropy_with_logits(decoder(z), batch, reduction="sum") / len(batch)
            kl = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum() / len(batch)
            loss = error + kl
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            history.append((loss.item(), error.item(), kl.item()))


def by_fit(x, latent_size, hidden, epochs):
    model = VariationalAutoencoder(x.shape[1], latent_size, hidden)
    fit(model, x, epochs=epochs, batch_size=BATCH, binarize=True, progress=False, device="cpu")


def speed(rounds):
    print(f"a training step beside the same one written by hand, processor time, median of {rounds} rounds:")
    for name, x, latent_size, hidden, epochs in (
        ("784-200-200-50, glyphs", data.glyphs(5000, seed=0).x, 50, (200, 200), 2),
        ("64-128-8, digits", data.digits().x, 8, (128,), 30),
    ):
        x, seconds = torch.from_numpy(x.copy()), {by_hand: [], by_fit: []}
        for turn in range(rounds + 1):
            for way, times in seconds.items():
                started = time.process_time()
                way(x, latent_size, hidden, epochs)
                if turn:  # the first one warms up
                    times.append(time.process_time() - started)
        steps = epochs * math.ceil(len(x) / BATCH)
        hand, ours = (1e3 * statistics.median(times) / steps for times in seconds.values())
        print(f"  {name:<24} by hand {hand:.2f} ms, fit {ours:.2f} ms, ratio {ours / hand:.2f} (aim: at most 1.15)")


PARTS = ("speed", "linear", "digits", "glyphs", "mnist")


def main(minutes=4.0, seeds=5, rounds=9, only=PARTS):
    torch.set_num_threads(1)  # times are those of the processor
    ways = {
        "speed": lambda: speed(rounds),
        "linear": linear,
        "digits": lambda: digits(seeds),
        "glyphs": lambda: glyphs(minutes, min(seeds, 3)),
        "mnist": lambda: mnist(minutes),
    }
    for name in only:
        ways[name]()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=4.0, help="of the processor for each model of the equal race")
    parser.add_argument("--seeds", type=int, default=5, help="splits of the digits; at most three are used for glyphs")
    parser.add_argument("--rounds", type=int, default=9, help="of the comparison of times")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS)
    main(**vars(parser.parse_args()))
