"""Generated digits and what they are worth: as training data, beside held-out real ones, and beside a plain recipe.

Run by `make bench`. A seed is that of the split (four fifths of the 1,797 digits to learn from, a fifth to judge by),
of the first weights and of the learning. All figures are taken in the space of the 64 pixels:

- accuracy: of scikit-learn's LogisticRegression(max_iter=1000), all else as it stands, on the held-out real digits,
  once it has learned from generated digits alone, as many as there are real ones to learn from, every class equally
  often;
- precision, recall, density, coverage: k = 5, the held-out digits beside as many generated ones, every class equally
  often;
- nearest: mean distance of a generated digit to its nearest training digit, divided by that of a held-out digit.
"""

import argparse
import math
import time

import numpy as np
import torch
from pace import beside
from sklearn.linear_model import LogisticRegression
from torch.nn.functional import softplus

from udl_teach import data, fit, metrics
from udl_teach.models import ConvGAN


def told(name, values, aim=""):
    print(f"  {name:<62} {np.mean(values):7.3f} ± {np.std(values):.3f}   {aim}", flush=True)


# ---- recipes ---------------------------------------------------------------------------------------------------------


def conditional_digits(train, seed=0):
    """Digits by their class: relativistic objective with R1 and R2, both rates falling, EMA of the generator."""
    return _conditional(train, seed, epochs=180)


def short_digits(train, seed=0, epochs=60):
    """The same in a third of the time."""
    return _conditional(train, seed, epochs)


def _conditional(train, seed, epochs):
    model = ConvGAN((1, 8, 8), 32, (16, 32), n_classes=10, objective="relativistic", ema=0.995, seed=seed)
    learning = {"learning_rate": (1e-2, 5e-4), "betas": (0.0, 0.99), "epochs": epochs, "batch_size": 64}
    history = fit(model, train.images, train.labels, **learning, seed=seed, device="cpu", progress=False)
    return model, history


def plain_digits(train, seed=0, epochs=60):
    """The game as it was first played, on the same networks: no labels, no penalty, no EMA, one rate."""
    model = ConvGAN((1, 8, 8), 32, (16, 32), objective="non-saturating", seed=seed)
    learning = {"learning_rate": 1e-3, "epochs": epochs, "batch_size": 64}
    history = fit(model, train.images, **learning, seed=seed, device="cpu", progress=False)
    return model, history


# ---- figures ---------------------------------------------------------------------------------------------------------


def taught(x, labels, test):
    """Accuracy on held-out real digits of a logistic regression that has learned from `x` alone."""
    return LogisticRegression(max_iter=1000).fit(x, labels).score(test.x, test.labels)


def judged(model, train, test):
    """(accuracy or NaN, precision, recall, density, coverage, nearest) of a model's digits."""
    accuracy = math.nan
    if model.n_classes is not None:
        x = model.sample(len(train), seed=1)
        accuracy = taught(x.reshape(len(x), -1), np.arange(len(x)) % 10, test)
    x = model.sample(len(test), seed=2).reshape(len(test), -1)
    apart = metrics.nearest_distances(x, train.x).mean() / metrics.nearest_distances(test.x, train.x).mean()
    return accuracy, *metrics.prdc(test.x, x, k=5), apart


def report(name, results, accuracies_real=None):
    print(f"{name}:", flush=True)
    accuracy, precision, recall, density, coverage, nearest, seconds, steps = np.array(results).T
    if accuracies_real is not None:
        told("accuracy of the logistic regression taught by generated digits", accuracy, "(aim: at least 0.92)")
        told("  taught by the real ones that the game learned from", accuracies_real)
    told("coverage", coverage, "(aim: at least 0.85)")
    told("precision", precision)
    told("recall", recall)
    told("density", density)
    told("nearest training digit, as a multiple of held-out ones' distance", nearest, "(aim: at least 0.95)")
    told(f"processor seconds of one training, {steps[0]:.0f} steps", seconds, "(aim: at most 60)")


def digits(seeds):
    print(f"digits 8 x 8, {seeds} seeds, mean ± standard deviation:", flush=True)
    for name, recipe in (
        ("conditional, long", conditional_digits),
        ("conditional, short", short_digits),
        ("plain game on the same networks, as many steps as the short one", plain_digits),
    ):
        results, accuracies_real = [], []
        for seed in range(seeds):
            train, test = data.digits().split((0.8, 0.2), seed=seed)
            started = time.process_time()
            model, history = recipe(train, seed)
            seconds = time.process_time() - started
            results.append((*judged(model, train, test), seconds, len(history)))
            if model.n_classes is not None:
                accuracies_real.append(taught(train.x, train.labels, test))
        report(name, results, accuracies_real or None)
    copies = [beside_real(seed) for seed in range(seeds)]
    print("real training digits in place of generated ones, as many as there are held-out ones:", flush=True)
    for name, values in zip(("precision", "recall", "density", "coverage"), zip(*copies, strict=True), strict=True):
        told(name, values)


def beside_real(seed):
    """What precision, recall, density and coverage would be for samples that nothing is wrong with."""
    train, test = data.digits().split((0.8, 0.2), seed=seed)
    return metrics.prdc(test.x, train.x[: len(test)], k=5)


# ---- what a step costs -----------------------------------------------------------------------------------------------


def plain_steps(model, x, y, batch_size, rate):
    """The short recipe's step written by hand in plain PyTorch, without a check or a number for the reader."""
    players = (model.discriminator, model.generator)
    adams = [torch.optim.Adam(player.parameters(), lr=rate, betas=(0.0, 0.99), fused=True) for player in players]
    while True:
        order = torch.randperm(len(x))
        for start in range(0, len(x) - batch_size + 1, batch_size):
            chosen = order[start : start + batch_size]
            real, labels = x[chosen], y[chosen]
            one_hot = torch.nn.functional.one_hot(labels, model.n_classes).float()
            with torch.no_grad():
                fake = model.generator(torch.cat([torch.randn(batch_size, model.latent_size), one_hot], dim=1))
            both = torch.cat([real, fake]).requires_grad_()
            scores = model.discriminator(both, labels.repeat(2)[:, None])
            (slopes,) = torch.autograd.grad(scores.sum(), both, create_graph=True)
            penalty = model.penalty * slopes.square().flatten(1).sum(dim=1).mean()
            loss = softplus(scores[batch_size:] - scores[:batch_size]).mean() + penalty
            adams[0].zero_grad()
            loss.backward()
            adams[0].step()
            model.discriminator.requires_grad_(False)
            fake = model.generator(torch.cat([torch.randn(batch_size, model.latent_size), one_hot], dim=1))
            with torch.no_grad():
                at_real = model.discriminator(real, labels[:, None])
            loss = softplus(at_real - model.discriminator(fake, labels[:, None])).mean()
            adams[1].zero_grad()
            loss.backward()
            adams[1].step()
            model.discriminator.requires_grad_(True)
            with torch.no_grad():
                for kept, now in zip(model.generator_ema.parameters(), model.generator.parameters(), strict=True):
                    kept.lerp_(now, 1 - model.ema)
            yield


def step_ratio(rounds=7, steps=40):
    """Processor time of our step divided by that of the step by hand, alternating; the median over the rounds."""
    train, _ = data.digits().split((0.8, 0.2), seed=0)
    n = len(train) // 64 * 64  # whole batches on both sides
    x, y = torch.tensor(train.images[:n]), torch.tensor(train.labels[:n])

    def made():
        rules = {"n_classes": 10, "objective": "relativistic", "ema": 0.995}
        return ConvGAN((1, 8, 8), 32, (16, 32), **rules)

    ours = made().steps(x, y, epochs=None, batch_size=64, learning_rate=1e-3, betas=(0.0, 0.99))
    plain = plain_steps(made(), x, y, 64, 1e-3)
    ratio, mine, by_hand = beside(ours, plain, rounds, steps)
    print(f"a step of the short recipe: {1e3 * mine:.2f} ms, by hand {1e3 * by_hand:.2f} ms")
    print(f"  median ratio over {rounds} rounds {ratio:.2f} (aim: at most 1.2)", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    step_ratio()
    digits(chosen.seeds)
