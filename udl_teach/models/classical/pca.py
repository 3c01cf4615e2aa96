"""Principal component analysis: the linear subspace closest to the data, by a singular value decomposition.

Sources: Pearson 1901; Hotelling 1933; the link to the singular value decomposition: Jolliffe 2002, section 3.5.
"""

from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.layers import allocate

LEARNED = ("mean", "components", "explained_variance", "explained_variance_ratio")


class PCA(nn.Module):
    """Principal component analysis, the linear baseline of every autoencoder.

    The solution is a decomposition in closed form, so `fit` is a method and there are no steps and no epochs.

    Args:
        n_components: dimensions of the code.

    Attributes:
        mean: shape (n_features,).
        components: orthonormal directions, shape (n_components, n_features), sorted by decreasing variance.
        explained_variance: variance along each direction (n - 1 in the denominator), shape (n_components,).
        explained_variance_ratio: its share of the whole variance, shape (n_components,).
    """

    def __init__(self, n_components: int = 2) -> None:
        super().__init__()
        self.n_components = self.latent_size = inputs.whole(n_components, "n_components")
        for name in LEARNED:
            self.register_buffer(name, None)

    def fit(self, x: Any) -> "PCA":
        """Compute the principal components of `x` (n_samples, n_features) and return self."""
        samples = inputs.samples(x)
        n, n_features = samples.shape
        if self.n_components > min(n, n_features):
            raise ValueError(
                f"n_components was {self.n_components}; {n} samples of {n_features} features have at most "
                f"{min(n, n_features)} components: make PCA with fewer."
            )
        # In double precision: the squared singular values span twice as many digits as the data.
        samples = samples.detach().double()
        mean = samples.mean(dim=0)
        # X - mean = U S V^T: the rows of V^T are the directions, S^2 / (n - 1) the variances along them.
        _, singular_values, directions = torch.linalg.svd(samples - mean, full_matrices=False)
        variance = singular_values**2 / max(n - 1, 1)
        # A direction and its opposite are equally good; the largest entry is made positive so that runs agree.
        largest = directions.gather(1, directions.abs().argmax(dim=1, keepdim=True))
        directions = directions * torch.where(largest < 0, -1.0, 1.0)
        self.mean, self.components = mean.float(), directions[: self.n_components].float().contiguous()
        self.explained_variance = variance[: self.n_components].float()
        self.explained_variance_ratio = (variance[: self.n_components] / variance.sum().clamp(min=1e-30)).float()
        return self

    def encode(self, x: Any) -> Any:
        """Codes: (n_samples, n_features) -> (n_samples, n_components)."""
        components = self._fitted().components
        samples = inputs.samples(x, n_features=components.shape[1]).to(components.device)
        return inputs.given((samples - self.mean) @ components.T, x)

    def decode(self, z: Any) -> Any:
        """Points of the subspace: (n_samples, n_components) -> (n_samples, n_features)."""
        components = self._fitted().components
        codes = inputs.samples(z, "z", n_features=self.n_components).to(components.device)
        return inputs.given(codes @ components + self.mean, z)

    def forward(self, x: Any) -> Any:
        """Reconstructions: (n_samples, n_features) -> (n_samples, n_features)."""
        return self.decode(self.encode(x))

    def _fitted(self) -> "PCA":
        if self.components is None:
            raise ValueError("this PCA has not seen data yet; call fit(x) first.")
        return self

    def _load_from_state_dict(self, state_dict, prefix, *rest):
        allocate(self, LEARNED, state_dict, prefix)
        super()._load_from_state_dict(state_dict, prefix, *rest)
