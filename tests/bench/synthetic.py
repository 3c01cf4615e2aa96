"""Synthetic tables: usefulness, rules, privacy, of the default and its rivals in the same run.

Run by `make bench`. Defaults only. Diamonds: R^2 of log price by gradient boosting, trained on synthetic and tested on
real rows, and rules broken. Classes ("ideal" cuts of diamonds; expenses above 100 dollars of persons): macro-F1, mean
of a tree, logistic regression, a forest and a network, as census tables are judged. Privacy: share closer to training,
membership inference of persons, and of the planted rare ones. Mean and standard deviation over seeds (of the split
and of the model), processor seconds to fit.
"""

import argparse
import time
import warnings

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.tree import DecisionTreeClassifier

from udl_teach import data, metrics
from udl_teach.estimators import Sampler
from udl_teach.models import GaussianCopula, IndependentColumns, Interpolation, TabularGAN, TabularMADE, TabularVAE

MODELS = {
    "TabularMADE (default)": TabularMADE,
    "TabularVAE": TabularVAE,
    "TabularGAN": TabularGAN,
    "interpolation (SMOTE)": Interpolation,
    "Gaussian copula": GaussianCopula,
    "independent columns": IndependentColumns,
}
LEARNERS = (
    lambda: DecisionTreeClassifier(max_depth=15, random_state=0),
    lambda: LogisticRegression(max_iter=300),
    lambda: RandomForestClassifier(85, max_depth=12, random_state=0),
    lambda: MLPClassifier((50,), max_iter=30, random_state=0),
)


def diamonds(seed, n):
    frame = data.diamonds().sample(2 * n, random_state=seed).reset_index(drop=True)
    return frame[:n], frame[n:]


def ideal(frame):
    return frame.assign(ideal=frame["cut"] == "Ideal").drop(columns="cut")


def persons(seed, n=None):
    frame = data.persons()
    frame = frame.assign(costly=frame["expenses"] > 100).drop(columns="expenses")
    frame = frame.sample(frac=1.0, random_state=seed).reset_index(drop=True)
    return frame[:4000], frame[4000:]


def logged(frame):
    return frame.assign(price=np.log(frame["price"].clip(lower=1)))


def f1(train, test, label):
    return np.mean([metrics.transfer_score(train, test, label, learner=learner()) for learner in LEARNERS])


def copied(frame, seed):
    return frame.sample(len(frame), replace=True, random_state=seed)


def show(name, runs):
    """One line: mean and standard deviation over seeds of every figure."""
    line = ", ".join(
        f"{key} {np.mean([run[key] for run in runs]):.3f} +- {np.std([run[key] for run in runs]):.3f}"
        for key in runs[0]
    )
    print(f"{name:<24}{line}", flush=True)


def usefulness(models, seeds, n):
    print(f"diamonds, {n:,} rows, and persons, 4,000 rows: real rows", flush=True)
    for name in ("real", *models):
        runs = []
        for seed in range(seeds):
            train, test = diamonds(seed, n)
            people, other = persons(seed)
            run = {"seconds": 0.0}
            if name != "real":
                started = time.process_time()
                train = Sampler(MODELS[name], random_state=seed).fit(train).sample(n)
                run["seconds"] = time.process_time() - started
                people = Sampler(MODELS[name], random_state=seed).fit(people).sample(len(people))
            run["R2"] = metrics.transfer_score(logged(train), logged(test), "price")
            run |= {
                f"broken {k}": v for k, v in enumerate(metrics.rule_violations(train, data.diamond_rules()).values())
            }
            run["F1 ideal"], run["F1 costly"] = f1(ideal(train), ideal(test), "ideal"), f1(people, other, "costly")
            runs.append(run)
        show(name, runs)


def privacy(models, seeds, shadows):
    frame = data.persons(rare=5)
    rare = np.arange(len(frame) - 5, len(frame))
    print(f"privacy of {len(frame):,} persons, {shadows} shadow models", flush=True)
    for name in ("a copier", *models):
        runs = []
        for seed in range(seeds):

            def generate(rows, number, name=name):
                if name == "a copier":
                    return copied(rows, number)
                return Sampler(MODELS[name], random_state=number).fit(rows).sample(len(rows))

            mixed = frame.sample(frac=1.0, random_state=seed)
            train, holdout = mixed[::2], mixed[1::2]
            run = {"closer to training": metrics.closer_to_training(generate(train, seed), train, holdout).share}
            targets = np.r_[np.random.default_rng(seed).permutation(len(frame) - 5)[:500], rare]
            attack = metrics.membership_inference(generate, frame, targets=targets, shadows=shadows, seed=seed)
            run |= {"AUC": attack.auc, "low": attack.low, "high": attack.high}
            run["AUC rare"] = float(np.nanmean(attack.per_target[-5:]))
            runs.append(run)
        show(name, runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=20_000, help="diamonds to learn from")
    parser.add_argument("--shadows", type=int, default=8)
    parser.add_argument("--models", nargs="*", default=list(MODELS), choices=list(MODELS))
    parser.add_argument("--parts", nargs="*", default=["usefulness", "privacy"], choices=["usefulness", "privacy"])
    chosen = parser.parse_args()
    warnings.filterwarnings("ignore", category=UserWarning)
    if "usefulness" in chosen.parts:
        usefulness(chosen.models, chosen.seeds, chosen.rows)
    if "privacy" in chosen.parts:
        privacy(chosen.models, chosen.seeds, chosen.shadows)


if __name__ == "__main__":
    main()
