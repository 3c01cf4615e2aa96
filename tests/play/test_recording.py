"""A recording plays what Play would have shown, in a page that needs nothing else."""

import base64
import io
import re

import pytest
from PIL import Image

from udl_teach import play
from udl_teach.play import recording


def frames(page):
    return re.findall(r'\["data:image/(\w+);base64,([^"]+)", "((?:[^"\\]|\\.)*)"\]', page)


def test_it_holds_the_pictures_and_the_words_of_the_run(nothing_left_open):
    playground = play.kmeans_steps(pause=500)
    first = playground.said
    recorded = playground.record(seconds=3)
    assert len(recorded.pictures) == 6 and recorded.interval == 500
    assert recorded.words[0] == first and recorded.words[-1] == playground.said and len(set(recorded.words)) == 6
    page = recorded.html()
    found = frames(page)
    assert len(found) == 6
    for kind, data, _ in found:
        assert Image.open(io.BytesIO(base64.b64decode(data))).format.lower() == kind
    assert not re.search(r"https?://|src=\"(?!data:)", page), "nothing is fetched"
    bundle = recorded._repr_mimebundle_()
    assert bundle["text/plain"] == playground.said and bundle["text/html"].startswith("<figure")


def test_it_ends_where_the_run_ends_and_shows_what_is_kept(nothing_left_open):
    playground = play.kmeans_steps(pause=50)
    playground._step(None)
    playground.keep()
    recorded = playground.record(seconds=60)
    assert playground.player.finished and len(recorded.pictures) < 200
    assert "kept" in recorded.words[-1].lower() or "All settings of the run are the same" in recorded.words[-1]


def test_it_is_never_larger_than_a_megabyte(nothing_left_open, monkeypatch):
    playground = play.kmeans_steps(pause=125)
    recorded = playground.record(seconds=2)
    full = len(frames(recorded.html()))
    monkeypatch.setattr(recording, "MOST", 60_000)
    page = recorded.html()
    kept = frames(page)
    assert 2 <= len(kept) < full and sum(len(data) for _, data, _ in kept) <= 60_000 or len(kept) == 2
    assert kept[-1][2] == frames(recording.Recording(recorded.pictures, recorded.words, 125).html())[-1][2]


def test_words_cannot_end_the_script():
    picture = io.BytesIO()
    Image.new("RGB", (2, 2)).save(picture, "png")
    page = recording.Recording((picture.getvalue(),) * 2, ('a "b" </script>', "c"), 100).html()
    assert page.count("</script>") == 1 and "&lt;/script&gt;" in page


@pytest.mark.parametrize("seconds", [0, -1, 61, "long"])
def test_a_length_that_makes_no_sense_is_refused(nothing_left_open, seconds):
    playground = play.kmeans_steps()
    with pytest.raises((ValueError, TypeError), match="seconds was"):
        playground.record(seconds)


@pytest.mark.parametrize("name", ["kmeans_steps", "map_lies"])
def test_a_page_compares_two_runs_and_leaves_the_playground_as_it_was(nothing_left_open, monkeypatch, name):
    playground = getattr(play, name)(**({"init": "random"} if name == "kmeans_steps" else {}))
    before = playground.settings(), playground.said
    monkeypatch.setenv("UDL_TEACH_RECORD", "1")
    shown = playground._repr_mimebundle_()[0]["text/html"]
    assert "Changed since then: initialization" in shown
    assert (playground.settings(), playground.said) == before and playground.kept is None


def test_a_notebook_run_for_a_page_shows_recordings_and_goes_on_as_before(nothing_left_open, monkeypatch):
    playground = play.autoencoder_live()
    playground._step(None)
    said = playground.said
    assert "text/html" not in playground._repr_mimebundle_()[0]
    monkeypatch.setenv("UDL_TEACH_RECORD", "1")
    bundle, _ = playground._repr_mimebundle_()
    assert len(frames(bundle["text/html"])) > 10
    assert playground.said == said and playground.player.index == 1
