"""What is said of a sheet is what the metrics measure."""

import pytest
from machinery.playgrounds import tick

from udl_teach import data, metrics, play
from udl_teach.play.som_unfolding.words import turned_cells

pytestmark = pytest.mark.usefixtures("nothing_left_open")
SMALL = {"rows": 6, "columns": 5}


@pytest.mark.parametrize("rule", ["online", "batch"])
@pytest.mark.parametrize("grid", [{}, {"topology": "hexagonal"}, {"topology": "hexagonal", "wrap": True}])
def test_the_words_say_what_the_metrics_measure(rule, grid):
    playground = play.som_unfolding(data="moons", rule=rule, **SMALL, **grid)
    tick(playground, 3)
    som, x = playground.player.model.som, data.moons(400, seed=0).x
    assert f"{metrics.quantization_error(x, som.weights):.4f} from its best unit" in playground.said
    assert f"{100 * metrics.topographic_error(x, som.weights, **grid):.1f} % of the points" in playground.said
    assert f"Units without points: {(som.hits(x) == 0).sum()} of 30." in playground.said
    assert f"radius {playground.player.step.terms['radius']:.2f}" in playground.said
    assert f"{rule} rule" in playground.said


def test_a_radius_too_small_leaves_a_twisted_sheet_and_a_wide_one_mends_it():
    playground = play.som_unfolding(rows=10, columns=10, falling=False, radius=0.8, learning_rate=0.3, speed=200)
    tick(playground, 4)
    turned, torn = turned_cells(playground.snapshot.weights)[0], playground.snapshot.topographic[-1]
    assert turned > 10 and torn > 0.1 and "it is folded or twisted." in playground.said
    playground.inputs["radius"].value = 5.0
    tick(playground, 2)
    playground.inputs["falling"].value = True
    tick(playground, 10)
    assert "No cell of the sheet is turned over: it lies flat." in playground.said
    assert playground.snapshot.topographic[-1] < torn / 2
