"""Whether the claims of the lessons hold on other machines: `make sturdy`, or python -m udl_teach.sturdy 04 for one.

Every solution runs with its seeds shifted (those of construction, learning and sampling, never those of data and
splits), under other instruction sets and with two threads, because each of them rounds otherwise, and training carries
a difference in the last digit into all digits. A claim is sturdy when it held in every run and its bound lies at least
three standard deviations from the mean of what was measured.
"""

import argparse
import hashlib
import json
import math
import os
import statistics
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from udl_teach.places import course_folder, find_notebook, lessons
from udl_teach.running import run_notebook

SHIFTS = 10
DEVIATIONS = 3.0
# Each library has a switch of its own for the instructions that it may use.
PLAIN = {
    "ATEN_CPU_CAPABILITY": "default",
    "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
    "OPENBLAS_CORETYPE": "Nehalem",
    "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR",
}
AVX2 = {
    "ATEN_CPU_CAPABILITY": "avx2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "OPENBLAS_CORETYPE": "Haswell",
    "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR",
}


@dataclass(frozen=True)
class Variant:
    """One way of running a lesson: a name, what is added to its seeds, and the variables that its kernel gets."""

    name: str
    shift: int
    environment: Mapping[str, str]


def variants() -> list[Variant]:
    """Ten shifts of the seeds as the machine is, and two of them under each other rounding."""
    one = {name: "1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    two = {name: "2" for name in one} | {"OMP_WAIT_POLICY": "PASSIVE"}  # threads that wait leave the core to others
    found = [Variant(f"seeds + {shift}", shift, one) for shift in range(SHIFTS)]
    for name, environment in {"plain": one | PLAIN, "avx2": one | AVX2, "2 threads": two}.items():
        found += [Variant(f"{name}, seeds + {shift}", shift, environment) for shift in range(2)]
    return found


def run(path: Path, variant: Variant) -> dict[str, Any]:
    """The claims of one run: {"claims": [{"sentence", "holds", "comparisons"}, ...], "error": None or a sentence}."""
    with tempfile.TemporaryDirectory() as folder:
        claims = Path(folder) / "claims"
        environment = {"UDL_TEACH_CLAIMS": str(claims), "UDL_TEACH_STRICT": "", "UDL_TEACH_PROGRESS_DIR": folder}
        first = f"from udl_teach import seeds\nseeds.shift({variant.shift})"
        result = run_notebook(path, environment={**environment, **variant.environment}, first=first)
        lines = claims.read_text(encoding="utf-8").splitlines() if claims.exists() else []
    return {"claims": [json.loads(line) for line in lines], "error": result.error}


def room(values: Sequence[Sequence[float]]) -> float:
    """How many standard deviations lie between what was measured and the nearer of its bounds, in the mean.

    Args:
        values: (value, low, high) of each run; a bound may be measured, so what counts is the distance from it.

    Returns:
        The mean distance over its standard deviation; infinite where a distance is the same in all runs and positive.
    """
    rooms = []
    for distances in ([value - low for value, low, _ in values], [high - value for value, _, high in values]):
        if all(math.isfinite(distance) for distance in distances):
            mean, spread = statistics.fmean(distances), statistics.pstdev(distances)
            rooms.append(mean / spread if spread > 1e-12 * abs(mean) else math.copysign(math.inf, mean))
        elif any(distance == -math.inf or math.isnan(distance) for distance in distances):
            rooms.append(-math.inf)
    return min(rooms, default=math.inf)


def weak(runs: Mapping[str, Mapping[str, Any]]) -> tuple[list[str], int]:
    """The table of a lesson's claims, a line each, and how many of them are not sturdy.

    Args:
        runs: what `run` returned, by the variant's name.
    """
    lines, count = [], 0
    for name, result in runs.items():
        if result["error"]:
            lines.append(f"  STOPPED  {name}: {result['error']}")
            count += 1
    whole = {name: result["claims"] for name, result in runs.items() if not result["error"]}
    for place in range(max(map(len, whole.values()), default=0)):
        there = {name: claims[place] for name, claims in whole.items() if place < len(claims)}
        fell = [name for name, claim in there.items() if not claim["holds"]]
        compared = list(zip(*(claim["comparisons"] for claim in there.values()), strict=False))
        least = min(map(room, compared), default=math.inf)
        poor = bool(fell) or least < DEVIATIONS or len(there) < len(whole)
        count += poor
        sentence = next(iter(there.values()))["sentence"]
        lines.append(f"  {'WEAK' if poor else 'ok':8} {_figure(least):>6}  {sentence}")
        lines += [f"                   {_spread(values)}" for values in compared]
        if fell:
            lines.append(f"                   fell in {len(fell)} of {len(there)}: {'; '.join(fell)}")
    return lines, count


def _spread(values: Sequence[Sequence[float]]) -> str:
    measured = [value for value, _, _ in values]
    text = (
        f"{statistics.fmean(measured):.4g} ± {statistics.pstdev(measured):.2g} ({min(measured):.4g} to "
        f"{max(measured):.4g})"
    )
    for word, bounds in (("above", [low for _, low, _ in values]), ("below", [high for _, _, high in values])):
        if all(math.isfinite(bound) for bound in bounds):
            text += f", {word} {statistics.fmean(bounds):.4g}"
            text += f" ± {statistics.pstdev(bounds):.2g}" if len(set(bounds)) > 1 else ""
    return text


def _figure(value: float) -> str:
    return f"{value:.1f}" if math.isfinite(value) else ("-" if value > 0 else "none")


def _fingerprint(path: Path) -> str:
    """Changes with whatever a lesson's results hang on: its cells and the library."""
    package = Path(__file__).parent
    parts = [package / name for name in ("models", "data", "metrics", "weights", "lesson/exercises")]
    files = [file for part in parts for file in part.rglob("*") if file.suffix in (".py", ".npz")]
    digest = hashlib.sha256(path.read_bytes())
    for file in sorted([*files, *package.glob("*.py")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _kept(folder: Path, path: Path) -> dict[str, Path]:
    """Where the result of each variant is kept, so that a run that was stopped goes on."""
    names = {each.name: each.name.replace(" ", "").replace(",", "-").replace("+", "-") for each in variants()}
    beside = folder / _fingerprint(path)
    return {name: beside / f"{path.stem}.{short}.json" for name, short in names.items()}


def _run_and_keep(path: Path, variant: Variant, kept: Path) -> None:
    result = run(path, variant)
    kept.parent.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(result), encoding="utf-8")
    unfinished.replace(kept)


def sturdy(paths: Iterable[Path], *, folder: Path, jobs: int) -> int:
    """Run lessons in all variants, print what came of their claims, and return how many claims are not sturdy.

    Args:
        paths: the solution notebooks.
        folder: where results are kept; what is there already is not run again.
        jobs: how many kernels run at a time.
    """
    count = 0
    with ProcessPoolExecutor(jobs) as pool:
        work = {path: _kept(folder, path) for path in paths}
        running = {
            pool.submit(_run_and_keep, path, variant, work[path][variant.name])
            for path in work
            for variant in variants()
            if not work[path][variant.name].exists()
        }
        print(f"{len(running)} runs to make, {sum(map(len, work.values())) - len(running)} kept.", flush=True)
        for number, done in enumerate(as_completed(running), start=1):
            done.result()
            print(f"\r{number} of {len(running)}", end="" if sys.stderr.isatty() else "\n", flush=True)
    for path, places in work.items():
        runs = {name: json.loads(place.read_text(encoding="utf-8")) for name, place in places.items()}
        lines, bad = weak(runs)
        print("\n".join([f"\n{path.stem}: {bad} not sturdy", *lines]), flush=True)
        count += bad
    print(f"\n{count} claims are not sturdy." if count else "\nAll claims are sturdy.")
    return count


def main(arguments: list[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m udl_teach.sturdy", description="Whether claims hold elsewhere.")
    parser.add_argument("lessons", nargs="*", metavar="NN", help="numbers of lessons; all when none is given")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="kernels at a time (default: the cores)")
    parser.add_argument("--folder", type=Path, help="where results are kept (default: runs/sturdy)")
    asked = parser.parse_args(arguments)
    paths = [find_notebook(number, solution=True) for number in asked.lessons] or lessons(solution=True)
    return 1 if sturdy(paths, folder=asked.folder or course_folder() / "runs" / "sturdy", jobs=asked.jobs) else 0


if __name__ == "__main__":
    sys.exit(main())
