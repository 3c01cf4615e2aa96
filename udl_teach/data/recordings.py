"""Recordings of a smartwatch during seven shoulder exercises: real sensors, for whoever has the package seglearn.

Source: Burns, Leung, Hardisty, Whyne, Henry and McLachlin 2018, "Shoulder physiotherapy exercise recognition: machine
learning the inertial signals from a smartwatch", arXiv:1802.01489.
"""

import hashlib
import io
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from udl_teach import inputs
from udl_teach.data.dataset import Dataset

# SHA-256 of the file, the same in seglearn 1.2.3 to 1.2.5.
CHECKSUM = "eb122f23cdf06ef6bd6c6c5312958ec5cf9d038e2e6d457b8081662c75a42537"
EXERCISES = ("PEN", "ABD", "FEL", "IR", "ER", "TRAP", "ROW")
CHANNELS = ("ax", "ay", "az", "wx", "wy", "wz")


def recordings(normal: str | None = None) -> Dataset:
    """140 recordings of a smartwatch, each one exercise of one person on one side, 50 samples per second.

    For anomalies take one exercise as normal, and hold persons out: what is to be detected is another exercise, not
    another person.

        series = data.recordings(normal="ROW")
        train, test = data.windows(series, 100, 25, group="recording").split((0.6, 0.4), by="person")
        detector = Detector().fit(train.x[train.labels == 0])

    The file is that of the package seglearn (BSD licence, pip install seglearn), whose code is not imported. It is a
    pickle, which could run any code when it is read: it is read only if its checksum is that of the known file.

    Args:
        normal: the exercise that counts as normal, one of "PEN", "ABD", "FEL", "IR", "ER", "TRAP" and "ROW": it gets
            label 0 and all others label 1. None labels the seven exercises 0 to 6.

    Returns:
        Dataset of 244,102 samples of 6 channels, acceleration and angular velocity along three axes, recording after
        recording. Extras: "recording" (0 to 139), "exercise" (0 to 6), "person" (1 to 10) and "side" (1 right, 0 left).

    Raises:
        ModuleNotFoundError: seglearn is not installed.
        ValueError: `normal` is none of the exercises, or the file is not the known one.
    """
    if normal is not None:
        inputs.choice(normal, "normal", EXERCISES)
    found = _read()
    lengths = [len(one) for one in found["X"]]
    extras = {"recording": np.arange(len(lengths)), "exercise": found["y"], "person": found["subject"]}
    extras = {
        name: np.repeat(values, lengths) for name, values in (extras | {"side": found["side"].astype(int)}).items()
    }
    exercise = extras["exercise"]
    return Dataset(
        np.concatenate(found["X"]),
        exercise if normal is None else exercise != EXERCISES.index(normal),
        name="smartwatch",
        source="Burns et al. 2018, as seglearn ships it",
        license="BSD",
        label_names=EXERCISES if normal is None else (normal, "other exercise"),
        feature_names=CHANNELS,
        extras=extras,
    )


def _read() -> dict:
    package = find_spec("seglearn")
    if package is None:
        raise ModuleNotFoundError("data.recordings needs the package seglearn, which holds them: pip install seglearn.")
    file = Path(package.submodule_search_locations[0]) / "data" / "watch_dataset.npy"
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != CHECKSUM:
        raise ValueError(
            f"{file} is not the known file; it was not read: pip install --force-reinstall seglearn==1.2.5."
        )
    return np.load(io.BytesIO(content), allow_pickle=True).item()
