"""The codec that PCA makes: blocks on principal components, rounded, and each component's numbers written in bits.

The rival that a learned codec has to pass: no context, no learning beyond a decomposition (transform coding: Huang and
Schultheiss 1963).
"""

import math
from functools import cache
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from udl_teach import inputs
from udl_teach.models.classical.pca import PCA
from udl_teach.models.compression import code_tables
from udl_teach.models.compression.range_coder import MOST, RangeDecoder, RangeEncoder
from udl_teach.models.compression.stream import Head, checked_image, checked_step, pack, unpack
from udl_teach.models.compression.ycbcr import image_of, planes_of
from udl_teach.modules import fingerprint

MAGIC = b"UDLp"
LEVELS = 100


class PatchPCACodec(nn.Module):
    """Picture -> bytes -> picture by PCA of patches.

    Args:
        size: side of a block in pixels.
    """

    def __init__(self, size: int = 8) -> None:
        super().__init__()
        self.size = inputs.whole(size, "size")
        if self.size > 16:
            raise ValueError(f"size was {size}; it must be at most 16.")
        self.pca = PCA(self.size**2)

    def fit(self, x: Any) -> "PatchPCACodec":
        """Find the components of grey patches, shape (n_samples, size * size) with values in [0, 1]; returns self."""
        samples = inputs.samples(x, n_features=self.size**2)
        inputs.within_unit(samples, "the codec")
        self.pca.fit(samples)
        return self

    @torch.no_grad()
    def compress(self, image: Any, step: float = 0.1) -> bytes:
        """A picture (1 or 3, height, width) with values in [0, 1] as bytes; a larger step means fewer of them."""
        codes, step = self.codes(image, step), checked_step(step)
        encoder, spreads = RangeEncoder(), bytearray()
        for plane in _differences(codes):
            for component in plane:
                level = _level(component)
                spreads.append(level)
                code_tables.write(encoder, component, *_same(level, len(component)))
        head = Head(*np.shape(image), step)
        return pack(MAGIC, head, fingerprint(self), bytes(spreads) + encoder.finish())

    @torch.no_grad()
    def decompress(self, data: bytes) -> np.ndarray:
        """The picture of a stream, float32 array (channels, height, width) with values in [0, 1].

        Raises:
            ValueError: the stream is damaged, cut short, foreign or of a codec with other components.
        """
        self.pca._fitted()
        head, message = unpack(MAGIC, data, fingerprint(self), self)
        rows, columns = (math.ceil(side / self.size) for side in (head.height, head.width))
        n_codes = self.size**2
        spreads, decoder = message[: head.channels * n_codes], RangeDecoder(message[head.channels * n_codes :])
        if len(spreads) < head.channels * n_codes or max(spreads) >= LEVELS:
            raise ValueError("data holds no sensible spreads of the components; compress the picture again.")
        read = [code_tables.read(decoder, *_same(level, rows * columns)) for level in spreads]
        codes = np.stack(read).reshape(head.channels, n_codes, -1)
        codes[:, 0] = codes[:, 0].cumsum(axis=1)
        return self._picture(codes, head.step, (head.height, head.width))

    @torch.no_grad()
    def codes(self, image: Any, step: float = 0.1) -> np.ndarray:
        """Rounded coordinates of the blocks: int64 array (channels, size^2, blocks)."""
        components = self.pca._fitted().components
        planes, step = planes_of(checked_image(image)), checked_step(step)
        height, width = planes.shape[2:]
        planes = F.pad(planes, (0, -width % self.size, 0, -height % self.size), mode="replicate")
        blocks = F.unfold(planes, self.size, stride=self.size) - self.pca.mean[:, None]
        return torch.round(components @ blocks / step).long().numpy()

    @torch.no_grad()
    def reconstruct(self, image: Any, step: float = 0.1) -> np.ndarray:
        """What `decompress(compress(image, step))` gives, without the stream."""
        return self._picture(self.codes(image, step), checked_step(step), np.shape(image)[1:])

    def _picture(self, codes: np.ndarray, step: float, size: tuple[int, int]) -> np.ndarray:
        whole = [math.ceil(side / self.size) * self.size for side in size]
        blocks = self.pca.components.T @ (torch.from_numpy(codes).float() * step) + self.pca.mean[:, None]
        planes = F.fold(blocks, whole, self.size, stride=self.size)
        return image_of(planes[:, :, : size[0], : size[1]]).numpy()


def _differences(codes: np.ndarray) -> np.ndarray:
    """The first component, brightness, as difference to the block before, as JPEG does it."""
    codes = codes.copy()
    codes[:, 0] = np.diff(codes[:, 0], axis=1, prepend=0)
    return codes


def _level(codes: np.ndarray) -> int:
    """Spread whose frequencies write these codes with the fewest bits; 0 where all are 0 and none is written."""
    values, counts = np.unique(codes, return_counts=True)
    widest = int(np.abs(values).max())
    if widest == 0:
        return 0
    bits = {}
    for level in range(1, LEVELS):
        costs = _costs(level)
        reach = (len(costs) - 1) // 2 - 1
        if reach >= widest:
            bits[level] = costs[values + reach] @ counts
    return min(bits, key=bits.get, default=LEVELS - 1)


@cache
def _costs(level: int) -> np.ndarray:
    """Bits of each code under a spread's table, from the smallest code on."""
    return np.log2(MOST / np.diff(code_tables.table(0, level)))


def _same(level: int, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Offset, part and level for n codes that share one table."""
    return np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64), np.full(n, level, dtype=np.int64)
