"""Denoisers that never learned anything, as scikit-image and SciPy have them, and one that learns from the picture.

Sources: A. Buades, B. Coll, J.-M. Morel (2005), A non-local algorithm for image denoising. A. Chambolle (2004), An
algorithm for total variation minimization and applications.
"""

from collections.abc import Callable

import numpy as np

from udl_teach.models import denoise_by_pca


def median(noisy: np.ndarray, strength: float) -> np.ndarray:
    """Each pixel becomes the median of the 3 x 3 around it, however strong the noise is said to be."""
    from scipy.ndimage import median_filter

    return median_filter(noisy, 3, mode="reflect")


def non_local_means(noisy: np.ndarray, strength: float) -> np.ndarray:
    """Each pixel becomes a mean of pixels near and far whose surroundings look alike."""
    from skimage.restoration import denoise_nl_means

    # How unlike they may look, in parts of the noise: the best of five on the two photographs of `data.photos`.
    reach = 0.65 * strength
    return denoise_nl_means(noisy, patch_size=5, patch_distance=5, h=reach, sigma=strength, fast_mode=True)


def total_variation(noisy: np.ndarray, strength: float) -> np.ndarray:
    """The picture near the noisy one whose differences between neighbours sum up to little."""
    from skimage.restoration import denoise_tv_chambolle

    # The best of six weights on the two photographs of `data.photos` grows a little faster than the noise.
    return denoise_tv_chambolle(noisy, weight=strength * (0.55 + 1.3 * strength))


def patch_pca(noisy: np.ndarray, strength: float) -> np.ndarray:
    """Every patch loses the coordinates, on the principal axes of the patches around it, that drown in the noise."""
    # Windows further apart than the default: a tenth of the time for a tenth of a decibel.
    return denoise_by_pca(noisy[None], strength, stride=16)[0]


RIVALS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "non-local means": non_local_means,
    "median": median,
    "total variation": total_variation,
    "patch PCA": patch_pca,
}


def clean(rival: str, noisy: np.ndarray, strength: float) -> np.ndarray:
    """What a rival makes of a noisy picture.

    Args:
        rival: name of one of RIVALS.
        noisy: shape (1, height, width).
        strength: standard deviation of the noise that the rival is told of; 0 leaves the picture as it is.

    Returns:
        float32 array like `noisy`.
    """
    if strength == 0:
        return noisy
    return np.asarray(RIVALS[rival](noisy[0], strength), dtype=np.float32)[None]
