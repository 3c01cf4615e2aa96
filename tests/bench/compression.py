"""Compression: the learned codec beside JPEG and PCA at equal bytes, on photographs that no model has learned from.

    python tests/bench/compression.py                 trains anew with three seeds, three minutes on one core each
    python tests/bench/compression.py --pretrained    judges the weights that the library ships

All learned from the two photographs of `data.photos` alone; the pictures are those of `data.unseen_photos`, in grey and
whole. Bytes are those of the whole file, headers included. JPEG is Pillow's with tables made for the picture, at every
quality the smaller of baseline and progressive; a grey JPEG has nothing more to choose. PSNR and
SSIM at a given number of bits per pixel are read off each curve between its two nearest points.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch

from udl_teach import data, metrics
from udl_teach.models import PatchPCACodec
from udl_teach.pretrained import WEIGHTS, pretrained, write

RATES = (0.2, 0.3, 0.4, 0.5, 0.6)
QUALITIES = range(2, 80, 3)
FINER = 1.2  # from one quantization step size to the next
ASKED = 0.5  # decibels above JPEG
OUTCOMES = []


def verdict(asked, value, met, form="+.2f"):
    """One asked figure beside the measured one."""
    OUTCOMES.append(met)
    print(f"    {asked:<66} measured {value:{form}}   {'met' if met else 'NOT MET'}", flush=True)


def by_step_size(codec, picture):
    """Points from the coarsest quantization step size on until they cover the rates."""
    points, step_size = [], 0.6
    while not points or points[-1].bits_per_pixel < RATES[-1]:
        points += metrics.rate_distortion(picture, codec.compress, codec.decompress, [step_size])
        step_size /= FINER
        if points[-1].bits_per_pixel < RATES[0]:
            points = points[-1:]
    return points


def by_jpeg(picture):
    def smaller(image, quality):
        return min((metrics.jpeg_compress(image, quality, progressive=way) for way in (False, True)), key=len)

    return metrics.rate_distortion(picture, smaller, metrics.jpeg_decompress, QUALITIES)


def at_rates(points):
    """(PSNR, SSIM) at `RATES`, on the best points of a curve; NaN where the curve does not reach; shape (2, rates)."""
    values = []
    for quality in ("psnr", "ssim"):
        best = []
        for point in sorted(points, key=lambda point: (point.bits_per_pixel, -getattr(point, quality))):
            if not best or getattr(point, quality) > best[-1][1]:
                best.append((point.bits_per_pixel, getattr(point, quality)))
        rate, value = np.array(best).T
        values.append(np.interp(RATES, rate, value, left=np.nan, right=np.nan))
    return np.array(values)


def curves(make, pictures):
    """Shape (pictures, 2, rates)."""
    return np.stack([at_rates(make(picture)) for picture in pictures.values()])


def row(name, values, form):
    print(f"    {name:<24}" + "".join(f"{value:{form}}" for value in values), flush=True)


def table(name, curve, others, pictures):
    """Mean PSNR and SSIM of all, and the gain over JPEG per picture."""
    print(f"\n{name}\n    {'bits per pixel':<24}" + "".join(f"{rate:9.1f}" for rate in RATES))
    for quality, form in ((0, "9.2f"), (1, "9.3f")):
        for who, values in {name: curve, **others}.items():
            row(f"{'PSNR' if quality == 0 else 'SSIM'}, {who}"[:24], np.nanmean(values[:, quality], axis=0), form)
    print("    decibels above JPEG (above PCA):")
    for i, picture in enumerate(pictures):
        gains = [curve[i, 0] - values[i, 0] for values in others.values()]
        print(f"    {picture:<24}" + "".join(f"{jpeg:+9.2f} ({pca:+.2f})" for jpeg, pca in zip(*gains, strict=True)))


def judge(curve, others):
    over_jpeg, over_pca = (np.nanmean(curve[:, 0] - other[:, 0], axis=0) for other in others.values())
    verdict(
        f"PSNR above JPEG's, mean of the pictures, worst rate: >= {ASKED} dB", over_jpeg.min(), over_jpeg.min() >= ASKED
    )
    verdict("PSNR above PCA's, mean of the pictures, worst rate: > 0 dB", over_pca.min(), over_pca.min() > 0)
    worst_jpeg, worst_pca = (np.nanmin(curve[:, 0] - other[:, 0]) for other in others.values())
    print(f"    worst picture and rate: {worst_jpeg:+.2f} dB against JPEG, {worst_pca:+.2f} dB against PCA")
    return over_jpeg


def seconds(work, rounds=5):
    """Shortest of some times, of the processor, which does not count what else the machine has to do."""
    times = []
    for _ in range(rounds + 1):
        started = time.process_time()
        result = work()
        times.append(time.process_time() - started)
    return min(times[1:]), result


def times(codec, picture):
    for name, image in (("256 x 256", picture[:, :256, :256]), ("whole", picture)):
        print(f"\ntime, {name} {image.shape[1:]}, {torch.get_num_threads()} thread, milliseconds:")
        for way, compress, decompress in (
            ("codec, step size 0.1", lambda image: codec.compress(image, 0.1), codec.decompress),
            ("JPEG, quality 30", lambda image: metrics.jpeg_compress(image, 30), metrics.jpeg_decompress),
        ):
            there, stream = seconds(lambda compress=compress, image=image: compress(image))
            back, _ = seconds(lambda decompress=decompress, stream=stream: decompress(stream))
            rate = metrics.bits_per_pixel(stream, image)
            print(f"    {way:<24} compress {1e3 * there:7.1f}   decompress {1e3 * back:7.1f}   {rate:.3f} bpp")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pretrained", action="store_true", help="judge the committed weights alone")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--steps", type=int, help="updates per seed; the recipe's own if left out")
    parser.add_argument("--pictures", nargs="+", help="some of the pictures, by name")
    parser.add_argument("--keep", type=Path, help="folder for the weights of each seed")
    options = parser.parse_args()
    torch.set_num_threads(1)
    pictures = data.unseen_photos()
    pictures = {name: pictures[name] for name in options.pictures or pictures}
    patches = data.patches(data.photos(colour=False), size=8, n=50_000).x
    pca = PatchPCACodec().fit(patches)
    others = {"JPEG": curves(by_jpeg, pictures), "PCA": curves(lambda picture: by_step_size(pca, picture), pictures)}

    if options.pretrained:
        codecs = [("committed weights", lambda: pretrained("codec"))]
    else:
        from udl_teach.weights import make_codec

        steps = options.steps or make_codec.STEPS
        codecs = [(f"seed {seed}", lambda seed=seed: make_codec.train(seed, steps=steps)) for seed in options.seeds]
    gains = []
    for name, make in codecs:
        started, clock = time.process_time(), time.perf_counter()
        codec = make()
        if not options.pretrained:
            print(f"\n{name}: trained in {time.process_time() - started:.0f} s of one core", end="")
            print(f" ({time.perf_counter() - clock:.0f} s by the clock)", flush=True)
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            write(codec, options.keep / f"codec {name}.npz")
        curve = curves(lambda picture, codec=codec: by_step_size(codec, picture), pictures)
        table(name, curve, others, pictures)
        gains.append(judge(curve, others))
    if len(gains) > 1:
        spread = [
            f"{mean:+.2f} ± {sd:.2f}" for mean, sd in zip(np.mean(gains, 0), np.std(gains, 0, ddof=1), strict=True)
        ]
        print(f"\ndB above JPEG at {RATES} bpp, mean and standard deviation of {len(gains)} seeds: {', '.join(spread)}")
    size = (WEIGHTS / "codec.npz").stat().st_size
    print(f"\nthe decoder itself, which no figure above counts: {size:,} bytes (codec.npz)")
    times(codec, pictures.get("camera", next(iter(pictures.values()))))
    raise SystemExit(0 if all(OUTCOMES) else 1)


if __name__ == "__main__":
    main()
