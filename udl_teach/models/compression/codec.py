"""The learned codec: an autoencoder for pictures whose codes are whole numbers, counted in bits.

It starts as JPEG does, with the cosine transform of blocks of 8 x 8 pixels, and learns from there: blocks that overlap,
a decoder that mends what rounding spoiled, and a model of how probable each code is.

    loss = distortion / step^2 + TRADE * rate        noise in training, rounding after

Sources: Balle, Laparra and Simoncelli 2017, "End-to-end optimized image compression", eq. 8 and 10; Theis et al. 2017,
"Lossy image compression with compressive autoencoders", for the gradient through rounding.
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
from udl_teach.models.compression import code_tables
from udl_teach.models.compression.block_transform import BLOCK, Analysis, Synthesis, cosine_waves
from udl_teach.models.compression.entropy_model import EntropyModel
from udl_teach.models.compression.range_coder import RangeDecoder, RangeEncoder
from udl_teach.models.compression.stream import Head, checked_image, checked_step, pack, unpack
from udl_teach.models.compression.ycbcr import image_of, planes_of
from udl_teach.models.layers import uniform
from udl_teach.modules import example_of, fingerprint
from udl_teach.training import LearningState, Step, train

GROUPS = (1, 2, 3, 6, 12, 40)
FEWEST_BLOCKS = 5  # in each direction: the entropy model looks that far
MAGIC = b"UDLc"
MARK_SIZE = 4  # bytes of the codes' checksum
TRAINED_STEPS = (0.03, 0.6)
# Bits against squared error, in squared steps: where codes are many, D = step^2 / 12 2^(-2 R), so that
# -dD/dR = 2 ln 2 / 12 step^2 = 0.116 step^2.
TRADE = 0.13


class LearnedCodec(nn.Module):
    """Picture -> bytes -> picture, one model for all rates.

    Args:
        hidden_size: width of the networks of the entropy model and of the decoder.
        seed: of the first weights.

    What is guaranteed: the machine that compressed a picture decompresses it to the same codes. Another machine does
    too, unless the last digit of its double precision moves a number across the border between two levels, which is
    rare; then the checksum of the codes says so, instead of a picture of noise.
    """

    def __init__(self, hidden_size: int = 44, *, seed: int = 0) -> None:
        super().__init__()
        hidden_size = inputs.whole(hidden_size, "hidden_size")
        self.hidden_size, self.seed = hidden_size, seed
        generator = inputs.generator(seed)
        waves, frequencies = cosine_waves(BLOCK)
        # Photographs vary less the finer the wave: Field 1987.
        scales = 0.6 / (1 + frequencies) ** 1.5
        self.analysis = Analysis(waves)
        self.entropy_model = EntropyModel(scales, GROUPS, hidden_size, generator)
        self.synthesis = Synthesis(waves, hidden_size, generator)
        self.noise = True

    @torch.no_grad()
    def compress(self, image: Any, step: float = 0.1) -> bytes:
        """A picture as bytes.

        Args:
            image: shape (1, height, width) in grey or (3, height, width) in colour, values in [0, 1], any size. Colour
                is written as brightness and two differences of colour, each like a grey picture.
            step: size of a quantization step, 0.002 to 2: larger means fewer bits and more error. The codec learned
                at steps of 0.03 to 0.6.

        Returns:
            The stream; `len` of it, times 8 and divided by the pixels, is the rate in bits a pixel.
        """
        planes, step = planes_of(checked_image(image)), checked_step(step)
        encoder = RangeEncoder()
        codes = self._coded(self._values(planes) / step, step, encoder)
        head = Head(len(planes), *planes.shape[2:], step)
        return pack(MAGIC, head, fingerprint(self), _mark(codes) + encoder.finish())

    @torch.no_grad()
    def decompress(self, data: bytes) -> np.ndarray:
        """The picture of a stream, float32 array (channels, height, width) with values in [0, 1].

        Raises:
            ValueError: the stream is damaged, cut short, foreign or of a codec with other weights.
        """
        head, message = unpack(MAGIC, data, fingerprint(self), self)
        rows, columns = (_blocks(side) for side in (head.height, head.width))
        decoder = RangeDecoder(message[MARK_SIZE:])
        codes = self._coded((head.channels, BLOCK**2, rows, columns), head.step, decoder)
        if _mark(codes) != message[:MARK_SIZE]:
            raise ValueError(
                "data gave other codes than were written: this machine computes differently from the one that "
                "compressed the picture; decompress it there."
            )
        return self._picture(codes, head.step, (head.height, head.width))

    @torch.no_grad()
    def codes(self, image: Any, step: float = 0.1) -> np.ndarray:
        """The whole numbers that `compress` writes: int64 array (channels, 64, rows of blocks, columns of blocks)."""
        planes, step = planes_of(checked_image(image)), checked_step(step)
        return self._coded(self._values(planes) / step, step, None)

    @torch.no_grad()
    def reconstruct(self, image: Any, step: float = 0.1) -> np.ndarray:
        """What `decompress(compress(image, step))` gives, without the stream."""
        codes = self.codes(image, step)
        return self._picture(codes, checked_step(step), tuple(np.shape(image)[1:]))

    def loss(self, x: torch.Tensor, generator: torch.Generator | None = None) -> dict[str, torch.Tensor]:
        """Rate and distortion at steps drawn by chance, one a picture.

        Args:
            x: pictures, shape (n, 1, height, width), values in [0, 1].
            generator: what steps and noise are drawn from.

        With `noise` (`steps` says so) the rate is that of codes with noise as wide as rounding errs, which has a
        gradient everywhere; without, that of rounded codes, which is the rate that counts.

        Returns:
            {"loss", "rate", "distortion"}: scalars; "rate" in bits a pixel, "distortion" the squared error a pixel.
        """
        low, high = (math.log(step) for step in TRAINED_STEPS)
        log_step = low + (high - low) * uniform((len(x),), generator, x)
        step = log_step.exp()[:, None, None, None]
        values = self.analysis(x) / step
        # Rounding has no gradient: what decodes sees rounded codes, and the gradient passes as if nothing were done.
        codes = values + (rounded(values) - values).detach()
        counted = codes
        if self.noise:
            counted = values + uniform(values.shape, generator, x) - 0.5
        bits = self._bits(counted, codes.detach(), log_step)
        x_hat = self.synthesis(codes, log_step, x.shape[2:])
        distortion = (x_hat - x).square().mean(dim=(1, 2, 3))
        rate = bits.sum(dim=(1, 2, 3)) / x[0].numel()
        loss = (distortion / step.flatten() ** 2 + TRADE * rate).mean()
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
        """Learn, one step each time the caller asks; `training.train` explains the arguments but these two.

        `x` are patches of pictures, shape (n, 1, height, width), values in [0, 1], with sides that are multiples of 8
        and at least 40. `noise` True counts the bits of codes with noise, False those of rounded codes: begin with the
        one and end with the other.
        """
        if noise not in (True, False):
            raise TypeError(f"noise was {noise!r}; it must be True or False.")
        rest = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed}
        steps = train(self, x, y, **rest, state=state)
        self.noise = bool(noise)
        return steps

    def _checked(self, x: Any) -> torch.Tensor:
        x = inputs.images(x)
        least = FEWEST_BLOCKS * BLOCK
        if x.shape[1] != 1 or min(x.shape[2:]) < least or x.shape[2] % BLOCK or x.shape[3] % BLOCK:
            raise ValueError(
                f"x holds images of shape {tuple(x.shape[1:])}; the codec learns from grey ones, (1, height, width), "
                f"whose sides are multiples of {BLOCK} and at least {least}: cut patches with "
                "data.patches(data.photos(colour=False), size=128)."
            )
        inputs.within_unit(x, "the codec")
        return x

    def _values(self, planes: torch.Tensor) -> torch.Tensor:
        """Codes before rounding, at a step of 1, of pictures of any size: the rim is repeated to fill whole blocks."""
        height, width = planes.shape[2:]
        beyond = (0, _blocks(width) * BLOCK - width, 0, _blocks(height) * BLOCK - height)
        whole = F.pad(planes, beyond, mode="replicate").to(example_of(self))
        return self.analysis(whole).cpu().double()

    def _coded(self, values: Any, step: float, coder: RangeEncoder | RangeDecoder | None) -> np.ndarray:
        """The codes, pass by pass: rounded from values and written, or (given their shape alone) read."""
        reading = isinstance(coder, RangeDecoder)
        # In double precision and on the CPU, for the same levels from writer and reader.
        model = copy.deepcopy(self.entropy_model).cpu().double()
        log_step = torch.tensor([math.log(step)], dtype=torch.float64)
        codes = torch.zeros(values if reading else values.shape, dtype=torch.float64)
        for one in model.passes:
            part = slice(one.first, one.end)
            mean, log_scale = one(codes, log_step)
            here = one.writes(codes).bool().expand(mean.shape)
            offset, eighth, level = code_tables.levels(mean[here].numpy(), log_scale[here].numpy())
            if reading:
                found = code_tables.read(coder, offset, eighth, level)
            else:
                exact = values[:, part][here].numpy()
                found = code_tables.rounded(exact, offset, eighth, level, TRADE)
                if coder is not None:
                    code_tables.write(coder, found, offset, eighth, level)
            codes[:, part][here] = torch.from_numpy(found).double()
        return codes.long().numpy()

    def _picture(self, codes: np.ndarray, step: float, size: tuple[int, int]) -> np.ndarray:
        log_step = example_of(self).new_tensor([math.log(step)])
        planes = self.synthesis(torch.from_numpy(codes).to(log_step), log_step, size)
        return image_of(planes.cpu()).numpy()

    def _bits(self, values: torch.Tensor, codes: torch.Tensor, log_step: torch.Tensor) -> torch.Tensor:
        """Bits of each code: log2 of 1 / P(value), where P is the logistic distribution cut into whole numbers."""
        mean, log_scale = self.entropy_model(codes, log_step)
        scale = log_scale.exp()
        above, below = ((values + half - mean) / scale for half in (0.5, -0.5))
        # F(a) - F(b) = F(a) F(-b) (1 - exp(b - a)), which keeps its digits and its gradient far from the mean.
        nats = F.logsigmoid(above) + F.logsigmoid(-below) + torch.log(-torch.expm1(-1 / scale))
        return -nats / math.log(2)


def _blocks(side: int) -> int:
    return max(math.ceil(side / BLOCK), FEWEST_BLOCKS)


def _mark(codes: np.ndarray) -> bytes:
    return zlib.crc32(codes.astype("<i4").tobytes()).to_bytes(MARK_SIZE, "big")


def rounded(values: torch.Tensor) -> torch.Tensor:
    """Nearest whole numbers, of two nearly as near the one closer to 0: it costs fewer bits."""
    return values.sign() * (values.abs() + 0.4).floor()
