"""Recordings of a smartwatch: read where seglearn is installed, refused in one sentence where it is not."""

import sys
from importlib.util import find_spec

import numpy as np
import pytest

from udl_teach import data

module = sys.modules["udl_teach.data.recordings"]  # the function hides it
needs_the_file = pytest.mark.skipif(find_spec("seglearn") is None, reason="needs the package seglearn")


@needs_the_file
def test_every_exercise_of_ten_persons_in_recordings():
    series = data.recordings()
    assert series.x.shape == (244_102, 6) and np.isfinite(series.x).all()
    number, person, exercise = (series.extras[name] for name in ("recording", "person", "exercise"))
    assert set(person) == set(range(1, 11)) and (series.labels == exercise).all()
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    assert len(starts) == 140 and (np.bincount(exercise[starts]) == 20).all()
    for values in (person, exercise, series.extras["side"]):
        assert (np.diff(values)[np.diff(number) == 0] == 0).all()


@needs_the_file
def test_one_exercise_is_normal_and_persons_are_held_out():
    series = data.recordings(normal="ROW")
    assert series.label_names == ("ROW", "other exercise")
    assert ((series.labels == 0) == (series.extras["exercise"] == 6)).all()
    windows = data.windows(series, 100, 100, group="recording")
    train, test = windows.split((0.6, 0.4), by="person")
    assert not set(train.extras["person"]) & set(test.extras["person"])


def test_the_package_and_the_exercise_are_named_in_the_error(monkeypatch):
    with pytest.raises(ValueError, match="normal was 'RUN'"):
        data.recordings(normal="RUN")
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install seglearn"):
        data.recordings()


def test_an_unknown_file_is_never_unpickled(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    folder.mkdir()
    np.save(folder / "watch_dataset.npy", {"X": []}, allow_pickle=True)
    found = type("Spec", (), {"submodule_search_locations": [str(tmp_path)]})
    monkeypatch.setattr(module, "find_spec", lambda name: found)
    monkeypatch.setattr(module.np, "load", lambda *args, **more: pytest.fail("it was read"))
    with pytest.raises(ValueError, match="not the known file"):
        data.recordings()
