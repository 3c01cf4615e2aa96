"""Detectors of the course beside kNN distance, isolation forest and PCA: tables, sensors, payments, recordings.

Run by `make bench`. Defaults only. Tables: one class of digits, wine, breast cancer, iris or MNIST is normal ("in"), or
is the anomaly ("out"); half of the normal samples are learned from, all others are the test. Mean AUROC, its standard
deviation over seeds, and processor seconds per set.
"""

import argparse
import time
from functools import partial
from importlib.util import find_spec

import numpy as np
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.preprocessing import StandardScaler

from udl_teach import data, metrics
from udl_teach.estimators import Detector, NeighbourDetector, PCAMonitor
from udl_teach.models import DeepSVDD, EvidenceDetector, ReconstructionDetector, threshold


class ByForest:
    def __init__(self, seed):
        self.forest = IsolationForest(random_state=seed)

    def fit(self, x):
        self.forest.fit(x)
        return self

    def score_samples(self, x):
        return self.forest.score_samples(x)


class ByPCA:
    """Squared error outside the components that keep nine tenths of the variance."""

    def __init__(self, seed):
        self.scaler, self.pca = StandardScaler(), PCA(0.9, svd_solver="full")

    def fit(self, x):
        self.pca.fit(self.scaler.fit_transform(x))
        return self

    def score_samples(self, x):
        x = self.scaler.transform(x)
        return -((x - self.pca.inverse_transform(self.pca.transform(x))) ** 2).sum(axis=1)


class ByPrediction:
    """Squared errors of predicting each column linearly from all others, in units of their variance (lesson 11).

    With P the inverse covariance, the error of column j is (P z)_j / P_jj and its variance 1 / P_jj.
    """

    def fit(self, x):
        self.scaler = StandardScaler().fit(x)
        self.inverse = np.linalg.pinv(np.cov(self.scaler.transform(x).T), hermitian=True)
        return self

    def score_samples(self, x):
        errors = self.scaler.transform(x) @ self.inverse
        return -(errors**2 / self.inverse.diagonal().clip(min=1e-12)).sum(axis=1)


DETECTORS = {
    "denoising reconstruction (default)": lambda seed: Detector(random_state=seed),
    "reconstruction, nothing trimmed": lambda seed: Detector(trimmed=0.0, random_state=seed),
    "reconstruction, extremes kept": lambda seed: Detector(
        scale="standard", activation="tanh", strength=0.5, random_state=seed
    ),
    "linear reconstruction": lambda seed: Detector(activation="linear", random_state=seed),
    "plain autoencoder": lambda seed: Detector(
        ReconstructionDetector, strength=0.0, latent_size=8, hidden_sizes=(64,), random_state=seed
    ),
    "evidence": lambda seed: Detector(EvidenceDetector, random_state=seed),
    "deep SVDD": lambda seed: Detector(DeepSVDD, random_state=seed),
    "kNN, standard scale": lambda seed: NeighbourDetector(scale="standard"),
    "kNN, robust scale": lambda seed: NeighbourDetector(),
    "PCA T2 and Q": lambda seed: PCAMonitor(),
    "PCA reconstruction": ByPCA,
    "linear prediction": lambda seed: ByPrediction(),
    "isolation forest": ByForest,
}


def pooled_mnist():
    mnist = data.mnist(n=5000)
    x = mnist.images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(len(mnist), -1)
    return x[:, 14 * 1 : 14 * 13], mnist.labels  # 168 features: rows without ink left out


def of_sklearn(load):
    return load(return_X_y=True)


def of_course(load):
    dataset = load()
    return dataset.x, dataset.labels


SETS = {
    "digits": partial(of_course, data.digits),
    "wine": partial(of_course, data.wine),
    "cancer": partial(of_sklearn, load_breast_cancer),
    "iris": partial(of_sklearn, load_iris),
    "mnist": pooled_mnist,
}


def half(normal, seed):
    """Rows to learn from (half of the normal ones), and all others."""
    rows = np.random.default_rng(seed).permutation(np.flatnonzero(normal))
    train = np.zeros(len(normal), dtype=bool)
    train[rows[: len(rows) // 2]] = True
    return train, ~train


def tables(seeds, sets, detectors, classes):
    total = {}
    for name in sets:
        x, labels = SETS[name]()
        x = np.asarray(x, dtype=np.float64)
        present = np.unique(labels)
        present = present if len(present) <= classes else present[:: -(-len(present) // classes)]
        tasks = {f"in {c}": labels == c for c in present}
        if len(np.unique(labels)) > 2:  # with two classes the same
            tasks |= {f"out {c}": labels != c for c in present}
        for told in detectors:
            runs, seconds = {"in": [], "out": []}, []
            for task, normal in tasks.items():
                for seed in range(seeds):
                    train, test = half(normal, seed)
                    started = time.process_time()
                    scores = DETECTORS[told](seed).fit(x[train]).score_samples(x[test])
                    seconds.append(time.process_time() - started)
                    runs[task.split()[0]].append((seed, 100 * roc_auc_score(normal[test], scores)))
            line = f"{name:<8}{told:<36}"
            for kind, found in runs.items():
                if found:
                    line += f"{kind} {np.mean([auc for _, auc in found]):5.1f}  "
                    total.setdefault(told, []).append(
                        [np.mean([auc for s, auc in found if s == seed]) for seed in range(seeds)]
                    )
            print(f"{line} {np.mean(seconds):5.2f} s, at most {np.max(seconds):.2f}", flush=True)
    for told, means in total.items():
        over_seeds = np.mean(means, axis=0)
        print(
            f"all     {told:<36}mean AUROC {over_seeds.mean():5.2f}, sd over seeds {over_seeds.std():.2f}", flush=True
        )


def sensors(seeds, detectors, length=1, smooth=16):
    """Scores of the last sample (or window), averaged over the last minutes, for all detectors alike.

    The threshold is the quantile that 1 in 200 of the last fifth of the clean samples exceed; consecutive windows
    overlap, so that no conformal promise holds.
    """
    found = {}
    for seed in range(seeds):
        series = data.sensors(seed=seed)
        windows = data.windows(series, length, labels="last")
        clean = windows.extras["end"] <= np.flatnonzero(series.extras["clean"])[-1] + 1
        past, test = windows[clean], windows[~clean]
        train, calibration = data.split_in_time(past, (0.8, 0.2))
        for told in detectors:
            started = time.process_time()
            detector = DETECTORS[told](seed).fit(train.x)
            limit = threshold(data.moving_mean(-detector.score_samples(calibration.x), smooth), rate=0.005)
            scores = data.moving_mean(-detector.score_samples(test.x), smooth)
            alarms = scores > limit
            ranges, whole = metrics.range_score(test.labels, alarms), metrics.event_score(test.labels, alarms)
            kinds = [
                metrics.event_score(test.labels * (test.extras["fault"] == kind), alarms).recall for kind in range(1, 7)
            ]
            auc, seconds = roc_auc_score(test.labels, scores), time.process_time() - started
            found.setdefault(told, []).append([ranges.f1, whole.recall, whole.delay, auc, seconds, *kinds])
    for told, rows in found.items():
        mean, sd = np.nanmean(rows, axis=0), np.nanstd(rows, axis=0)
        print(
            f"sensors {told:<36}range F1 {mean[0]:.3f} +- {sd[0]:.3f}  events found {mean[1]:.2f}  "
            f"delay {mean[2]:4.0f}  AUROC {mean[3]:.3f}  {mean[4]:4.1f} s  by kind {np.round(mean[5:], 2).tolist()}",
            flush=True,
        )


def payments(seeds, detectors, full):
    """A week of payments with its frauds, unlabelled, to learn from; the week after next is the test."""
    for risk in (True, False):
        found = {}
        for seed in range(seeds):
            size = (5000, 10_000, 75) if full else (500, 1000, 75)
            made = data.transactions(*size, risk=risk, seed=seed)
            day = made.extras["day"]
            train, test = made[(day >= 50) & (day < 57)], made[(day >= 64) & (day < 71)]
            for told in detectors:
                started = time.process_time()
                scores = -DETECTORS[told](seed).fit(train.x).score_samples(test.x)
                seconds = time.process_time() - started
                cards = test.extras["customer"], test.extras["day"]
                cp = metrics.card_precision(test.labels, scores, *cards, k=100 if full else 10)
                auc, ap = roc_auc_score(test.labels, scores), average_precision_score(test.labels, scores)
                found.setdefault(told, []).append([auc, ap, cp, seconds])
        for told, rows in found.items():
            (auc, ap, cp, seconds), sd = np.mean(rows, axis=0), np.std(rows, axis=0)
            print(
                f"payments {'with' if risk else 'without'} past labels  {told:<36}AUC {auc:.3f} +- {sd[0]:.3f}  "
                f"AP {ap:.3f} +- {sd[1]:.3f}  CP@{100 if full else 10} {cp:.3f}  {seconds:5.1f} s",
                flush=True,
            )


def recordings(seeds, detectors, length=50):
    """Each of seven exercises in turn is normal, in windows of a second; four of the ten persons are the test."""
    found = {}
    for seed in range(seeds):
        for normal in ("PEN", "ABD", "FEL", "IR", "ER", "TRAP", "ROW"):
            windows = data.windows(data.recordings(normal), length, length, group="recording")
            train, test = windows.split((0.6, 0.4), seed=seed, by="person")
            for told in detectors:
                started = time.process_time()
                scores = -DETECTORS[told](seed).fit(train.x[train.labels == 0]).score_samples(test.x)
                seconds = time.process_time() - started
                found.setdefault(told, {}).setdefault(seed, []).append([roc_auc_score(test.labels, scores), seconds])
    for told, runs in found.items():
        rows = np.array(list(runs.values()))  # (seeds, exercises, 2)
        auc = rows[:, :, 0].mean(axis=1)
        print(
            f"recordings {told:<36}mean AUROC {auc.mean():.3f} +- {auc.std():.3f}  by exercise "
            f"{rows[:, :, 0].mean(axis=0).round(2).tolist()}  {rows[:, :, 1].mean():4.1f} s",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--parts", nargs="+", default=("tables", "sensors", "payments", "recordings"))
    parser.add_argument("--sets", nargs="+", default=tuple(SETS), choices=SETS)
    parser.add_argument("--detectors", nargs="+", default=tuple(DETECTORS), choices=DETECTORS)
    parser.add_argument("--classes", type=int, default=10, help="classes of a set that take their turn, at most")
    parser.add_argument("--full", action="store_true", help="payments at the published size (minutes)")
    options = parser.parse_args()
    if "tables" in options.parts:
        tables(options.seeds, options.sets, options.detectors, options.classes)
    slow = [told for told in options.detectors if not told.startswith("kNN")]
    if "sensors" in options.parts:
        sensors(options.seeds, slow)
    if "payments" in options.parts:
        payments(options.seeds, slow, options.full)
    if "recordings" in options.parts and find_spec("seglearn"):
        recordings(options.seeds, options.detectors)


if __name__ == "__main__":
    main()
