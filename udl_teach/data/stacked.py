"""Stacked digits: three digits as the three channels of one picture, a set with 1,000 known modes.

Source: Metz et al. 2017 (unrolled GANs), section 3.3.1, with MNIST; here with the digits of 8 x 8 pixels.
"""

import numpy as np

from udl_teach import inputs
from udl_teach.data.dataset import Dataset
from udl_teach.data.digits import digits
from udl_teach.data.splitting import split_rows

SPLITS = ("train", "test")


def stacked_digits(n: int = 20_000, *, seed: int = 0, split: str = "train") -> Dataset:
    """Pictures of three digits on top of each other, drawn at random from one part of `digits`.

    The parts are always the same, those of `digits().split(seed=0)`: 1,438 digits for "train" and the other 359 for
    "test". A classifier that judges what was learned from "train" should be held out in the same way.

    Args:
        n: number of pictures.
        seed: which digits meet.
        split: "train" or "test".

    Returns:
        Dataset of images of shape (3, 8, 8) with values in [0, 1]. The label is the number that the three digits spell,
        0 to 999, the first channel its hundreds; extra "digits" of shape (n, 3) has them one by one, extra "rows" says
        which row of `digits()` each is.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """
    n, split = inputs.whole(n, "n"), inputs.choice(split, "split", SPLITS)
    rng = np.random.default_rng(inputs.whole(seed, "seed", minimum=0))
    whole = digits()
    parts = split_rows(len(whole), (0.8, 0.2), 0, None, {})
    rows = rng.choice(parts[SPLITS.index(split)], size=(n, 3))
    spelled = whole.labels[rows]
    return Dataset(
        whole.x[rows].reshape(n, -1),
        spelled @ [100, 10, 1],
        name="stacked digits",
        source=whole.source,
        license=whole.license,
        label_names=tuple(f"{number:03d}" for number in range(1000)),
        image_shape=(3, 8, 8),
        extras={"digits": spelled, "rows": rows},
    )
