"""Codecs and images that the tests of compression share; no test changes them."""

import numpy as np
import pytest

from udl_teach import data
from udl_teach.models import LearnedCodec, PatchPCACodec
from udl_teach.pretrained import pretrained


@pytest.fixture(scope="session")
def trained():
    return pretrained("codec")


@pytest.fixture(scope="session")
def small():
    return LearnedCodec(hidden_size=4)


@pytest.fixture(scope="session")
def pca():
    return PatchPCACodec().fit(data.patches(data.photos(colour=False), size=8, n=3000).x)


@pytest.fixture(scope="session")
def camera():
    return data.unseen_photos()["camera"][:, 100:300, 150:350]


@pytest.fixture(params=["learned", "pca"])
def codec(request, small, pca):
    return small if request.param == "learned" else pca


@pytest.fixture(scope="session")
def smooth_image():
    """Makes something between noise and a photograph: random waves and a little noise."""

    def image(channels, height, width, seed):
        rng = np.random.default_rng(seed)
        rows, columns = np.mgrid[:height, :width]
        waves = [np.sin(rng.uniform(0, 0.3) * rows + rng.uniform(0, 0.3) * columns + c) for c in range(channels)]
        return np.clip(0.5 + 0.3 * np.stack(waves) + rng.normal(0, 0.05, (channels, height, width)), 0, 1)

    return image
