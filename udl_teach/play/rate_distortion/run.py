"""Three codecs at equal bytes: for each rate the setting of each whose stream comes nearest to it."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from udl_teach import data, metrics
from udl_teach.models import LearnedCodec, PatchPCACodec
from udl_teach.models.compression.codec import CODES_CHECKSUM_SIZE
from udl_teach.models.compression.stream import CHECKSUM, HEADER, STEP_SIZES
from udl_teach.pretrained import pretrained
from udl_teach.training import Step

NAMES = ("codec", "JPEG", "PCA")
RATES = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2)
# A stream so near to the bytes that are wanted is near enough.
NEAR = 0.01
TRIES = 4


@dataclass(frozen=True)
class Point:
    """One codec at one setting."""

    setting: float  # quantization step size, or JPEG's quality
    size: int  # bytes of the stream
    head: int | None  # bytes of the header, tables and checksums, which hold no codes; None where that is not known
    picture: np.ndarray  # what came back, shape (1, side, side)
    bits_per_pixel: float  # of the whole stream
    psnr: float  # decibels
    ssim: float  # structural similarity, at most 1


@dataclass(frozen=True)
class Curves:
    """A picture and what each codec makes of it at each of RATES."""

    image: np.ndarray  # shape (1, side, side), values in [0, 1]
    points: dict[str, tuple[Point, ...]]  # for each of NAMES one point per rate


class Climber:
    """Stands on a picture's curves, at rate number `place` of RATES."""

    def __init__(self, curves: Curves, place: int) -> None:
        """Begin at that rate."""
        self.curves, self.place = curves, place

    def climb(self) -> Iterator[Step]:
        """The next rate per step, up to the last; a step's loss is the codec's squared error per pixel."""
        index = 0
        while self.place + 1 < len(RATES):
            self.place += 1
            index += 1
            point = self.curves.points["codec"][self.place]
            error = metrics.mean_squared_error(self.curves.image, point.picture)
            yield Step(index, 1, error, {"bits_per_pixel": point.bits_per_pixel})


@cache
def shipped_codec() -> LearnedCodec:
    """The codec that comes with the library."""
    return pretrained("codec")


@cache
def pca_codec() -> PatchPCACodec:
    """PCA of blocks of the photographs that the codec learned from."""
    return PatchPCACodec().fit(data.patches(data.photos(), size=8, n=20_000).x)


def measured(image: np.ndarray, codec: Any) -> Curves:
    """Compress and decompress a picture at all rates; takes two or three seconds."""
    wanted = [rate * image[0].size / 8 for rate in RATES]
    found = (_by_step(image, codec, wanted), _by_quality(image, wanted), _by_step(image, pca_codec(), wanted))
    return Curves(image, dict(zip(NAMES, found, strict=True)))


def _by_quality(image: np.ndarray, wanted: list[float]) -> tuple[Point, ...]:
    streams = {quality: metrics.jpeg_compress(image, quality) for quality in range(1, 96)}
    chosen = [_nearest(streams, size) for size in wanted]
    return tuple(_point(image, quality, streams[quality], metrics.jpeg_decompress) for quality in chosen)


def _by_step(image: np.ndarray, codec: Any, wanted: list[float]) -> tuple[Point, ...]:
    streams = {step: codec.compress(image, step) for step in (0.1, 0.4)}
    points = []
    for size in wanted:
        for _ in range(TRIES):
            step = _guess(streams, size)
            if step in streams or _apart(streams[_nearest(streams, size)], size) < NEAR:
                break
            streams[step] = codec.compress(image, step)
        step = _nearest(streams, size)
        points.append(_point(image, step, streams[step], codec.decompress))
    return tuple(points)


def _guess(streams: dict[float, bytes], size: float) -> float:
    """A step for the size wanted: on the straight line, in logarithms, between its two neighbours."""
    near = _nearest(streams, size)
    too_large = [step for step, stream in streams.items() if len(stream) >= size]
    too_small = [step for step, stream in streams.items() if len(stream) < size]
    if not too_large or not too_small:
        step = near * len(streams[near]) / size
    else:
        fine, coarse = max(too_large), min(too_small)
        sizes = len(streams[fine]), len(streams[coarse])
        step = fine * (coarse / fine) ** (math.log(sizes[0] / size) / math.log(sizes[0] / sizes[1]))
    return round(min(max(step, STEP_SIZES[0]), STEP_SIZES[1]), 4)


def _nearest(streams: dict[float, bytes], size: float) -> float:
    return min(streams, key=lambda setting: _apart(streams[setting], size))


def _apart(stream: bytes, size: float) -> float:
    return abs(math.log(len(stream) / size))


def _point(image: np.ndarray, setting: float, stream: bytes, decompress: Callable) -> Point:
    picture = decompress(stream)
    return Point(
        setting=setting,
        size=len(stream),
        head=head_of(stream),
        picture=picture,
        bits_per_pixel=metrics.bits_per_pixel(stream, image),
        psnr=metrics.psnr(image, picture),
        ssim=metrics.ssim(image, picture),
    )


def head_of(stream: bytes) -> int | None:
    """Bytes of a stream of one of the three codecs that hold no codes; None for another's."""
    if stream[:2] == b"\xff\xd8":
        # JPEG: all up to the end of the segment "start of scan", whose first two bytes say its length; and the end.
        start = stream.index(b"\xff\xda") + 2
        return start + int.from_bytes(stream[start : start + 2], "big") + 2
    extra = {b"UDLc": CODES_CHECKSUM_SIZE, b"UDLp": pca_codec().size ** 2}.get(stream[:4])
    return None if extra is None else HEADER.size + CHECKSUM.size + extra
