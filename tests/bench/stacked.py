"""Stacked digits: how many of 1,000 modes generators reach, and with what precision, beside noise and real digits.

Run by `make bench`. A picture is three digits of 8 x 8 pixels as its channels, drawn from 1,438 training digits. A
small convolutional classifier, held out at above 97 %, reads 26,000 samples of a generator channel by channel; the
number of different readings is the number of modes. Since a classifier reads a number from anything, precision and the
like (k = 5, 10,000 real and 10,000 generated pictures) stand beside it, in the space of the 192 pixels: among the
features of the classifier half of all noise lies within the balls of real digits. The last column says whether digits
were learned by heart: how far single ones are from the nearest training digit, as a multiple of that of held-out ones.

The number of modes tells less than its fame: with leaky ReLU and a high rate that falls the plain objective of 2014
reaches all of them too, and what the other one adds is precision. With ReLU and Adam's usual rate it collapses.
"""

import argparse
import time

import numpy as np
import torch

from udl_teach import data, fit, metrics
from udl_teach.models import GAN, ConvClassifier

SAMPLES, COMPARED, BATCH = 26_000, 10_000, 128


# ---- recipes ---------------------------------------------------------------------------------------------------------


def reader(seed=0, epochs=30):
    """A classifier of single digits, and the share of held-out ones that it reads rightly."""
    train, test = data.digits().split(seed=0)
    model, updates = ConvClassifier((1, 8, 8), 10, seed=seed), epochs * -(-len(train) // 64)
    rate = {"learning_rate": lambda index: 3e-3 * max(0.02, 1 - index / updates), "batch_size": 64}
    fit(model, train.x, train.labels, epochs=epochs, **rate, seed=seed, progress=False, device="cpu")
    return model, float((model.predict(test.x) == test.labels).mean())


def relativistic(seed, updates=6500):
    """What reaches the figure: pairs of scores, the slopes at real and generated samples penalized, an average."""
    game = {"objective": "relativistic", "penalty": 1.0, "average": 0.999}
    model = GAN(192, 64, (256, 256), **game, activation="leaky_relu", output="sigmoid", seed=seed)
    return learned(model, updates, (6e-3, 3e-4), seed)


def plain(seed, updates=6500):
    """The same networks, updates and rates with the non-saturating objective of 2014, and nothing else."""
    model = GAN(192, 64, (256, 256), activation="leaky_relu", output="sigmoid", seed=seed)
    return learned(model, updates, (6e-3, 3e-4), seed)


def plainest(seed, updates=6500):
    """As `plain`, with Adam's usual rate and ReLU, which lets nothing through where a unit is off."""
    model = GAN(192, 64, (256, 256), activation="relu", output="sigmoid", seed=seed)
    return learned(model, updates, (1e-3, 1e-4), seed)


RECIPES = {"relativistic GAN": relativistic, "plain GAN": plain, "plain GAN, ReLU, slower": plainest}


def learned(model, updates, rates, seed):
    """The model after so many updates of both players, and the processor's seconds that they took."""
    x = data.stacked_digits(50_000, seed=seed).x
    start, end = rates
    rate = {"learning_rate": lambda index: start * (end / start) ** (index / updates)}
    started = time.process_time()
    for step in model.steps(x, epochs=None, batch_size=BATCH, **rate, seed=seed):
        if step.index == updates:
            break
    return model, time.process_time() - started


# ---- judging ---------------------------------------------------------------------------------------------------------


def readings(model, x):
    """What the classifier reads on pictures (n, 192): whole numbers from 0 to 999."""
    return model.predict(x.reshape(-1, 1, 8, 8)).reshape(-1, 3) @ [100, 10, 1]


def judged(model, x, real):
    """Modes, their reverse KL, the four measures of fidelity and diversity in the space of pixels, and nearness."""
    coverage = metrics.class_coverage(readings(model, x), 1000)
    return (coverage.modes, coverage.reverse_kl, *metrics.prdc(real, x[:COMPARED]), nearness(x[:COMPARED]))


def nearness(x):
    """Mean distance of single digits to the nearest training digit, as a multiple of that of held-out digits."""
    train, test = data.digits().split(seed=0)
    ours, held_out = (metrics.nearest_distances(digits, train.x).mean() for digits in (x.reshape(-1, 64), test.x))
    return ours / held_out


COLUMNS = {"modes": 1, "rev. KL": 3, "precision": 3, "recall": 3, "density": 3, "coverage": 3, "nearest": 3}
HEAD = f"  {'':<44} " + " ".join(f"{name:>9}" for name in COLUMNS)


def told(name, rows):
    lines = [(name, np.mean(rows, axis=0)), ("    ±", np.std(rows, axis=0))]
    for words, values in lines[: len(rows)]:
        numbers = " ".join(f"{v:>9.{digits}f}" for v, digits in zip(values, COLUMNS.values(), strict=True))
        print(f"  {words:<44} {numbers}", flush=True)


def stacked(seeds, updates):
    model, accuracy = reader()
    print(f"stacked digits; the classifier reads {accuracy:.2%} of held-out digits rightly (aim: above 97 %)")
    print(HEAD)
    real = data.stacked_digits(COMPARED, seed=1000).x
    rng = np.random.default_rng(0)
    again = data.stacked_digits(SAMPLES, seed=1001).x
    beside = {
        "real: other stacks of training digits": again,
        "real: stacks of held-out digits": data.stacked_digits(SAMPLES, seed=1001, split="test").x,
        "noise: every pixel drawn from [0, 1]": rng.random((SAMPLES, 192), dtype=np.float32),
        "noise: every pixel from some real picture": rng.permuted(again, axis=0),
    }
    for name, x in beside.items():
        told(name, [judged(model, x, real)])
    for name, recipe in RECIPES.items():
        rows, seconds = [], []
        for seed in range(seeds):
            gan, spent = recipe(seed, updates)
            rows.append(judged(model, gan.sample(SAMPLES, seed=seed), real))
            seconds.append(spent)
            told(f"    {name}, seed {seed}, {spent:.0f} s", rows[-1:])
        told(f"{name}, mean", rows)
        print(f"    processor seconds {np.mean(seconds):.0f} ± {np.std(seconds):.0f}", flush=True)
    print("  (aim of the first: at least 990 modes, precision at least 0.8, at most 300 seconds of the processor)")


# ---- a known answer --------------------------------------------------------------------------------------------------


def gaussians(draws):
    print("10,000 samples of N(0, I) in 1,000 dimensions on both sides, k = 5, over draws:")
    found = []
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        found.append(metrics.prdc(rng.normal(size=(10_000, 1000)), rng.normal(size=(10_000, 1000))))
    authors = (0.4772, 0.4705, 1.0555, 0.9735)
    for name, values, theirs in zip(metrics.PRDC._fields, np.transpose(found), authors, strict=True):
        print(
            f"  {name:<10} {values.mean():.3f} ± {values.std():.3f}   (one draw of its authors: {theirs})", flush=True
        )


PARTS = ("gaussians", "stacked")


def main(seeds=5, updates=6500, draws=5, only=PARTS):
    torch.set_num_threads(1)  # times are those of the processor
    ways = {"gaussians": lambda: gaussians(draws), "stacked": lambda: stacked(seeds, updates)}
    for name in only:
        ways[name]()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--updates", type=int, default=6500, help="of both players, for each generator")
    parser.add_argument("--draws", type=int, default=5, help="of the two Gaussian sets")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS)
    main(**vars(parser.parse_args()))
