"""Digits: 1,797 handwritten digits of 8 x 8 pixels, real and small enough to learn in seconds.

E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning Repository.
"""

from udl_teach.data.dataset import Dataset


def digits() -> Dataset:
    """Handwritten digits, as scikit-learn ships them; nothing is downloaded.

    Returns:
        Dataset of 1,797 images of shape (1, 8, 8) with values in [0, 1] (in steps of 1/16) and labels 0 to 9.
    """
    from sklearn.datasets import load_digits

    raw = load_digits()
    return Dataset(
        raw.data / 16.0,
        raw.target,
        name="digits",
        source="Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits, UCI; shipped with scikit-learn",
        license="CC BY 4.0",
        label_names=tuple("0123456789"),
        image_shape=(1, 8, 8),
    )
