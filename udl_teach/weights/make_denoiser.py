"""The recipe of denoiser.npz: `python -m udl_teach.weights.make_denoiser` trains it anew, in five minutes on one core.

It learns from the two photographs of `data.photos` in grey and from nothing else.
"""

from pathlib import Path

import numpy as np
import torch

from udl_teach import data, inputs
from udl_teach.models import ConvDenoiser
from udl_teach.pretrained import write
from udl_teach.training import LearningState

STEPS = 32_000
BATCH_SIZE = 6
CROP = 48
# Smaller copies are sharper, and show things at sizes at which other photographs show them.
SCALES = (1.0, 0.85, 0.7, 0.55, 0.4)


def train(seed: int = 0, *, steps: int = STEPS, photos: np.ndarray | None = None) -> ConvDenoiser:
    """A denoiser for Gaussian noise in grey photographs.

    Args:
        seed: of the initial weights, the crops and the noise.
        steps: number of updates.
        photos: training images, shape (n_images, 1, height, width); None takes `data.photos(colour=False)`.

    Returns:
        The model, ready to use.
    """
    steps = inputs.whole(steps, "steps")
    sizes = image_pyramid(data.photos(colour=False).images if photos is None else photos)
    rng = np.random.default_rng(inputs.whole(seed, "seed", minimum=0))
    model = ConvDenoiser(width=32, seed=seed)
    model = model.to(memory_format=torch.channels_last)  # a third faster on most processors
    state = LearningState(seed)
    while state.index < steps:
        pool = crops(sizes, BATCH_SIZE * min(100, steps - state.index), rng)
        learning = model.steps(
            pool,
            epochs=1,
            batch_size=BATCH_SIZE,
            learning_rate=lambda index: learning_rate_at(index, steps),
            state=state,
        )
        # Convolutions in bfloat16: nearly twice as many updates per second where the processor has it. With a cache,
        # every update would use the weights of the first one.
        with torch.autocast("cpu", dtype=torch.bfloat16, cache_enabled=False):
            for _ in learning:
                pass
    return model.to(memory_format=torch.contiguous_format).eval()


def learning_rate_at(index: int, steps: int, highest: float = 1.5e-3, lowest: float = 6e-5) -> float:
    """The learning rate after `index` of `steps` updates: linear warm-up, then exponential decay.

    At 3e-3 the loss sometimes diverged after some thousand updates, and a cosine schedule stays high for longer.
    """
    return min(1.0, (index + 1) / 200) * highest * (lowest / highest) ** (index / steps)


def image_pyramid(photos: np.ndarray) -> list[np.ndarray]:
    """Each photograph at each of `SCALES`: arrays of shape (height, width)."""
    from skimage.transform import rescale

    return [rescale(photo[0], scale, order=3, anti_aliasing=scale < 1) for scale in SCALES for photo in photos]


def crops(sizes: list[np.ndarray], n: int, rng: np.random.Generator) -> np.ndarray:
    """Random crops, augmented by flips, rotations, brightness and contrast: float32, shape (n, 1, CROP, CROP)."""
    areas = np.array([image.size for image in sizes], dtype=float)
    cut = np.empty((n, 1, CROP, CROP), dtype=np.float32)
    for i, which in enumerate(rng.choice(len(sizes), size=n, p=areas / areas.sum())):
        image = sizes[which]
        row, column = rng.integers(image.shape[0] - CROP + 1), rng.integers(image.shape[1] - CROP + 1)
        square = np.rot90(image[row : row + CROP, column : column + CROP], rng.integers(4))
        square = square[:, ::-1] if rng.random() < 0.5 else square
        middle = square.mean()
        contrast, brightness = rng.uniform(0.5, 1.3), rng.uniform(-0.2, 0.2)
        cut[i, 0] = np.clip(middle + contrast * (square - middle) + brightness, 0, 1)
    return cut


if __name__ == "__main__":
    write(train(), Path(__file__).with_name("denoiser.npz"))
