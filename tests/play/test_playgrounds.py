"""Playgrounds, driven as a learner drives them but without a browser: buttons, sliders, ticks of the timer."""

import ast
import base64
import html
import importlib
import io
import re
from pathlib import Path

import numpy as np
import pytest
from machinery.playgrounds import pixels, tick
from PIL import Image

import udl_teach
from udl_teach import data, play
from udl_teach.models import Autoencoder, SelfOrganizingMap
from udl_teach.play import view
from udl_teach.play.kmeans_steps import run as kmeans_run

QUICK = {"depth": 1, "width": 8}
MAKERS = {
    "autoencoder_live": lambda **more: play.autoencoder_live(**(QUICK | more)),
    "latent_explorer": lambda **more: play.latent_explorer(MODEL, FEW, **more),
    "kmeans_steps": play.kmeans_steps,
    "cluster_codes": play.cluster_codes,
    "denoiser": lambda **more: play.denoiser(**({"rival": "median"} | more)),
    # Other seeds cut other squares, whose curves take seconds.
    "rate_distortion": lambda **more: play.rate_distortion(**(more | {"seed": 0})),
    "pca_components": play.pca_components,
    "som_atlas": play.som_atlas,
    "gan_game": play.gan_game,
    # Nothing is drawn there that a seed could change.
    "loss_landscape": lambda seed=0, **more: play.loss_landscape(**more),
    "sample_wall": play.sample_wall,
    "som_unfolding": lambda **more: play.som_unfolding(**({"rows": 6, "columns": 5} | more)),
    "vae_live": lambda **more: play.vae_live(**({"data": "moons"} | more)),
    "map_lies": play.map_lies,
    "pull_and_push": play.pull_and_push,
    "masked_patches": play.masked_patches,
    "latent_walk": lambda **more: play.latent_walk(**({"trained": False, "latent_size": 3} | more)),
}
MODEL = Autoencoder(64, 2, (16,), seed=1)
FEW = data.digits()[:200]
MAP = SelfOrganizingMap(64, 3, 3)
MAP.initialize(FEW.x)

pytestmark = pytest.mark.usefixtures("nothing_left_open")


@pytest.fixture(params=MAKERS)
def make(request):
    return MAKERS[request.param]


def artists(figure):
    # Ticks aside: their number follows the limits.
    return sum(len(axes.get_children()) for axes in figure.axes)


def registered():
    """Widgets that this kernel holds, by the registry of ipywidgets 8 or 7."""
    from ipywidgets.widgets import widget

    return len(widget._instances if hasattr(widget, "_instances") else widget.Widget.widgets)


def test_buttons_and_ticks_move_the_run_and_the_picture(make):
    playground = make()
    first = playground.picture.value
    playground.step_button.click()
    assert playground.player.index == 1
    tick(playground, 2)
    assert playground.player.index == 1 + 2 * playground.settings().get("speed", 1)
    assert playground.picture.value != first
    playground.reset_button.click()
    assert playground.player.index == 0
    assert playground.picture.value == first


def test_many_pictures_add_no_artist(make):
    playground = make(seed=1)
    if "speed" in playground.inputs:
        playground.inputs["speed"].value = 1
    playground.keep_button.click()
    tick(playground)
    drawing = playground._drawing
    before = artists(drawing.frame.figure)
    tick(playground, 10)
    assert artists(drawing.frame.figure) == before


def test_a_picture_updated_in_place_is_the_picture_drawn_anew(make):
    playground = make()
    tick(playground, 3)
    playground.keep_button.click()
    tick(playground, 2)
    snapshot, kept, png = playground.snapshot, playground.kept, playground.png
    arguments = {
        "pca_components": ((1, 8, 8), 64),
        "som_atlas": (getattr(snapshot, "chart", None),),
        "denoiser": (128,),
        "rate_distortion": (192,),
        "latent_explorer": (FEW,),
    }
    picture = importlib.import_module(f"udl_teach.play.{playground.name}.picture")
    other = picture.Drawing(*arguments.get(playground.name, ()))
    other.draw(snapshot, kept)
    assert np.abs(pixels(other.frame.png()) - pixels(png)).max() <= 2


def test_settings_play_the_same_run(make):
    playground = make(seed=3)
    tick(playground, 4)
    chosen, said = playground.settings(), playground.said
    again = make(**chosen)
    assert again.settings() == chosen
    if playground.name == "latent_explorer":
        # The slider's place is rounded to half a percent, so the code may differ a little.
        assert np.allclose(
            again.snapshot.code, playground.snapshot.code, atol=0.003 * np.ptp(again.snapshot.codes, axis=0).max()
        )
    elif playground.name in ("pca_components", "som_atlas", "denoiser", "rate_distortion"):
        assert again.said == said  # what Play has moved stands in the settings
    else:
        tick(again, 4)
        assert again.said == said


def test_keep_lays_the_run_aside_and_begins_again_from_the_same_start():
    playground = play.autoencoder_live(**QUICK, seed=2)
    tick(playground, 3)
    losses, said = list(playground.player.history.loss), playground.said
    playground.keep_button.click()
    assert playground.player.index == 0
    tick(playground, 3)
    assert playground.player.history.loss == losses
    assert "kept run" in playground.said and "All settings of the run are the same." in playground.said
    playground.inputs["learning_rate"].value = 0.05
    assert "learning rate 0.05 instead of 0.005" in playground.said
    with_kept = playground.picture.value
    playground.drop_button.click()
    assert playground.picture.value != with_kept and "kept run" not in playground.said
    assert playground.drop_button.disabled
    assert said.split(":")[0] == playground.said.split(":")[0]


def test_what_restarts_restarts_and_what_acts_while_it_runs_does_not():
    playground = play.autoencoder_live(**QUICK)
    tick(playground, 2)
    playground.inputs["learning_rate"].value = 0.02
    playground.inputs["noise"].value = 0.3
    assert playground.player.index == 20
    assert playground.player.model.noise == 0.3
    assert "Moved while it ran: learning rate, noise." in playground.said
    playground.inputs["bottleneck"].value = 2
    assert playground.player.index == 0 and playground.player.model.latent_size == 2
    assert "Moved" not in playground.said
    playground.inputs["speed"].value = 3
    tick(playground)
    assert playground.player.index == 3


@pytest.mark.parametrize("make_one", [lambda: play.autoencoder_live(speed=50), lambda: play.kmeans_steps("ring")])
def test_beside_a_kept_run_no_number_of_the_axis_is_cut_off(make_one):
    playground = make_one()
    playground.keep_button.click()
    tick(playground, 16)
    figure = playground._drawing.frame.figure
    curves = playground._drawing.curves[0].axes
    labels = [label.get_window_extent() for label in curves.get_xticklabels() if label.get_text()]
    assert labels and all(0 <= label.x0 and label.x1 <= figure.bbox.x1 for label in labels)


def test_a_playground_as_it_is_shown(make, monkeypatch):
    monkeypatch.setattr(view, "READABLE", 0.0)
    playground = make()
    width, height = Image.open(io.BytesIO(playground.picture.value)).size
    assert (int(playground.picture.width), int(playground.picture.height)) == (width, height)
    said = " ".join(widget.value for widget in view._family(playground.box) if type(widget).__name__ == "HTML")
    for control in playground.controls:
        assert playground.inputs[control.name].description == control.label
        assert html.escape(control.says) in said and control.says.endswith(".")
        assert playground.inputs[control.name].value == playground._settings[control.name]
    # The words are announced at rest only.
    assert 'role="status" aria-live="polite"' in playground.words.value
    tick(playground)
    assert 'aria-live="off"' in playground.words.value
    index = playground.player.index
    playground.play.value = playground.play.min  # Play's own stop button is no tick
    assert playground.player.index == index
    playground.step_button.click()
    assert 'aria-live="polite"' in playground.words.value
    bundle, metadata = playground._repr_mimebundle_()
    assert base64.b64decode(bundle["image/png"]) == playground.picture.value
    assert bundle["text/plain"] == playground.said == metadata["image/png"]["alt"]
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == playground.box.model_id
    playground.close()
    bundle, _ = playground._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/png"}


def test_running_the_cell_again_closes_the_one_that_was_there(make):
    first = make()
    second = make()
    assert first.closed and not second.closed
    assert play.open_playgrounds() == 1
    first.step_button.click()  # a click that was on its way does nothing
    assert first.player is None


def test_two_cells_hold_two_playgrounds_of_one_name(monkeypatch):
    cells = iter(["a", "b", "a"])
    monkeypatch.setattr(view, "_cell", lambda: next(cells))
    one, two, again = (play.pca_components() for _ in range(3))
    assert one.closed and not two.closed and not again.closed
    assert play.open_playgrounds() == 2


def test_closing_frees_every_widget(make):
    make().close()  # what ipywidgets itself makes once and keeps is now there
    before = registered()
    playground = make()
    assert registered() > before
    playground.close()
    playground.close()
    assert registered() == before


def test_bad_learning_is_said_and_reset_mends_it(monkeypatch):
    playground = play.autoencoder_live(**QUICK)

    def broken():
        raise FloatingPointError("the loss became nan at step 1")
        yield

    playground.player._steps = broken()
    tick(playground)
    assert "Learning stopped: the loss became nan at step 1" in playground.words.value
    assert playground.play.max == max(playground.play.value, 1)
    playground.reset_button.click()
    assert "Learning stopped" not in playground.words.value
    tick(playground)
    assert playground.player.index == 10


def test_what_goes_wrong_in_a_callback_is_shown(monkeypatch):
    playground = play.kmeans_steps()
    monkeypatch.setattr(playground.player.model.kmeans, "predict", lambda x: 1 / 0)
    playground.step_button.click()
    assert "Something went wrong (ZeroDivisionError)" in playground.words.value


def test_a_restart_that_fails_keeps_the_settings_of_the_run_that_is_shown(monkeypatch):
    playground = play.kmeans_steps(n_clusters=4)
    monkeypatch.setattr(kmeans_run, "KMeans", lambda *args, **more: 1 / 0)
    playground.inputs["n_clusters"].value = 5
    assert playground.settings()["n_clusters"] == 4 and playground.inputs["n_clusters"].value == 4
    assert "ZeroDivisionError" in playground.said


BAD = [
    (lambda: play.autoencoder_live("spirals"), ValueError, "data was 'spirals'"),
    (lambda: play.autoencoder_live(bottleneck=0), ValueError, "bottleneck was 0"),
    (lambda: play.autoencoder_live(bottleneck=99), ValueError, "bottleneck was 99"),
    (lambda: play.autoencoder_live(width=33), ValueError, "width was 33"),
    (lambda: play.autoencoder_live(width="32"), ValueError, "width was '32'"),
    (lambda: play.autoencoder_live(activation="swish"), ValueError, "activation was 'swish'"),
    (lambda: play.autoencoder_live(learning_rate=5), ValueError, "learning_rate was 5"),
    (lambda: play.autoencoder_live(noise=-1), ValueError, "noise was -1"),
    (lambda: play.autoencoder_live(seed=-1), ValueError, "seed was -1"),
    (lambda: play.autoencoder_live(seed=10**6), ValueError, "seed was 1000000"),
    (lambda: play.autoencoder_live(speed="fast"), TypeError, "speed was 'fast'"),
    (lambda: play.kmeans_steps(init="far"), ValueError, "init was 'far'"),
    (lambda: play.kmeans_steps(n_clusters=11), ValueError, "n_clusters was 11"),
    (lambda: play.pca_components(n_components=65), ValueError, "n_components was 65"),
    (lambda: play.pca_components(data.moons(50)), ValueError, "holds no images"),
    (lambda: play.pca_components(np.zeros((20, 64))), TypeError, "dataset was ndarray"),
    (lambda: play.som_atlas(layer="u-matrix"), ValueError, "layer was 'u-matrix'"),
    (lambda: play.som_atlas(feature="alcohol"), ValueError, "feature was 'alcohol'"),
    (lambda: play.som_atlas(row=10), ValueError, "row was 10"),
    (lambda: play.som_atlas(column=-1), ValueError, "column was -1"),
    (lambda: play.som_atlas(topology="round"), ValueError, "topology was 'round'"),
    (lambda: play.som_atlas(np.zeros((20, 64))), TypeError, "dataset was ndarray"),
    (lambda: play.som_atlas(model="map"), TypeError, "model was str"),
    (lambda: play.som_atlas(model=SelfOrganizingMap(64, 3, 3)), ValueError, "no weights yet"),
    (lambda: play.som_atlas(data.moons(50), MAP), ValueError, "x has 2 features"),
    (lambda: play.som_atlas(model=MAP, topology="hexagonal"), ValueError, "topology was 'hexagonal' beside a model"),
    (lambda: play.latent_explorer("model"), TypeError, "model was str"),
    (lambda: play.latent_explorer(Autoencoder(64, 3, ())), ValueError, "codes of 3 numbers"),
    (lambda: play.latent_explorer(dataset=data.digits()), ValueError, "without a model"),
    (lambda: play.latent_explorer(MODEL, across=101), ValueError, "across was 101"),
]


@pytest.mark.parametrize(("make_it", "error", "says"), BAD)
def test_bad_settings_get_one_sentence_and_leave_nothing_behind(make_it, error, says):
    before = registered()
    with pytest.raises(error, match=re.escape(says)):
        make_it()
    assert play.open_playgrounds() == 0 and registered() == before


def test_widgets_are_imported_in_the_view_alone():
    folder = Path(udl_teach.__file__).parent
    for path in [*folder.glob("play/**/*.py"), *folder.glob("plots/*.py")]:
        names = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
        assert ("ipywidgets" in names) == (path.name == "view.py"), path
        assert not names & {"threading", "asyncio"}, path
        assert "pyplot" not in path.read_text(encoding="utf-8").replace("pyplot's state", "").replace(
            "without pyplot", ""
        ), path
