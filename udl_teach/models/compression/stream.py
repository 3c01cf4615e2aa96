"""The file format of the codecs: header, payload and a checksum over both."""

import struct
import zlib
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from udl_teach import inputs

# Magic bytes, version, channels, height, width, quantization step size, fingerprint of the model.
HEADER = struct.Struct("<4sBBHHfI")
CHECKSUM = struct.Struct("<I")
VERSION = 1
MAX_PIXELS = 2**22  # a gigabyte of memory; more are refused before any is taken
STEP_SIZES = (0.002, 2.0)  # smallest and largest


class Header(NamedTuple):
    """What a stream says about its image."""

    channels: int
    height: int
    width: int
    step_size: float


def checked_image(image: Any) -> torch.Tensor:
    """An image (1 or 3, height, width) with values in [0, 1] as a float32 tensor on the CPU."""
    tensor = inputs.picture(image, reader="compression")
    height, width = tensor.shape[1:]
    if height * width > MAX_PIXELS or max(height, width) > 0xFFFF:
        raise ValueError(f"image has {height} x {width} pixels; at most {MAX_PIXELS} are compressed: make it smaller.")
    return tensor


def checked_step_size(step_size: Any) -> float:
    """A quantization step size as the header stores it, in single precision."""
    return float(np.float32(inputs.real(step_size, "step_size", minimum=STEP_SIZES[0], maximum=STEP_SIZES[1])))


def write_stream(magic: bytes, header: Header, fingerprint: int, payload: bytes) -> bytes:
    """The whole stream; `magic` are the four bytes that name the codec, `fingerprint` is that of its weights."""
    body = HEADER.pack(magic, VERSION, *header, fingerprint) + payload
    return body + CHECKSUM.pack(zlib.crc32(body))


def read_stream(magic: bytes, data: Any, fingerprint: int, model: nn.Module) -> tuple[Header, bytes]:
    """Header and payload of a stream; TypeError or ValueError for whatever this model did not write."""
    name = type(model).__name__
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError(f"data was {type(data).__name__}; it must be the bytes that {name}.compress returned.")
    data = bytes(data)
    if data[:4] != magic[: len(data)] or not data:
        raise ValueError(f"data is not an image compressed by {name}; pass the bytes that its compress returned.")
    complete = len(data) >= HEADER.size + CHECKSUM.size
    if not complete or CHECKSUM.unpack(data[-CHECKSUM.size :])[0] != zlib.crc32(data[: -CHECKSUM.size]):
        raise ValueError("data is damaged or cut short (its checksum does not match); compress the image again.")
    _, version, channels, height, width, step_size, written_by = HEADER.unpack(data[: HEADER.size])
    if version != VERSION:
        raise ValueError(f"data was written in version {version} of the format; this library reads {VERSION}.")
    valid = channels in (1, 3) and 0 < height * width <= MAX_PIXELS and STEP_SIZES[0] <= step_size <= STEP_SIZES[1]
    if not valid:
        raise ValueError(
            f"data announces {channels} x {height} x {width} values at a quantization step size of {step_size:g}, "
            f"which {name} never writes."
        )
    if written_by != fingerprint:
        raise ValueError(
            f"data was compressed by a {name} with other weights; decompress it with the model that compressed it."
        )
    return Header(channels, height, width, step_size), data[HEADER.size : -CHECKSUM.size]
