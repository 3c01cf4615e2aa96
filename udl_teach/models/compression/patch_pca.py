"""Transform coding by PCA: principal components of blocks, quantized, each component with one frequency table.

The baseline that a learned codec has to beat: no context, and nothing learned but a decomposition.

Source: Huang and Schultheiss 1963, "Block quantization of correlated Gaussian random variables".
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
from udl_teach.models.compression.discretized_logistic import (
    Distributions,
    cumulative_table,
    decode_codes,
    encode_codes,
)
from udl_teach.models.compression.range_coder import MAX_TOTAL, RangeDecoder, RangeEncoder
from udl_teach.models.compression.stream import Header, checked_image, checked_step_size, read_stream, write_stream
from udl_teach.models.compression.ycbcr import from_ycbcr, to_ycbcr
from udl_teach.modules import fingerprint
from udl_teach.renamed import old_arguments

MAGIC = b"UDLp"
N_SCALES = 100


class PatchPCACodec(nn.Module):
    """Image -> bytes -> image by PCA of patches.

    Args:
        size: side of a block in pixels, 1 to 16.
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

    @old_arguments(step="step_size")
    @torch.no_grad()
    def compress(self, image: Any, step_size: float = 0.1) -> bytes:
        """Compress an image.

        Args:
            image: shape (1, height, width) in grey or (3, height, width) in colour, values in [0, 1], any size.
            step_size: quantization step size, 0.002 to 2: larger means fewer bits and more distortion.

        Returns:
            The stream.
        """
        codes, step_size = self.codes(image, step_size), checked_step_size(step_size)
        encoder, scale_indices = RangeEncoder(), bytearray()
        for plane in _dc_differences(codes):
            for component in plane:
                scale_indices.append(_best_scale_index(component))
                encode_codes(encoder, component, _shared(scale_indices[-1], len(component)))
        header = Header(*np.shape(image), step_size)
        return write_stream(MAGIC, header, fingerprint(self), bytes(scale_indices) + encoder.finish())

    @torch.no_grad()
    def decompress(self, data: bytes) -> np.ndarray:
        """The image of a stream, float32 array (channels, height, width) with values in [0, 1].

        Raises:
            ValueError: the stream is damaged, cut short, foreign, or of a codec with other components.
        """
        self.pca._fitted()
        header, payload = read_stream(MAGIC, data, fingerprint(self), self)
        rows, columns = (math.ceil(side / self.size) for side in (header.height, header.width))
        n_tables = header.channels * self.size**2
        scale_indices, decoder = payload[:n_tables], RangeDecoder(payload[n_tables:])
        if len(scale_indices) < n_tables or max(scale_indices) >= N_SCALES:
            raise ValueError("data holds no valid scales of the components; compress the image again.")
        decoded = [decode_codes(decoder, _shared(scale_index, rows * columns)) for scale_index in scale_indices]
        codes = np.stack(decoded).reshape(header.channels, self.size**2, -1)
        codes[:, 0] = codes[:, 0].cumsum(axis=1)
        return self._image(codes, header.step_size, (header.height, header.width))

    @old_arguments(step="step_size")
    @torch.no_grad()
    def codes(self, image: Any, step_size: float = 0.1) -> np.ndarray:
        """The quantized principal components of the blocks: int64 array (channels, size^2, blocks)."""
        components = self.pca._fitted().components
        planes, step_size = to_ycbcr(checked_image(image)), checked_step_size(step_size)
        height, width = planes.shape[2:]
        planes = F.pad(planes, (0, -width % self.size, 0, -height % self.size), mode="replicate")
        blocks = F.unfold(planes, self.size, stride=self.size) - self.pca.mean[:, None]
        return torch.round(components @ blocks / step_size).long().numpy()

    @old_arguments(step="step_size")
    @torch.no_grad()
    def reconstruct(self, image: Any, step_size: float = 0.1) -> np.ndarray:
        """What `decompress(compress(image, step_size))` gives, without the stream."""
        return self._image(self.codes(image, step_size), checked_step_size(step_size), np.shape(image)[1:])

    def _image(self, codes: np.ndarray, step_size: float, size: tuple[int, int]) -> np.ndarray:
        padded = [math.ceil(side / self.size) * self.size for side in size]
        blocks = self.pca.components.T @ (torch.from_numpy(codes).float() * step_size) + self.pca.mean[:, None]
        planes = F.fold(blocks, padded, self.size, stride=self.size)
        return from_ycbcr(planes[:, :, : size[0], : size[1]]).numpy()


def _dc_differences(codes: np.ndarray) -> np.ndarray:
    """The first component, the brightness of a block, as difference to the block before: JPEG does so with its DC."""
    codes = codes.copy()
    codes[:, 0] = np.diff(codes[:, 0], axis=1, prepend=0)
    return codes


def _best_scale_index(codes: np.ndarray) -> int:
    """Index of the scale whose table codes a component with the fewest bits; 0 where all codes are 0 and skipped."""
    values, counts = np.unique(codes, return_counts=True)
    largest = int(np.abs(values).max())
    if largest == 0:
        return 0
    bits = {}
    for scale_index in range(1, N_SCALES):
        table = _bits(scale_index)
        reach = (len(table) - 1) // 2 - 1
        if reach >= largest:
            bits[scale_index] = table[values + reach] @ counts
    return min(bits, key=bits.get, default=N_SCALES - 1)


@cache
def _bits(scale_index: int) -> np.ndarray:
    """log2(1 / P) of each code -reach, ..., reach + 1, and of the escape, for mean 0."""
    return np.log2(MAX_TOTAL / np.diff(cumulative_table(0, scale_index)))


def _shared(scale_index: int, n: int) -> Distributions:
    """One distribution of mean 0 for n codes."""
    zeros = np.zeros(n, dtype=np.int64)
    return Distributions(zeros, zeros, np.full(n, scale_index, dtype=np.int64))
