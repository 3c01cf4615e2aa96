"""Self-organizing maps: time, quality and memory beside torchsom, MiniSom and bare matrix products, in one run.

Run by `make bench`. All get the same data, size of map, number of passes and threads; runs take turns, and the quickest
of each counts. torchsom is timed with several sizes of batch and judged by the quickest, although large batches hardly
train its map, as its errors show; its search by faiss gains nothing at these sizes. MiniSom gets float64, which it
computes in; it learns one sample after the other, so that a part of its steps tells the time of all of them: where only
a part was run, the line says so.
"""

import argparse
import math
import os
import subprocess
import sys
import time
import warnings

import numpy as np
import torch
from sklearn.datasets import make_blobs
from threadpoolctl import threadpool_limits

from udl_teach import data, fit, metrics
from udl_teach.models import SelfOrganizingMap

MISSING = "  {} is not installed, so it was left out: pip install -e '.[bench]' brings it."
BATCHES = (64, 256, 1024, None)  # torchsom's; None is all samples at once, as in its own benchmark
# Its best known: the longer sigma stays above 1, the fewer neighbours are torn apart and the worse the data are fitted.
MINISOM_SETTINGS = ((2.0, "asymptotic_decay"), (2.0, "linear_decay_to_zero"), (1.5, "linear_decay_to_zero"))
MINISOM_PASSES = 20
OUTCOMES = []


def verdict(asked, value, met, form=".2f"):
    """One asked figure beside the measured one."""
    OUTCOMES.append(met)
    print(f"    {asked:<66} measured {value:{form}}   {'met' if met else 'NOT MET'}", flush=True)


def learned(x, rows, columns, epochs, **options):
    model = SelfOrganizingMap(x.shape[1], rows, columns)
    fit(model, x, epochs=epochs, progress=False, device="cpu", **options)
    return model


def by_torchsom(x, rows, columns, epochs, batch_size, sigma=2.0, rate=0.5):
    from torchsom import SOM

    som = SOM(
        rows, columns, x.shape[1], epochs=epochs, batch_size=batch_size, sigma=sigma, learning_rate=rate, device="cpu"
    )
    som.initialize_weights(x, "pca")
    som.fit(x, verbose=False)
    return som.weights.detach()


def minisom(x, rows, columns, sigma, rate=0.5, decay="asymptotic_decay", seed=0):
    """A MiniSom with rows and columns as ours (it indexes [x, y]) that starts from principal components."""
    from minisom import MiniSom

    som = MiniSom(columns, rows, x.shape[1], sigma=sigma, learning_rate=rate, decay_function=decay, random_seed=seed)
    som.pca_weights_init(x)
    return som


def weights_of(som):
    return som.get_weights().transpose(1, 0, 2).copy()


def is_here(name):
    try:
        __import__(name)
    except ImportError:
        print(MISSING.format(name))
        return False
    return True


def quickest(ways, rounds):
    """Name -> shortest time in seconds; the ways take turns, and the first turn only warms up.

    With one thread it is the processor's time that is taken, which does not count what else the machine has to do.
    """
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    seconds = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            started = clock()
            way()
            if turn:
                seconds[name].append(clock() - started)
    return {name: min(times) for name, times in seconds.items()}


def speed(name, x, side, epochs, *, part, asked, rounds):
    """Ours beside torchsom and MiniSom; `part` is the share of MiniSom's steps that is run and scaled up."""
    print(f"\n{name}, {side} x {side} units, {epochs} passes, {torch.get_num_threads()} thread:")
    double = x.numpy().astype(np.float64)
    ways = {"udl_teach, batch": lambda: learned(x, side, side, epochs)}
    scale, results = {}, {"udl_teach, batch": learned(x, side, side, epochs).weights}
    if is_here("torchsom"):
        for size in (min(size or len(x), len(x)) for size in BATCHES):
            way = f"torchsom, batches of {size}"
            ways[way] = lambda size=size: by_torchsom(x, side, side, epochs, size)
            results[way] = ways[way]()
    if is_here("minisom"):
        few = math.ceil(part * len(x) * epochs)
        ways["MiniSom, train_random"] = lambda: minisom(double, side, side, 2.0).train_random(double, few)
        ways["MiniSom, train_batch (in order)"] = lambda: minisom(double, side, side, 2.0).train_batch(double, few)
        some = double[: math.ceil(part * len(x))]
        ways["MiniSom, train_batch_offline"] = lambda: minisom(double, side, side, 2.0, 1.0).train_batch_offline(
            some, epochs
        )
        scale = {way: 1 / part for way in ways if way.startswith("MiniSom")}
    seconds = {way: value * scale.get(way, 1) for way, value in quickest(ways, rounds).items()}
    ours = seconds["udl_teach, batch"]
    for way, value in seconds.items():
        note = f"{part:.0%} of its steps run, scaled up" if way in scale and part < 1 else ""
        if way in results:
            error, torn = metrics.quantization_error(x, results[way]), metrics.topographic_error(x, results[way])
            note = f"quantization error {error:6.3f}, topographic error {torn:.3f}"
        print(f"  {way:<32} {value:8.3f} s   {value / ours:7.1f} x ours   {note}")
    for peer, least in asked.items():
        times = [value for way, value in seconds.items() if way.startswith(peer)]
        if times:
            ratio = min(times) / ours
            verdict(f"at least {least} times as fast as {peer} at its quickest", ratio, ratio >= least, ".1f")


def products(x, weights, epochs, chunk):
    """Nothing but the matrix products that compare every sample with every unit, into one block of memory."""
    block, across = torch.empty(chunk, len(weights)), weights.T
    for _ in range(epochs):
        for part in x.split(chunk):
            torch.mm(part, across, out=block[: len(part)])


def against_products(threads, rounds, n=100_000, side=50, epochs=10):
    x = torch.randn(n, 64, generator=torch.Generator().manual_seed(0))
    weights = torch.randn(side * side, 64)
    with threads_of(threads):
        sizes = quickest({size: lambda s=size: products(x, weights, 1, s) for size in (128, 256, 512, 1024, 4096)}, 2)
        best = min(sizes, key=sizes.get)
        seconds = quickest(
            {"ours": lambda: learned(x, side, side, epochs), "products": lambda: products(x, weights, epochs, best)},
            rounds,
        )
    print(f"\n100,000 x 64, 50 x 50 units, 10 passes, {threads} thread{'s' if threads > 1 else ''}:")
    print(
        f"  matrix products alone {seconds['products']:6.2f} s (chunks of {best}), all of ours {seconds['ours']:6.2f} s"
    )
    ratio = seconds["ours"] / seconds["products"]
    verdict("within 2.0 of the time of its matrix products alone", ratio, ratio <= 2.0)


def threads_of(number):
    torch.set_num_threads(number)
    return threadpool_limits(number)


def qualities(x, labels, weights):
    weights = torch.as_tensor(weights, dtype=torch.float32)
    units = torch.cdist(x, weights.flatten(0, 1)).argmin(dim=1)
    error, torn = metrics.quantization_error(x, weights), metrics.topographic_error(x, weights)
    return error, torn, metrics.purity(labels, units), metrics.nmi(labels, units)


def told(name, rows):
    means, spreads = np.mean(rows, axis=0), np.std(rows, axis=0)
    numbers = "   ".join(f"{mean:.3f} ± {spread:.3f}" for mean, spread in zip(means, spreads, strict=True))
    print(f"  {name:<52} {numbers}", flush=True)
    return means


def defaults(x, rows, columns, seed=0):
    """A map without a single choice made for it, and the number of passes that it took."""
    model = SelfOrganizingMap(x.shape[1], rows, columns, seed=seed)
    history = fit(model, x, seed=seed, progress=False, device="cpu")
    return model.weights, len(history.loss)


def digits_quality(seeds=range(5), side=8):
    digits = data.digits()
    orders = [np.random.default_rng(seed).permutation(len(digits)) for seed in seeds]
    shuffled = [(torch.from_numpy(digits.x[order]), digits.labels[order]) for order in orders]
    parts = [digits.split(seed=seed)[0] for seed in seeds]
    _, passes = defaults(shuffled[0][0], side, side)
    print(f"\ndigits, 8 x 8 units, {passes} passes (our default), mean ± standard deviation of five seeds:")
    print(f"  {'':<52} quantization    topographic     purity          NMI")

    def measured(name, weights_for, sets):
        return told(name, [qualities(x, y, weights_for(x, seed)) for seed, (x, y) in zip(seeds, sets, strict=True)])

    means = measured("udl_teach, defaults, five orders", lambda x, seed: defaults(x, side, side, seed)[0], shuffled)
    measured(
        f"udl_teach, {MINISOM_PASSES} passes, five orders",
        lambda x, seed: learned(x, side, side, MINISOM_PASSES).weights,
        shuffled,
    )
    halves = [(torch.from_numpy(part.x), part.labels) for part in parts]
    measured(
        "udl_teach, defaults, training part of five splits", lambda x, seed: defaults(x, side, side, seed)[0], halves
    )
    if is_here("minisom"):
        for sigma, decay in MINISOM_SETTINGS:

            def theirs(x, seed, sigma=sigma, decay=decay):
                double = x.numpy().astype(np.float64)
                som = minisom(double, side, side, sigma, decay=decay, seed=seed)
                som.train_random(double, MINISOM_PASSES * len(double))
                return weights_of(som)

            measured(f"MiniSom, {MINISOM_PASSES} passes, sigma {sigma}, {decay}", theirs, shuffled)
    for name, value, bound, sign in (
        ("quantization error at most 1.30", means[0], 1.30, -1),
        ("topographic error at most 0.040", means[1], 0.040, -1),
        ("purity at least 0.935", means[2], 0.935, 1),
        ("NMI at least 0.675", means[3], 0.675, 1),
    ):
        verdict(name, value, sign * (value - bound) >= 0, ".4f")


def blobs_quality():
    for centers in (3, 10):
        x, labels = make_blobs(4000, 50, centers=centers, random_state=0)
        x32 = torch.from_numpy(x.astype(np.float32))
        weights, passes = defaults(x32, 25, 15)
        ours = qualities(x32, labels, weights)
        print(f"\n4,000 x 50 blobs with {centers} centres, 25 x 15 units:")
        print(f"  {f'udl_teach, defaults, {passes} passes':<52} {ours[0]:.3f} and {ours[1]:.3f} (topographic)")
        lowest = math.inf
        # The first is what torchsom's authors publish for MiniSom on blobs of this size.
        for sigma, rate, decay in ((1.45, 0.95, "asymptotic_decay"), (2.0, 0.5, "linear_decay_to_zero")):
            if not is_here("minisom"):
                break
            som = minisom(x, 25, 15, sigma, rate, decay)
            som.train_random(x, MINISOM_PASSES * len(x))
            theirs = qualities(x32, labels, weights_of(som))
            lowest = min(lowest, theirs[0])
            print(
                f"  {f'MiniSom, {MINISOM_PASSES} passes, sigma {sigma}, rate {rate}':<52} "
                f"{theirs[0]:.3f} and {theirs[1]:.3f}",
                flush=True,
            )
        verdict("topographic error under 10 %", 100 * ours[1], ours[1] < 0.1, ".1f")
        if lowest < math.inf:
            above = 100 * (ours[0] / lowest - 1)
            verdict("quantization error at most 3 % above MiniSom's lowest", above, above <= 3, "+.1f")


def memory():
    """The peak is measured in a process of its own, which holds nothing but the data before."""
    print("\nmemory, 1,000,000 x 64, 50 x 50 units, 2 passes:")
    command = [sys.executable, os.path.abspath(__file__), "--memory"]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    before, peak = (float(word) / 1e9 for word in answer.split())
    print(f"  {before:.2f} GB with the data in memory, {peak:.2f} GB at the peak")
    verdict("under 1 GB above the data", peak - before, peak - before < 1.0)


def measure_memory():
    """What the process of its own does: prints the bytes in use with the data and at the peak."""
    torch.set_num_threads(1)
    learned(torch.randn(100, 64), 5, 5, 1)  # everything that is imported is in memory before
    x = torch.randn(1_000_000, 64)
    before = peak_bytes()
    learned(x, 50, 50, 2)
    print(before, peak_bytes())


def peak_bytes():
    """The largest memory that this process has had."""
    try:
        with open("/proc/self/status") as file:  # Linux's getrusage would count the parent's memory as well
            return 1024 * next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
    except FileNotFoundError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def growth(rounds):
    """Time against samples and against units; a slope of 1 between logarithms is proportional growth."""
    print("\ngrowth, 64 features, 10 passes, 1 thread:")
    x = torch.randn(160_000, 64, generator=torch.Generator().manual_seed(0))
    samples = {n: lambda n=n: learned(x[:n], 20, 20, 10) for n in (5_000, 10_000, 20_000, 40_000, 80_000, 160_000)}
    units = {s * s: lambda s=s: learned(x[:10_000], s, s, 10) for s in (10, 14, 20, 28, 40, 57, 80)}
    for name, ways in (("samples (400 units)", samples), ("units (10,000 samples)", units)):
        seconds = quickest(ways, rounds)
        most = max(seconds.values())
        print(f"  {name}")
        for n, value in seconds.items():
            bar = "#" * max(1, round(40 * value / most))
            print(f"    {n:>7,} {value * 1000:8.1f} ms  {value / n * 1e6:7.2f} us each  {bar}")
        sizes, times = np.log(list(seconds))[-3:], np.log(list(seconds.values()))[-3:]
        slope = np.polyfit(sizes, times, 1)[0]
        verdict(f"grows as the number of {name.split()[0]} does: slope of the largest three 1", slope, slope < 1.15)


def main(rounds, threads, only):
    warnings.filterwarnings("ignore")
    blobs = torch.from_numpy(make_blobs(20_000, 64, centers=20, random_state=0)[0].astype(np.float32))
    digits = torch.from_numpy(data.digits().x)
    parts = {
        "blobs": lambda: speed(
            "20,000 x 64", blobs, 20, 10, part=0.02, asked={"torchsom": 10, "MiniSom": 80}, rounds=rounds
        ),
        "digits": lambda: speed(
            "1,797 x 64 (digits)", digits, 15, 20, part=0.1, asked={"torchsom": 8, "MiniSom": 40}, rounds=rounds
        ),
        "products": lambda: [against_products(number, min(rounds, 3)) for number in threads],
        "quality": digits_quality,
        "sheet": blobs_quality,
        "memory": memory,
        "growth": lambda: growth(min(rounds, 3)),
    }
    for name, measure in parts.items():
        if not only or name in only:
            with threads_of(1):
                measure()
    print(f"\n{sum(OUTCOMES)} of {len(OUTCOMES)} figures met.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="runs of each that is timed")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="of the comparison with bare products")
    parser.add_argument("--only", nargs="+", default=[], help="parts to run: blobs, digits, products, quality, ...")
    parser.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    arguments = vars(parser.parse_args())
    if arguments.pop("memory"):
        measure_memory()
    else:
        main(**arguments)
