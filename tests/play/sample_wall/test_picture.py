"""The picture of a wall."""

import numpy as np
import pytest
from machinery.playgrounds import tick
from machinery.sample_wall import finished

from udl_teach import play
from udl_teach.plots.scene import scene

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_every_column_is_a_class_and_every_row_a_latent_vector_that_stays_while_it_learns():
    playground = play.sample_wall(draw=4, speed=1)
    for index in (0, 3):
        run = playground.player.model
        assert run.learned == index
        z = run.model.latent(80, 4)
        for cell in (0, 7, 10, 33, 79):
            image = run.model.generate(z[[cell // 10]], labels=[cell % 10])[0]
            assert np.allclose(playground.snapshot.wall[cell], image, atol=1e-6)
        mosaic = playground._drawing.now.wall.get_array()
        assert np.allclose(
            mosaic[1 + 9 * 3 : 9 + 9 * 3, 1 + 9 * 3 : 9 + 9 * 3], playground.snapshot.wall[33, 0], atol=1e-6
        )
        tick(playground, 3)


def test_the_path_begins_and_ends_at_the_framed_images_and_the_slider_stands_on_it():
    playground = finished(first=14, second=58)
    now = playground.snapshot
    assert np.allclose(now.path[0], now.wall[13], atol=1e-5) and np.allclose(now.path[-1], now.wall[57], atol=1e-5)
    assert np.array_equal(now.here, now.path[0])
    playground.inputs["between"].value = 0.25
    now = playground.snapshot
    assert np.allclose(now.here, now.path[2], atol=1e-5) and not np.allclose(now.here, now.path[0], atol=1e-4)
    gallery = playground._drawing.now
    dashed, solid = gallery.marks.get_segments()
    assert solid.min(axis=0).tolist() == [9 * 3, 9 * 1] and dashed.min(axis=0).tolist() == [9 * 7, 9 * 5]
    assert gallery.place.get_xdata()[0] == pytest.approx(4.5 + 0.25 * 8 * 9)
    playground._drawing.frame.settle()
    image, marks = scene([gallery.wall, gallery.marks])  # for the browser: grey, sharp, and one frame of two dashed
    grey = np.rint(255 * gallery.wall.get_array())
    assert np.abs(image["pixels"][..., :3] - grey[..., None]).max() <= 2 and not image["smooth"]
    assert [len(dash) for dash in marks["dash"]] == [2, 0]


def test_the_kept_wall_stays_and_is_said():
    playground = play.sample_wall(speed=5)
    tick(playground, 2)
    wall, share = playground.snapshot.wall, playground.snapshot.spread
    playground.keep_button.click()
    playground.inputs["objective"].value = "wasserstein"
    tick(playground)
    drawing = playground._drawing
    assert np.allclose(drawing.before.wall.get_array()[1:9, 1:9], wall[0, 0], atol=1e-6)
    assert drawing.before.axes.get_visible() and drawing.before.axes.get_title() == "kept, step 10"
    assert (
        f"Kept after 10 steps: Within a class the variance of the wall's images is {share:.2f} times" in playground.said
    )
    assert "objective wasserstein instead of relativistic" in playground.said
    playground.drop_button.click()
    assert not drawing.before.axes.get_visible() and "Kept" not in playground.said


@pytest.mark.parametrize(("name", "kept"), [("digits", True), ("glyphs", False)])
def test_no_part_of_the_picture_is_cut_off_or_lies_over_another(name, kept):
    playground = play.sample_wall(data=name, speed=1)
    if kept:
        playground.keep_button.click()
    tick(playground, 11)
    drawing = playground._drawing
    whole = drawing.frame.figure.bbox
    axes = [drawing.now.axes, drawing.now.along, *drawing.places, drawing.curves]
    axes += [drawing.before.axes, drawing.before.along] if kept else []
    boxes = [one.get_tightbbox() for one in axes]
    for place, box in enumerate(boxes):
        assert whole.x0 <= box.x0 and box.x1 <= whole.x1 and whole.y0 <= box.y0 and box.y1 <= whole.y1
        assert not any(box.overlaps(other) for other in boxes[:place])
