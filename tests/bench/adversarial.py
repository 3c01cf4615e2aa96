"""The adversarial game on the ring and on the grid: modes, quality and evenness, and what a step costs.

Run by `make bench`. The protocol is that of PacGAN (Lin et al. 2018, section 4.1): 2,500 samples; one is of high
quality within 3 standard deviations of its nearest mode, a mode counts with one such sample, and the reverse KL is that
of the histogram over the modes. A seed is that of the data, of the first weights and of the learning. Known from that
paper, with other networks: grid PacGAN4 24.8 modes, 93.6 %, 0.04 and its plain GAN 17.3, 94.8 %, 0.70; ring PacGAN2
7.9, 95.6 %, 0.07.

"tuned" is the best recipe found for each set. "plain" is the game before anything is mended: Adam's default betas, one
rate, no penalty, no packing, no EMA; it gets networks of the same sizes, as many updates and the same batches.
"""

import argparse
import time

import numpy as np
import torch
from pace import beside
from torch.nn.functional import softplus

from udl_teach import data, metrics
from udl_teach.models import GAN

SAMPLES = 2500


def verdict(asked, value, met, form=".2f"):
    print(f"    {asked:<44} measured {value:{form}}   {'met' if met else 'NOT MET'}", flush=True)


# ---- recipes ---------------------------------------------------------------------------------------------------------

# The data are scaled so that a mode has a standard deviation of 0.1: finer things take the first layers long to see.
# Depth makes the generator's jumps between modes steep; 25 modes need more width than 8.
# Which of the two objectives goes farther was found on one or two seeds of each set.
RING = {
    "scale": 10.0,
    "sizes": {"hidden_sizes": (64,) * 6, "discriminator_sizes": (64,) * 4},
    "game": {"objective": "non-saturating", "packing": 2},
    "batch_size": 256,
}
GRID = {
    "scale": 2.0,
    "sizes": {"hidden_sizes": (128,) * 4, "discriminator_sizes": (128,) * 4},
    "game": {"objective": "relativistic"},
    "batch_size": 128,
}
UPDATES = 14_000
SETS = {
    "ring": (lambda seed: data.ring(10_000, radius=1.0, sd=0.01, seed=seed).x, data.ring_centres(), 0.01, RING),
    "grid": (
        lambda seed: data.grid(25_000, side=5, spacing=2.0, sd=0.05, seed=seed).x,
        data.grid_centres(spacing=2.0),
        0.05,
        GRID,
    ),
}


def tuned(x, seed, scale, sizes, game, batch_size):
    """R1 penalty, EMA of the generator, no momentum, learning rate decaying to a fiftieth."""
    model = GAN(2, 2, penalty=0.3, ema=0.99, seed=seed, **sizes, **game)
    rate = {"learning_rate": lambda index: 5e-3 * 0.02 ** (index / UPDATES), "betas": (0.0, 0.99)}
    return learned(model, scale * x, seed, batch_size, **rate)


def plain(x, seed, scale, sizes, game, batch_size):
    """The game of 2014 with the optimizer's defaults; on the data as they are."""
    model = GAN(2, 2, seed=seed, **sizes)
    return learned(model, x, seed, batch_size, learning_rate=1e-3, betas=(0.9, 0.999))


def learned(model, x, seed, batch_size, **how):
    """The model after UPDATES of both players, and the processor's seconds that they took."""
    started = time.process_time()
    for step in model.steps(x, epochs=None, batch_size=batch_size, seed=seed, **how):
        if step.index == UPDATES:
            break
    return model, time.process_time() - started


# ---- figures ---------------------------------------------------------------------------------------------------------


def played(name, recipe, seeds):
    """Rows (modes, share of high quality, reverse KL, processor seconds), one a seed, printed as they come."""
    make, centres, sd, rules = SETS[name]
    rows = []
    for seed in range(seeds):
        model, seconds = recipe(make(seed), seed, **rules)
        scale = rules["scale"] if recipe is tuned else 1.0
        found = metrics.mode_coverage(model.sample(SAMPLES, seed=1) / scale, centres, sd)
        rows.append((found.modes, found.high_quality, found.reverse_kl, seconds))
        told(f"  seed {seed}", rows[-1], (0, 0, 0, 0))
    rows = np.array(rows)
    told(f"{name}, {recipe.__name__}, {seeds} seeds", rows.mean(axis=0), rows.std(axis=0))
    return rows.mean(axis=0)


def told(name, mean, spread):
    modes, quality, kl, seconds = (f"{m:.{d}f} ± {s:.{d}f}" for m, s, d in zip(mean, spread, (1, 3, 3, 0), strict=True))
    print(f"  {name:<24} modes {modes}, high quality {quality}, reverse KL {kl}, {seconds} s", flush=True)


def real_points(name):
    make, centres, sd, _ = SETS[name]
    found = metrics.mode_coverage(make(1000)[:SAMPLES], centres, sd)
    told(f"{name}, real points", (found.modes, found.high_quality, found.reverse_kl, 0), (0, 0, 0, 0))


AIMS = {"ring": (8.0, 0.97, 0.02, 60), "grid": (25.0, 0.96, 0.03, 90)}


def points(name, seeds):
    print(f"{name}:", flush=True)
    real_points(name)
    mean = played(name, tuned, seeds)
    modes, quality, kl, seconds = AIMS[name]
    verdict(f"modes, at least {modes}", mean[0], mean[0] >= modes, ".1f")
    verdict(f"high quality, at least {quality}", mean[1], mean[1] >= quality, ".3f")
    verdict(f"reverse KL, at most {kl}", mean[2], mean[2] <= kl, ".3f")
    verdict(f"processor seconds, at most {seconds}", mean[3], mean[3] <= seconds, ".0f")
    played(name, plain, seeds)


# ---- what a step costs -----------------------------------------------------------------------------------------------


def plain_steps(model, x, batch_size):
    """A non-saturating step written by hand in plain PyTorch, without a check or a number for the reader."""
    players = model.discriminator, model.generator
    adams = [torch.optim.Adam(player.parameters(), lr=1e-3, betas=(0.5, 0.99), fused=True) for player in players]
    while True:
        order = torch.randperm(len(x))
        for start in range(0, len(x) - batch_size + 1, batch_size):
            real = x[order[start : start + batch_size]]
            with torch.no_grad():
                fake = model.generator(torch.randn(batch_size, model.latent_size))
            loss = softplus(-model.discriminator(real)).mean() + softplus(model.discriminator(fake)).mean()
            adams[0].zero_grad()
            loss.backward()
            adams[0].step()
            model.discriminator.requires_grad_(False)
            loss = softplus(-model.discriminator(model.generator(torch.randn(batch_size, model.latent_size)))).mean()
            adams[1].zero_grad()
            loss.backward()
            adams[1].step()
            model.discriminator.requires_grad_(True)
            yield


def step_ratio(features, hidden_sizes, batch_size, rounds=9, steps=60):
    """Processor time of our step divided by that of the step by hand, in turns; the median over the rounds."""
    x = torch.randn(2048, features, generator=torch.Generator().manual_seed(0))
    ours = GAN(features, 16, hidden_sizes).steps(x, epochs=None, batch_size=batch_size)
    by_hand = plain_steps(GAN(features, 16, hidden_sizes), x, batch_size)
    ratio, mine, hand = beside(ours, by_hand, rounds, steps)
    sizes = "-".join(map(str, (features, *hidden_sizes)))
    print(f"  {sizes}, batch {batch_size}: {1e3 * mine:.2f} ms, by hand {1e3 * hand:.2f} ms")
    verdict("ratio, at most 1.2", ratio, ratio <= 1.2)


def step():
    print("a step beside the same step written by hand:", flush=True)
    step_ratio(2, (64, 64), 128)
    step_ratio(64, (128, 128), 128)
    step_ratio(784, (256, 256), 128)


PARTS = {
    "step": lambda seeds: step(),
    "ring": lambda seeds: points("ring", seeds),
    "grid": lambda seeds: points("grid", seeds),
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    chosen = parser.parse_args()
    torch.set_num_threads(1)  # times are those of the processor
    for part in chosen.only:
        PARTS[part](chosen.seeds)
