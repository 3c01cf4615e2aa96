"""All principal components of a data set, of which a step takes one more into use."""

from collections.abc import Iterator

import numpy as np

from udl_teach.data import Dataset
from udl_teach.models import PCA
from udl_teach.training import Step


class Ladder:
    """All principal components of a data set, and how many of them are in use.

    Attributes:
        pca: the model, fitted once with every component.
        k: how many are in use.
        errors: mean squared error per pixel with 0, 1, 2, ... components.
    """

    def __init__(self, dataset: Dataset, pca: PCA, k: int) -> None:
        """Stand on rung `k`."""
        self.dataset, self.pca, self.k = dataset, pca, k
        # The components are orthonormal, so what is lost is the sum of the squared codes that are left out.
        squares = (pca.encode(dataset.x).astype(float) ** 2).sum(axis=0)
        self.errors = np.append(np.cumsum(squares[::-1])[::-1], 0.0) / dataset.x.size

    def reconstruct(self, x: np.ndarray) -> np.ndarray:
        """Samples from their first k numbers, same shape."""
        codes = self.pca.encode(x)
        codes[:, self.k :] = 0
        return self.pca.decode(codes)

    def climb(self) -> Iterator[Step]:
        """One more component per step, up to the last."""
        index = 0
        while self.k < self.pca.n_components:
            self.k += 1
            index += 1
            yield Step(index, 1, float(self.errors[self.k]), {"components": float(self.k)})
