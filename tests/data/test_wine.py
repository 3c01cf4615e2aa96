"""The wines: scikit-learn's numbers under readable names, raw and scaled."""

import numpy as np

from udl_teach import data


def test_wine_is_scikit_learns_with_every_column_under_its_name():
    from sklearn.datasets import load_wine

    wine, raw = data.wine(), load_wine()
    np.testing.assert_allclose(wine.x, raw.data, rtol=1e-6)
    np.testing.assert_array_equal(wine.labels, raw.target)
    plain = [name.replace("_", " ").replace("color", "colour") for name in raw.feature_names]
    assert [name.split("/")[0].lower() for name in wine.feature_names] == [name.split("/")[0] for name in plain]
    # Published: 59 Barolo, 71 Grignolino, 48 Barbera.
    counts = {name: int((wine.labels == label).sum()) for label, name in enumerate(wine.label_names)}
    assert counts == {"Barolo": 59, "Grignolino": 71, "Barbera": 48}


def test_scaled_wine_gives_every_column_the_same_weight_and_comes_back():
    wine = data.wine()
    scaled = wine.scaled("standard")
    np.testing.assert_allclose(scaled.x.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(scaled.x.std(axis=0), 1, atol=1e-4)
    np.testing.assert_allclose(scaled.scaling.undo(scaled.x), wine.x, rtol=1e-4)


def test_the_description_tells_to_scale():
    said = repr(data.wine().describe())
    assert 'scaled("standard")' in said and "CC BY 4.0" in said and "Grignolino (71)" in said
