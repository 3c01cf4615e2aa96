"""What a learner does, in a real browser: open the course, run a lesson, play, and find nothing broken."""

import json
import os

import nbformat
import pytest
from lab import APP, Lab, Notebook
from nbformat import v4
from playground import IMAGE, OnPage

# Playground -> a slider whose every move changes the picture, and whether it plays without end.
PLAYGROUNDS = {
    "autoencoder_live": ("bottleneck", True),
    "latent_explorer": ("across", True),
    "kmeans_steps": ("n-clusters", False),
    "cluster_codes": ("n-clusters", True),
    "pca_components": ("n-components", False),
    "som_atlas": ("column", False),
    "som_unfolding": ("radius", True),
    "denoiser": ("strength", True),
    "gan_game": ("latent-size", True),
    "loss_landscape": ("score", True),
    "sample_wall": ("between", True),
    "rate_distortion": ("rate", False),
    "vae_live": ("latent-size", True),
    "map_lies": ("second", False),
    "pull_and_push": ("rotation", True),
    "masked_patches": ("share", True),
    "latent_walk": ("first", True),
}
# What is drawn in the plane, what draws images, and what has the most controls; `make browser` takes all of them so.
WHOLE = list(PLAYGROUNDS)
SHORT = []
if os.environ.get("UDL_TEACH_BROWSER") != "all":
    WHOLE = ["autoencoder_live", "som_unfolding", "gan_game"]
    SHORT = [name for name in PLAYGROUNDS if name not in WHOLE]
SETUP, SHOW = 0, 1
ROLES = {
    **dict.fromkeys(["Whole", "Number", "Power", "Pick"], "slider"),
    **{"Choice": "combobox", "Switch": "checkbox", "Text": "textbox", "Seed": "spinbutton"},
}


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    with Lab(tmp_path_factory.mktemp("lab")) as started:
        yield started


def assert_nothing_went_wrong(notebook, lab):
    assert notebook.problems == [], "the page's console has errors"
    assert lab.problems() == [], "the server's or a kernel's log has errors"


@pytest.mark.parametrize("number", ["00", "02"])
def test_a_lesson_runs_from_top_to_bottom(lab, browser, number):
    (lesson,) = lab.course.glob(f"{number}_*.ipynb")
    # Lesson 00 is opened by the very address that the command prints.
    notebook = Notebook(browser, lab.address if number == "00" else lab.address_of(lesson.name))
    try:
        assert notebook.path == lesson.name
        said = notebook.run_all()
        cells = nbformat.read(lesson, as_version=4).cells
        assert said["errors"] == [] and said["warnings"] == []
        assert said["ran"] == sum(cell.cell_type == "code" for cell in cells)
        notebook.kernel("from udl_teach import play")
        assert int(notebook.kernel("print(play.open_playgrounds())")) >= 1
        assert_nothing_went_wrong(notebook, lab)
    finally:
        notebook.close()


def shows(name):
    return f"playground = play.{name}()\nplayground"


def opened(lab, browser, name, file=None):
    """A notebook that shows one playground, and nothing else; in a file of its own, for a kernel of its own."""
    file = f"{file or name}.ipynb"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    cells = [v4.new_code_cell(text) for text in ("from udl_teach import play", shows(name))]
    nbformat.write(v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), lab.course / file)
    notebook = Notebook(browser, lab.address_of(file))
    notebook.only_the_notebook()
    assert notebook.run_all()["errors"] == []
    return notebook


COLOURS = """() => {
    const canvas = document.querySelector('canvas.udl-canvas');
    if (!canvas || !canvas.width) return 0;
    const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    return new Set(pixels).size;
}"""


def test_a_saved_notebook_shows_its_playground_before_anything_is_run_again(lab, browser):
    notebook = opened(lab, browser, "kmeans_steps", file="saved")
    page = notebook.page
    page.wait_for_function("() => 'still' in (document.querySelector('canvas.udl-canvas')?.dataset || {})")
    words, colours = page.locator(".udl-words").inner_text(), page.evaluate(COLOURS)
    page.evaluate(f"async () => {{ await {APP}.shell.currentWidget.context.save(); }}")
    page.evaluate(f"() => {APP}.serviceManager.sessions.shutdownAll()")
    notebook.close()
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(lab.address_of("saved.ipynb"))
    page.wait_for_selector("canvas.udl-canvas")
    page.wait_for_function(f"() => ({COLOURS})() >= {colours // 4}")
    assert page.locator(".udl-words").inner_text() == words
    assert page.get_by_text("not found").count() == 0
    page.close()


def on_page(notebook, name):
    found = OnPage(notebook)
    found.name = name
    found.slider, found.endless = PLAYGROUNDS[name]
    return found


def assert_every_control_has_a_name(visited):
    """In sight or folded, with the value in force."""
    visited.notebook.kernel("playground.more.value = True")
    visited.settle()
    code = """
import json
from udl_teach.play import controls
hidden = playground._hides(playground._settings) if playground._hides else ()
kinds = [next(kind.__name__ for kind in type(one).__mro__ if kind.__module__ == controls.__name__)
         for one in playground.controls]
print(json.dumps([[kind, one.name, one.label] for kind, one in zip(kinds, playground.controls)
                  if one.name not in hidden]))
"""
    found = json.loads(visited.notebook.kernel(code))
    assert found
    for kind, name, label in found:
        place = name.replace("_", "-")
        said = visited.accessible(place)
        assert f'{ROLES[kind]} "{label}"' in said, (visited.name, said)
        if ROLES[kind] == "slider":
            value, shown = visited.handle(place).get_attribute("aria-valuetext"), visited.readout(place)
            assert value == shown != "", (visited.name, name)


@pytest.fixture(scope="module", params=WHOLE)
def played(request, lab, browser):
    notebook = opened(lab, browser, request.param)
    yield on_page(notebook, request.param)
    notebook.close()


@pytest.mark.skipif(not SHORT, reason="all playgrounds are tried with every gesture")
def test_a_short_visit_to_each_of_the_others(lab, browser):
    notebook = opened(lab, browser, SHORT[0])
    for name in SHORT:
        if name != SHORT[0]:
            notebook.write_cell(SHOW, shows(name))
            notebook.run_cell(SHOW)
        visited = on_page(notebook, name)
        assert_every_control_has_a_name(visited)
        first, said = visited.digest(), visited.words()
        visited.press_and_see("step")
        assert visited.digest() != first and visited.words() != said, name
        visited.press_and_see("reset")
        assert visited.digest() == first and visited.words() == said, name
        visited.key(visited.slider, "ArrowLeft" if name == "latent_explorer" else "ArrowRight")
        since = visited.changes()
        visited.play()
        visited.await_changes(2, since)
        visited.stop()
        assert int(notebook.kernel("playground.close(); print(play.open_playgrounds())")) == 0
    assert_nothing_went_wrong(notebook, lab)
    notebook.close()


def test_where_the_browser_does_not_draw_an_image_stands_in(lab, browser):
    notebook = opened(lab, browser, "kmeans_steps", file="standing_in")
    # A front end that never reports.
    notebook.kernel("from udl_teach.play import view; view.Canvas._esm = 'export default {}'")
    notebook.write_cell(SHOW, "view.Canvas._esm = 'export default {}'\n" + shows("som_unfolding"))
    notebook.run_cell(SHOW)
    visited = OnPage(notebook, IMAGE)
    first, said = visited.digest(), visited.words()
    visited.press_and_see("step")
    assert visited.digest() != first and visited.words() != said
    visited.press_and_see("reset")
    assert visited.digest() == first and visited.words() == said
    since = visited.changes()
    visited.play()
    visited.await_changes(2, since)
    visited.stop()
    assert_nothing_went_wrong(notebook, lab)
    notebook.close()


def test_step_moves_and_reset_shows_the_first_picture_again(played):
    first, said = played.digest(), played.words()
    played.press_and_see("step")
    assert played.digest() != first
    assert played.words() != said
    played.press_and_see("reset")
    played.settle()
    assert played.digest() == first
    assert played.words() == said


def test_a_slider_follows_the_mouse_and_the_arrow_keys(played, figure):
    before, since = played.digest(), played.changes()
    played.drag(played.slider, 12)
    played.await_changes(1, since)
    played.settle()
    dragged = played.digest()
    assert dragged != before
    figure(f"{played.name}, key to picture, median of 20", played.latency(played.slider), "ms", "under 100 ms")
    played.key(played.slider, "ArrowRight")
    played.settle()
    assert played.digest() != dragged


def test_a_screen_reader_is_told_every_name_and_up_goes_up(played):
    assert_every_control_has_a_name(played)
    value = f"print(playground.inputs[{played.slider.replace('-', '_')!r}].value)"
    played.handle(played.slider).focus()
    played.page.keyboard.press("Home")
    played.settle()
    before = float(played.notebook.kernel(value))
    played.key(played.slider, "ArrowUp")
    played.settle()
    higher = float(played.notebook.kernel(value))
    assert higher > before
    shown = played.handle(played.slider).get_attribute("aria-valuetext")
    assert float(shown) == pytest.approx(higher, abs=0.005) and shown == played.readout(played.slider)
    played.key(played.slider, "ArrowDown")
    played.settle()
    assert float(played.notebook.kernel(value)) == before


def test_play_moves_and_pause_stops(played, figure):
    played.press("reset")
    played.settle()
    since = played.changes()
    played.play()
    played.await_changes(2, since)
    if not played.endless:
        played.stop()
        return
    figure(f"{played.name}, playing", played.frames_a_second(), "frames a second", "at least 12 by PNG, 30 wanted")
    late = played.pause()
    figure(f"{played.name}, last picture after Pause", max(late, default=0), "ms", "a frame or two")
    # What was on its way may come: at the kernel, one behind it, in the browser's hands. A queue would be longer.
    assert len(late) <= 6
    stopped = played.changes()
    played.settle()
    assert played.changes() == stopped


def test_keep_lays_the_next_run_beside_the_kept_one(played):
    played.press("reset")
    played.settle()
    alone = played.words()
    played.press("keep")
    played.page.wait_for_function("() => !document.querySelector('.udl-drop').disabled")
    played.key(played.slider, "ArrowLeft" if played.name == "latent_explorer" else "ArrowRight")
    played.settle()
    both, said = played.digest(), played.words()
    assert said != alone
    played.press_and_see("drop")
    played.page.wait_for_function("() => document.querySelector('.udl-drop').disabled")
    played.settle()
    assert played.digest() != both, "the kept one is still in the picture"
    assert played.words() != said


def test_running_the_cell_again_while_it_plays_frees_the_old_one(played):
    played.press("reset")
    played.settle()
    since = played.changes()
    played.play()
    played.await_changes(1, since)
    played.notebook.run_cell(SHOW)
    played.settle()
    played.watch()
    assert played.page.locator(played.picture).count() == 1
    assert int(played.notebook.kernel("print(play.open_playgrounds())")) == 1
    players = "import gc; gc.collect(); print(sum(type(one) is play.Player for one in gc.get_objects()))"
    assert int(played.notebook.kernel(players)) == 1
    played.press_and_see("step")


def test_closing_while_it_plays_leaves_nothing_behind(played, lab):
    played.play()
    played.await_changes(1)
    assert int(played.notebook.kernel("playground.close(); print(play.open_playgrounds())")) == 0
    played.settle()
    assert_nothing_went_wrong(played.notebook, lab)
