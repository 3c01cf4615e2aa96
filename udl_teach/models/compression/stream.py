"""The outside of a compressed picture: a head that says what it is, and a checksum that says whether it is whole."""

import struct
import zlib
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from udl_teach import inputs

# Four letters, version, channels, height, width, step, mark of the model; then the message; then the checksum of all.
HEAD = struct.Struct("<4sBBHHfI")
CHECKSUM = struct.Struct("<I")
VERSION = 1
MOST_PIXELS = 2**22  # a gigabyte of memory; more are refused before any is taken
STEPS = (0.002, 2.0)


class Head(NamedTuple):
    """What a stream says of its picture."""

    channels: int
    height: int
    width: int
    step: float


def checked_image(image: Any) -> torch.Tensor:
    """A picture (channels, height, width), 1 or 3 channels, values in [0, 1], as a float32 tensor on the CPU."""
    tensor = inputs.picture(image, reader="compression")
    height, width = tensor.shape[1:]
    if height * width > MOST_PIXELS or max(height, width) > 0xFFFF:
        raise ValueError(f"image has {height} x {width} pixels; at most {MOST_PIXELS} are compressed: make it smaller.")
    return tensor


def checked_step(step: Any) -> float:
    """A step size as the stream holds it, in single precision."""
    return float(np.float32(inputs.real(step, "step", minimum=STEPS[0], maximum=STEPS[1])))


def pack(magic: bytes, head: Head, mark: int, message: bytes) -> bytes:
    """The whole stream."""
    body = HEAD.pack(magic, VERSION, *head, mark) + message
    return body + CHECKSUM.pack(zlib.crc32(body))


def unpack(magic: bytes, data: Any, mark: int, model: nn.Module) -> tuple[Head, bytes]:
    """Head and message of a stream; ValueError in one sentence for whatever this model did not write."""
    name = type(model).__name__
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError(f"data was {type(data).__name__}; it must be the bytes that {name}.compress returned.")
    data = bytes(data)
    if data[:4] != magic[: len(data)] or not data:
        raise ValueError(f"data is not a picture compressed by {name}; pass the bytes that its compress returned.")
    whole = len(data) >= HEAD.size + CHECKSUM.size
    if not whole or CHECKSUM.unpack(data[-CHECKSUM.size :])[0] != zlib.crc32(data[: -CHECKSUM.size]):
        raise ValueError("data is damaged or cut short (its checksum does not fit); compress the picture again.")
    _, version, channels, height, width, step, its_mark = HEAD.unpack(data[: HEAD.size])
    if version != VERSION:
        raise ValueError(f"data was written by version {version} of the format; this library reads {VERSION}.")
    sensible = channels in (1, 3) and 0 < height * width <= MOST_PIXELS and STEPS[0] <= step <= STEPS[1]
    if not sensible:
        raise ValueError(
            f"data speaks of {channels} x {height} x {width} numbers and a step of {step:g}, which {name} never writes."
        )
    if its_mark != mark:
        raise ValueError(
            f"data was compressed by a {name} with other weights; decompress it with the model that compressed it."
        )
    return Head(channels, height, width, step), data[HEAD.size : -CHECKSUM.size]
