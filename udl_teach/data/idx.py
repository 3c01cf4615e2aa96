"""IDX: the plain file format of MNIST, read strictly.

Y. LeCun, C. Cortes and C. Burges, The MNIST database of handwritten digits (file formats for the MNIST database).
"""

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

UNSIGNED_BYTES = 0x08


def read_idx(path: Path, *, dimensions: int) -> np.ndarray:
    """Read a gzipped IDX file of unsigned bytes.

    Args:
        path: the file.
        dimensions: how many the array must have: 3 for images, 1 for labels.

    Returns:
        uint8 array.

    Raises:
        ValueError: the file is not gzipped, not IDX, of another type or number of dimensions, too short or too long.
    """
    try:
        with gzip.open(path) as file:
            # The header: two zero bytes, the type, the number of dimensions; then each dimension in four bytes.
            start = file.read(4)
            if len(start) < 4 or start[:2] != b"\0\0":
                raise ValueError(
                    f"{path} is not an IDX file: it does not begin with two zero bytes, type and dimensions."
                )
            if start[2] != UNSIGNED_BYTES or start[3] != dimensions:
                raise ValueError(
                    f"{path} holds type {start[2]:#04x} in {start[3]} dimensions; "
                    f"expected were unsigned bytes ({UNSIGNED_BYTES:#04x}) in {dimensions}."
                )
            sizes = file.read(4 * dimensions)
            if len(sizes) < 4 * dimensions:
                raise ValueError(f"{path} ends within its header.")
            shape = struct.unpack(f">{dimensions}I", sizes)
            wanted = math.prod(shape)
            content = file.read()
    except (gzip.BadGzipFile, EOFError, zlib.error) as problem:
        raise ValueError(f"{path} is not a whole gzip file ({problem}).") from None
    if len(content) != wanted:
        raise ValueError(f"{path} announces {shape}, that is {wanted} bytes, but holds {len(content)}.")
    return np.frombuffer(content, dtype=np.uint8).reshape(shape)
