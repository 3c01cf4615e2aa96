"""The numbers of a trained map, measured once: units, their samples, their labels, their borders."""

import numpy as np

from udl_teach.data import Dataset
from udl_teach.models import SelfOrganizingMap

LONGEST_CODE = 4


class Chart:
    """A trained map and the data on it, in numbers that a picture can show at once.

    Features are given in standard deviations from the mean of the data, so that they can be compared, and in their own
    units.
    Units are numbered row by row.
    """

    def __init__(self, model: SelfOrganizingMap, dataset: Dataset) -> None:
        """Measure everything; the model stays as it is."""
        self.model, self.dataset = model, dataset
        self.shape = (model.rows, model.columns)
        x = dataset.x.astype(np.float64)
        # Weights as learned, shape (n_units, n_features).
        self.units = units = model.weights.detach().cpu().numpy().astype(np.float64).reshape(-1, x.shape[1])
        # The same in the units that the data had before it was scaled.
        self.weights = units if dataset.scaling is None else np.asarray(dataset.scaling.undo(units), dtype=float)
        # The same, and the samples likewise, in standard deviations from the mean of the data.
        spread = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
        self.deviations, self.sample_deviations = ((y - x.mean(axis=0)) / spread for y in (units, x))
        # Unit of each sample, and its distance to the weight there, shape (n_samples,) each.
        self.assigned = np.asarray(model.predict(dataset.x))
        self.distances = np.sqrt(((x - units[self.assigned]) ** 2).sum(axis=1))
        # Mean distance of each unit to those that touch it, and samples per unit, shape (rows, columns) each.
        self.u_matrix, self.hits = model.u_matrix(), model.hits(dataset.x)
        self.features = feature_names(dataset)
        # Without labels there are no names of classes, no short codes of them, and no class of a sample. The majority
        # of a unit without samples is -1, its purity NaN.
        self.names, self.codes, self.classes, self.majority, self.purity = (), (), None, None, None
        if dataset.labels is not None:
            present, self.classes = np.unique(dataset.labels, return_inverse=True)
            named = dataset.label_names
            self.names = tuple(str(label) if named is None else named[label] for label in present)
            self.codes = short(self.names)
            self.majority, self.purity = model.label_map(dataset.x, self.classes)

    def members(self, unit: int) -> np.ndarray:
        """Row numbers of a unit's samples, the nearest first."""
        rows = np.flatnonzero(self.assigned == unit)
        return rows[np.argsort(self.distances[rows], kind="stable")]

    def place(self, unit: int) -> str:
        """Where a unit lies: its distance to its neighbours against the thirds of all units."""
        value, (low, high) = self.u_matrix.flat[unit], np.quantile(self.u_matrix, [1 / 3, 2 / 3])
        if low == high or low < value < high:
            return "neither on a border nor in the middle of a region"
        return "on a border between regions" if value >= high else "in the middle of a region"

    def images(self, x: np.ndarray) -> np.ndarray:
        """Samples or weights as images: shape (n, channels, height, width), values in [0, 1] of the data's range."""
        low, high = float(self.dataset.x.min()), float(self.dataset.x.max())
        scaled = (np.asarray(x, dtype=np.float32) - low) / max(high - low, 1e-12)
        return np.clip(scaled, 0, 1).reshape(len(x), *self.dataset.image_shape)


def feature_names(dataset: Dataset) -> tuple[str, ...]:
    """A name for every feature: its own, the place of its pixel, or its number; no two alike."""
    if dataset.feature_names is not None and len(set(dataset.feature_names)) == dataset.x.shape[1]:
        return dataset.feature_names
    if dataset.image_shape is None:
        return tuple(f"feature {number}" for number in range(dataset.x.shape[1]))
    channels, height, width = dataset.image_shape
    start = [""] if channels == 1 else [f"channel {number}, " for number in range(channels)]
    return tuple(
        f"{one}pixel row {row}, column {column}" for one in start for row in range(height) for column in range(width)
    )


def short(names: tuple[str, ...]) -> tuple[str, ...]:
    """As few first letters as keep all names apart, at most LONGEST_CODE; where that is too few, numbers."""
    least = max((len(name) for name in names if name.isdigit()), default=1)  # 1000 is not 1
    for length in range(least, LONGEST_CODE + 1):
        codes = tuple(name[:length] for name in names)
        if len(set(codes)) == len(names):
            return codes
    return tuple(str(number) for number in range(len(names)))
