"""What the tests of the walk share."""

import pytest

from udl_teach.play import view
from udl_teach.play.latent_walk import run


@pytest.fixture(autouse=True)
def nothing_left_open(monkeypatch):
    # A few steps of learning stand for the many before the first picture.
    monkeypatch.setattr(run, "TRAINED", 6)
    run._trained.cache_clear()
    yield
    run._trained.cache_clear()
    for playground in list(view._open.values()):
        playground.close()
