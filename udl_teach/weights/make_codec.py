"""The recipe of codec.npz: `python -m udl_teach.weights.make_codec` trains it anew, in three minutes on one core.

It learns from the two photographs of `data.photos` in grey and from nothing else.
"""

from pathlib import Path

import numpy as np

from udl_teach import data, inputs
from udl_teach.models import LearnedCodec
from udl_teach.pretrained import write
from udl_teach.training import LearningState
from udl_teach.weights.make_denoiser import image_pyramid, learning_rate_at

STEPS = 1200
NOISE_SHARE = 0.6  # of the updates, in which noise takes the place of rounding
BATCH_SIZE = 8
CROP = 128
POOL = 50  # batches whose crops are made at a time


def train(seed: int = 0, *, steps: int = STEPS, photos: np.ndarray | None = None) -> LearnedCodec:
    """A codec for grey photographs.

    Args:
        seed: of the initial weights, the crops, the quantization step sizes and the noise.
        steps: number of updates.
        photos: training images, shape (n_images, 1, height, width); None takes `data.photos(colour=False)`.

    Returns:
        The model, ready to use.
    """
    steps = inputs.whole(steps, "steps")
    sizes = image_pyramid(data.photos(colour=False).images if photos is None else photos)
    rng = np.random.default_rng(inputs.whole(seed, "seed", minimum=0))
    model, state = LearnedCodec(seed=seed), LearningState(seed)
    while state.index < steps:
        pool = crops(sizes, BATCH_SIZE * min(POOL, steps - state.index), rng)
        learning = model.steps(
            pool,
            epochs=1,
            batch_size=BATCH_SIZE,
            learning_rate=lambda index: learning_rate_at(index, steps, highest=1e-3),
            noise=state.index < NOISE_SHARE * steps,
            state=state,
        )
        for _ in learning:
            pass
    return model.eval()


def crops(sizes: list[np.ndarray], n: int, rng: np.random.Generator) -> np.ndarray:
    """Random crops, augmented by flips, rotations, brightness and contrast: float32, shape (n, 1, CROP, CROP)."""
    cut = np.empty((n, 1, CROP, CROP), dtype=np.float32)
    for i, which in enumerate(rng.integers(len(sizes), size=n)):
        image = sizes[which]
        row, column = rng.integers(image.shape[0] - CROP + 1), rng.integers(image.shape[1] - CROP + 1)
        square = np.rot90(image[row : row + CROP, column : column + CROP], rng.integers(4))
        square = square[:, ::-1] if rng.random() < 0.5 else square
        middle = square.mean()
        cut[i, 0] = np.clip(middle + rng.uniform(0.6, 1.2) * (square - middle) + rng.uniform(-0.1, 0.1), 0, 1)
    return cut


if __name__ == "__main__":
    write(train(), Path(__file__).with_name("codec.npz"))
