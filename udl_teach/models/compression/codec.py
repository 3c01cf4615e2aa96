"""The learned codec: an autoencoder for images whose codes are integers, trained for rate and distortion together.

    loss = distortion / D^2 + lambda * rate,    D: quantization step size

It starts as JPEG does, with the discrete cosine transform of blocks of 8 x 8 pixels, and learns from there: blocks that
overlap, a decoder that corrects quantization errors, and a model of how probable each code is. One model serves all
rates: D is drawn anew for every image in training, and chosen by the caller afterwards.

Sources: Balle, Laparra and Simoncelli 2017, "End-to-end optimized image compression", eq. 8 and 10; Theis et al. 2017,
"Lossy image compression with compressive autoencoders", for the gradient through rounding; Minnen and Singh 2020,
"Channel-wise autoregressive entropy models", for noise in the rate and rounding in the distortion.
"""

import copy
import math
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from udl_teach import inputs
from udl_teach.models.compression.block_transform import BLOCK, Analysis, Synthesis, dct_basis
from udl_teach.models.compression.discretized_logistic import (
    decode_codes,
    encode_codes,
    quantize_parameters,
    rdo_quantize,
)
from udl_teach.models.compression.entropy_model import EntropyModel
from udl_teach.models.compression.range_coder import RangeDecoder, RangeEncoder
from udl_teach.models.compression.stream import Header, checked_image, checked_step_size, read_stream, write_stream
from udl_teach.models.compression.ycbcr import from_ycbcr, to_ycbcr
from udl_teach.models.layers import uniform
from udl_teach.modules import example_of, fingerprint
from udl_teach.renamed import old_arguments
from udl_teach.training import LearningState, Step, train

GROUPS = (1, 2, 3, 6, 12, 40)
MIN_BLOCKS = 5  # in each direction: the entropy model's context reaches that far
MAGIC = b"UDLc"
CODES_CHECKSUM_SIZE = 4  # bytes
TRAINED_STEP_SIZES = (0.03, 0.6)
# The Lagrange multiplier lambda of the rate, for a distortion in units of D^2. At high rates D(R) = constant * 2^(-2 R)
# and D(R) = D^2 / 12, so that the slope -dD/dR is 2 ln 2 / 12 D^2 = 0.116 D^2.
RATE_WEIGHT = 0.13


class LearnedCodec(nn.Module):
    """Image -> bytes -> image, one model for all rates.

    Args:
        hidden_size: width of the networks of the entropy model and of the decoder.
        seed: of the initial weights.

    The machine that compressed an image always decompresses it to the same codes. So does another machine, unless the
    last digit of a double-precision number differs just where means and scales are quantized, which is rare; then the
    checksum of the codes does not match and `decompress` raises an error.
    """

    def __init__(self, hidden_size: int = 44, *, seed: int = 0) -> None:
        super().__init__()
        self.hidden_size, self.seed = inputs.whole(hidden_size, "hidden_size"), seed
        generator = inputs.generator(seed)
        basis, frequencies = dct_basis(BLOCK)
        # The spectrum of photographs falls with the frequency: Field 1987.
        scales = 0.6 / (1 + frequencies) ** 1.5
        self.analysis = Analysis(basis)
        self.entropy_model = EntropyModel(scales, GROUPS, self.hidden_size, generator)
        self.synthesis = Synthesis(basis, self.hidden_size, generator)

    @old_arguments(step="step_size")
    @torch.no_grad()
    def compress(self, image: Any, step_size: float = 0.1) -> bytes:
        """Compress an image.

        Args:
            image: shape (1, height, width) in grey or (3, height, width) in colour, values in [0, 1], any size. A
                colour image is coded as three grey planes, Y, Cb and Cr.
            step_size: quantization step size, 0.002 to 2: larger means fewer bits and more distortion. The codec was
                trained for 0.03 to 0.6.

        Returns:
            The stream; 8 times its length divided by the number of pixels is the rate in bits per pixel.
        """
        planes, step_size = to_ycbcr(checked_image(image)), checked_step_size(step_size)
        encoder = RangeEncoder()
        codes = self._coded(self._coefficients(planes) / step_size, step_size, encoder)
        header = Header(len(planes), *planes.shape[2:], step_size)
        return write_stream(MAGIC, header, fingerprint(self), _checksum(codes) + encoder.finish())

    @torch.no_grad()
    def decompress(self, data: bytes) -> np.ndarray:
        """The image of a stream, float32 array (channels, height, width) with values in [0, 1].

        Raises:
            ValueError: the stream is damaged, cut short, foreign, or of a codec with other weights.
        """
        header, payload = read_stream(MAGIC, data, fingerprint(self), self)
        rows, columns = (_blocks(side) for side in (header.height, header.width))
        decoder = RangeDecoder(payload[CODES_CHECKSUM_SIZE:])
        codes = self._coded((header.channels, BLOCK**2, rows, columns), header.step_size, decoder)
        if _checksum(codes) != payload[:CODES_CHECKSUM_SIZE]:
            raise ValueError(
                "data was decoded to other codes than were encoded: this machine computes differently from the one "
                "that compressed the image; decompress it there."
            )
        return self._image(codes, header.step_size, (header.height, header.width))

    @old_arguments(step="step_size")
    @torch.no_grad()
    def codes(self, image: Any, step_size: float = 0.1) -> np.ndarray:
        """The integers that `compress` encodes: int64 array (channels, 64, rows of blocks, columns of blocks)."""
        planes, step_size = to_ycbcr(checked_image(image)), checked_step_size(step_size)
        return self._coded(self._coefficients(planes) / step_size, step_size, None)

    @old_arguments(step="step_size")
    @torch.no_grad()
    def reconstruct(self, image: Any, step_size: float = 0.1) -> np.ndarray:
        """What `decompress(compress(image, step_size))` gives, without the stream."""
        codes = self.codes(image, step_size)
        return self._image(codes, checked_step_size(step_size), tuple(np.shape(image)[1:]))

    def loss(
        self, x: torch.Tensor, generator: torch.Generator | None = None, *, noise: bool = True
    ) -> dict[str, torch.Tensor]:
        """Rate and distortion, each image at a random quantization step size.

        Args:
            x: images, shape (n, 1, height, width), values in [0, 1].
            generator: the quantization step sizes and the noise are drawn from it.
            noise: True takes the rate of codes with uniform noise in place of rounding, which has a gradient
                everywhere; False that of rounded codes, which is the rate of the stream.

        Returns:
            {"loss", "rate", "distortion"}: scalars, averaged over the batch; "rate" in bits per pixel, "distortion" is
            the mean squared error over the pixels.
        """
        low, high = (math.log(step_size) for step_size in TRAINED_STEP_SIZES)
        log_step_size = low + (high - low) * uniform((len(x),), generator, x)
        step_size = log_step_size.exp()[:, None, None, None]
        values = self.analysis(x) / step_size
        # Straight-through estimator: the synthesis sees rounded codes, the gradient passes as if nothing were rounded.
        codes = values + (deadzone_quantize(values) - values).detach()
        counted = codes
        if noise:
            counted = values + uniform(values.shape, generator, x) - 0.5
        bits = self.entropy_model.bits(counted, codes.detach(), log_step_size)
        x_hat = self.synthesis(codes, log_step_size, x.shape[2:])
        distortion = (x_hat - x).square().mean(dim=(1, 2, 3))
        rate = bits.sum(dim=(1, 2, 3)) / x[0].numel()
        loss = (distortion / step_size.flatten() ** 2 + RATE_WEIGHT * rate).mean()
        return {"loss": loss, "rate": rate.mean(), "distortion": distortion.mean()}

    def steps(
        self,
        x: Any,
        y: None = None,
        *,
        epochs: int | None = 20,
        batch_size: int = 8,
        learning_rate: float | Callable[[int], float] = 1e-3,
        seed: int = 0,
        noise: bool = True,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """Learn, one update each time the caller asks; `training.train` explains the arguments but these two.

        `x` holds grey image patches, shape (n, 1, height, width), values in [0, 1], with sides that are multiples of 8
        and at least 40. `noise` is handed to `loss`: begin with True and end with False.
        """
        if noise not in (True, False):
            raise TypeError(f"noise was {noise!r}; it must be True or False.")
        rest = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed}
        return train(self, x, y, **rest, given=lambda index: {"noise": bool(noise)}, state=state)

    def _checked(self, x: Any) -> torch.Tensor:
        x = inputs.images(x)
        least = MIN_BLOCKS * BLOCK
        if x.shape[1] != 1 or min(x.shape[2:]) < least or x.shape[2] % BLOCK or x.shape[3] % BLOCK:
            raise ValueError(
                f"x holds images of shape {tuple(x.shape[1:])}; the codec learns from grey ones, (1, height, width), "
                f"whose sides are multiples of {BLOCK} and at least {least}: cut patches with "
                "data.patches(data.photos(colour=False), size=128)."
            )
        inputs.within_unit(x, "the codec")
        return x

    def _coefficients(self, planes: torch.Tensor) -> torch.Tensor:
        """Coefficients of planes of any size: the last row and column are repeated to fill whole blocks."""
        height, width = planes.shape[2:]
        padding = (0, _blocks(width) * BLOCK - width, 0, _blocks(height) * BLOCK - height)
        padded = F.pad(planes, padding, mode="replicate").to(example_of(self))
        return self.analysis(padded).cpu().double()

    def _coded(self, values: Any, step_size: float, coder: RangeEncoder | RangeDecoder | None) -> np.ndarray:
        """The codes, pass by pass: quantized from values (and encoded), or decoded, where values are a shape alone."""
        decodes = isinstance(coder, RangeDecoder)
        # In double precision and on the CPU, for the same distributions in encoder and decoder.
        model = copy.deepcopy(self.entropy_model).cpu().double()
        log_step_size = torch.tensor([math.log(step_size)], dtype=torch.float64)
        codes = torch.zeros(values if decodes else values.shape, dtype=torch.float64)
        for one in model.passes:
            group = slice(one.first, one.end)
            mean, log_scale = one(codes, log_step_size)
            now = one.coded_now(codes).bool().expand(mean.shape)
            distributions = quantize_parameters(mean[now].numpy(), log_scale[now].numpy())
            if decodes:
                found = decode_codes(coder, distributions)
            else:
                found = rdo_quantize(values[:, group][now].numpy(), distributions, RATE_WEIGHT)
                if coder is not None:
                    encode_codes(coder, found, distributions)
            codes[:, group][now] = torch.from_numpy(found).double()
        return codes.long().numpy()

    def _image(self, codes: np.ndarray, step_size: float, size: tuple[int, int]) -> np.ndarray:
        log_step_size = example_of(self).new_tensor([math.log(step_size)])
        planes = self.synthesis(torch.from_numpy(codes).to(log_step_size), log_step_size, size)
        return from_ycbcr(planes.cpu()).numpy()


def _blocks(side: int) -> int:
    return max(math.ceil(side / BLOCK), MIN_BLOCKS)


def _checksum(codes: np.ndarray) -> bytes:
    return zlib.crc32(codes.astype("<i4").tobytes()).to_bytes(CODES_CHECKSUM_SIZE, "big")


def deadzone_quantize(values: torch.Tensor) -> torch.Tensor:
    """Deadzone quantizer with rounding offset 0.4: sign(v) floor(|v| + 0.4); all |v| < 0.6 become 0, the cheapest code.

    Source: Sullivan and Sun 2005, "On dead-zone plus uniform threshold scalar quantization".
    """
    return values.sign() * (values.abs() + 0.4).floor()
