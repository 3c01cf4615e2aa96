"""The picture of the game: what is drawn is what was measured, and no text is cut off."""

from dataclasses import replace

import numpy as np
import pytest
from machinery.gan_game import game_of
from machinery.playgrounds import pixels, tick

from udl_teach import metrics, play
from udl_teach.play.gan_game.flow import PHASES
from udl_teach.play.gan_game.picture import TAKEN, Drawing, cells_of, middle
from udl_teach.play.gan_game.snapshot import snapshot

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_the_mode_counter_is_the_metric_and_marks_the_modes_that_are_missed():
    playground = play.gan_game("grid", speed=50)
    tick(playground, 3)
    run, now = playground.player.model, playground.snapshot
    centres = run.scene.modes[:, :2]
    found = metrics.mode_coverage(run.model.sample(1000, seed=1, ema=False), centres, 0.05)
    assert 0 < found.modes < 25
    said = f"{found.modes} of 25 modes, {100 * found.high_quality:.0f} % of points on them"
    assert playground.said.startswith(said)
    panel = playground._drawing.now
    assert panel.says.get_text() == f"step 150: {said}".replace(" of points", "")
    assert np.array_equal(panel.missed.get_offsets(), centres[found.high_quality_counts == 0])
    assert now.found[1] == found.modes / 25


def test_a_small_cell_of_the_sheet_is_drawn_stronger_than_a_large_one():
    side = np.array([0.0, 0.1, 1.0])
    sheet = np.stack(np.meshgrid(side, side), axis=-1)
    cells, strength = cells_of(sheet, width=2.0)
    area = np.abs(np.linalg.det(np.stack([cells[:, 1] - cells[:, 0], cells[:, 3] - cells[:, 0]], axis=1)))
    assert np.array_equal(np.argsort(-strength, kind="stable"), np.argsort(area, kind="stable"))
    assert (strength > 0).all() and (strength <= 1).all()
    assert (cells_of(np.zeros((3, 3, 2)), 2.0)[1] == 1).all()


def test_signs_stand_where_the_map_is_sure():
    player, settings = game_of()
    now, heat = snapshot(player, settings), np.full((40, 40), 0.5)
    heat[:20, 20:] = 0.9  # below, to the right
    heat[20:, :20] = 0.1
    drawing = Drawing()
    drawing.draw(replace(now, heat=heat))
    plus, minus = (sign.get_offsets() for sign in drawing.now.signs)
    assert len(plus) and (plus[:, 0] > 0).all() and (plus[:, 1] < 0).all()
    assert len(minus) and (minus[:, 0] < 0).all() and (minus[:, 1] > 0).all()


def test_the_flow_marks_who_works_who_moves_and_the_way():
    drawing = Drawing()
    wide = {}
    for phase in PHASES:
        drawing.flow.draw(phase)
        wide[phase] = {name: box.get_bbox_patch().get_linewidth() for name, box in drawing.flow.boxes.items()}
        assert drawing.flow.says.get_text() == PHASES[phase][0]
    thick = {phase: {name for name, width in widths.items() if width > 2} for phase, widths in wide.items()}
    assert thick["D3"] == {"discriminator"} and thick["G3"] == {"generator"} and thick["G2"] == set()
    assert thick["both"] == thick["play"] == {"discriminator", "generator"}
    assert wide["D2"]["real"] > wide["G2"]["real"]  # real points take no part in the generator's half


def test_a_spike_does_not_flatten_the_other_losses():
    assert middle(np.append(np.ones(999), 1000.0)).tolist() == [1, 1] and len(middle(np.zeros(0))) == 0


@pytest.mark.parametrize(
    ("settings", "kept"),
    [({"data": "grid", "objective": "wasserstein"}, True), ({"data": "moons", "slow": True}, False)],
)
def test_no_text_of_the_picture_is_cut_off_or_lies_over_another(settings, kept):
    playground = play.gan_game(**settings)
    playground.player.advance(130)
    if kept:
        playground.keep_button.click()
        playground.player.advance(130)
    tick(playground, 5)
    drawing = playground._drawing
    figure = drawing.frame.figure
    panels = [drawing.now, drawing.before] if kept else [drawing.now]
    boxes = [panel.says.get_window_extent() for panel in panels]
    boxes += [panel.axes.get_window_extent() for panel in panels]
    boxes += [drawing.legend.get_window_extent(), drawing.flow.axes.get_window_extent()]
    boxes += [axes.get_tightbbox() for axes in [curve.axes for curve in drawing.curves]]
    for place, box in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 + 1
        assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1 + 1
        assert not any(box.overlaps(other) for other in boxes[:place])
    assert drawing.flow.says.get_window_extent().x1 <= figure.bbox.x1


def test_the_picture_of_a_kept_run_stays_and_both_are_spoken_of():
    playground = play.gan_game(speed=20)
    tick(playground, 3)
    alone = pixels(playground.png)
    playground.keep_button.click()
    assert playground.player.index == 0 and "Kept run, step 60: " in playground.said
    drawing, kept = playground._drawing, playground.kept
    assert kept.index == 60 and np.array_equal(drawing.before.made.get_offsets(), kept.points)
    assert np.array_equal(drawing.now.made.get_offsets(), playground.snapshot.points)
    for curve, (steps, values) in zip(drawing.curves, (kept.losses, kept.shares), strict=True):
        for line, before, value in zip(curve.now, curve.before, values, strict=True):
            assert np.array_equal(before.get_data(), (steps, value)) and len(line.get_xdata()) == 0
    playground.inputs["discriminator_rate"].value = 0.01
    assert "rate D 0.01 instead of 0.001" in playground.said
    playground.drop_button.click()
    playground.inputs["discriminator_rate"].value = 0.001
    playground.reset_button.click()
    tick(playground, 3)
    assert np.array_equal(pixels(playground.png), alone)


def test_the_browser_gets_the_ground_in_the_colours_of_the_legend():
    drawing = Drawing()
    drawing.now.heat.set_data([[0.0, 0.6], [0.5, 1.0]])
    sent = drawing.now.heat.to_rgba(drawing.now.heat.get_array(), bytes=True, norm=True)
    assert np.array_equal(sent, TAKEN(np.array([[0.0, 0.6], [0.5, 1.0]]), bytes=True))
