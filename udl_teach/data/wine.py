"""Wine: thirteen chemical measurements of 178 Italian wines of three kinds.

S. Aeberhard and M. Forina (1991), Wine, UCI Machine Learning Repository. The kinds are named in M. Forina,
C. Armanino, M. Castino and M. Ubigli (1986), Multivariate data analysis as a discriminating method of the origin of
wines, Vitis 25, 189-201.
"""

from udl_teach.data.dataset import Dataset

NAMES = (
    "alcohol",
    "malic acid",
    "ash",
    "alcalinity of ash",
    "magnesium",
    "total phenols",
    "flavanoids",
    "nonflavanoid phenols",
    "proanthocyanins",
    "colour intensity",
    "hue",
    "OD280/OD315",
    "proline",
)


def wine() -> Dataset:
    """Wines from Piedmont, as scikit-learn ships them; nothing is downloaded.

    The columns are as they were measured: proline goes up to 1,680 and hue to 1.71, so that anything that measures
    distances sees proline alone. `data.wine().scaled("standard")` gives every column the same weight, and its
    `scaling.undo(x)` brings results back. The source states no units. OD280/OD315 is the ratio of two absorbances of
    the diluted wine, at 280 and at 315 nanometres.

    Returns:
        Dataset of 178 samples of 13 features, with labels 0 to 2: 59 Barolo, 71 Grignolino and 48 Barbera.
    """
    from sklearn.datasets import load_wine

    raw = load_wine()
    return Dataset(
        raw.data,
        raw.target,
        name="wine",
        source="Aeberhard and Forina (1991), Wine, UCI; shipped with scikit-learn",
        license="CC BY 4.0",
        label_names=("Barolo", "Grignolino", "Barbera"),
        feature_names=NAMES,
        notes=('The columns differ a thousandfold in size; scaled("standard") brings them to a common scale.',),
    )
