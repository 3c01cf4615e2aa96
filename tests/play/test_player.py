"""Players: a run advanced in pieces, watched, started again."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach import data
from udl_teach.models import Autoencoder
from udl_teach.play import Player
from udl_teach.play.autoencoder_live.picture import Drawing
from udl_teach.play.autoencoder_live.run import start
from udl_teach.play.autoencoder_live.snapshot import snapshot
from udl_teach.play.player import Trail
from udl_teach.training import Step

SETTINGS = {
    "data": "spiral",
    "bottleneck": 1,
    "depth": 1,
    "width": 8,
    "activation": "tanh",
    "learning_rate": 0.01,
    "noise": 0.1,
    "speed": 1,
    "seed": 3,
}


def run(**changes) -> Player:
    chosen = SETTINGS | changes
    return Player(lambda: start(chosen))


def weights(player: Player) -> torch.Tensor:
    return torch.cat([value.flatten() for value in player.model.state_dict().values()])


@settings(max_examples=10, deadline=None)
@given(pieces=st.lists(st.integers(0, 7), min_size=1, max_size=6))
def test_in_pieces_equals_at_once(pieces):
    together, apart = run(), run()
    together.advance(sum(pieces))
    for n in pieces:
        assert apart.advance(n) == n
    assert together.history.loss == apart.history.loss
    assert torch.equal(weights(together), weights(apart))
    assert apart.index == sum(pieces)


@pytest.mark.parametrize("name", ["spiral", "digits"])
def test_watching_leaves_learning_as_it_was(name):
    watched, alone = run(data=name), run(data=name)
    drawing = Drawing()
    for _ in range(6):
        watched.advance(2)
        drawing.draw(snapshot(watched, SETTINGS | {"data": name}))
        drawing.frame.png()
    alone.advance(12)
    assert watched.history.loss == alone.history.loss
    assert torch.equal(weights(watched), weights(alone))


def test_a_run_leaves_the_global_generator_alone():
    torch.manual_seed(5)
    wanted = torch.rand(3)
    torch.manual_seed(5)
    player = run()
    player.advance(3)
    snapshot(player, SETTINGS)
    assert torch.equal(torch.rand(3), wanted)


def test_reset_plays_the_same_run_again():
    player = run()
    player.advance(9)
    before, first = list(player.history.loss), weights(player)
    player.reset()
    assert player.index == 0 and player.step is None and player.history.loss == []
    player.advance(9)
    assert player.history.loss == before
    assert torch.equal(weights(player), first)


def test_another_seed_is_another_run():
    one, other = run(), run(seed=4)
    one.advance(3)
    other.advance(3)
    assert one.history.loss != other.history.loss


def test_the_learning_rate_is_read_while_it_runs():
    chosen = dict(SETTINGS)
    player = Player(lambda: start(chosen))
    player.advance(3)
    before = weights(player)
    chosen["learning_rate"] = 0.0
    player.advance(3)
    assert torch.equal(weights(player), before)


def test_a_loss_that_is_no_number_is_held_as_a_sentence():
    x = data.spiral(50).x

    def recipe():
        model = Autoencoder(2, 1, (), seed=0)
        return model, model.steps(x, epochs=None, learning_rate=1e30)

    player = Player(recipe)
    assert player.advance(100) < 100
    assert player.finished and "learning_rate" in player.problem
    assert player.advance(5) == 0
    player.reset()
    assert not player.finished and player.problem is None


def test_a_recipe_that_fails_leaves_the_run_that_was_there():
    recipes = [lambda: (1, iter([Step(1, 1, 0.5, {})]))]

    def recipe():
        return recipes[0]()

    player = Player(recipe)
    player.advance(1)

    def broken():
        raise ValueError("no")

    recipes[0] = broken
    with pytest.raises(ValueError, match="no"):
        player.reset()
    assert player.index == 1 and player.history.loss == [0.5]


def test_a_run_with_an_end_is_finished():
    player = Player(lambda: (None, iter([Step(1, 1, 2.0, {}), Step(2, 1, 1.0, {})])))
    assert player.advance(2) == 2 and not player.finished
    assert player.advance(1) == 0 and player.finished
    assert player.step.loss == 1.0


@settings(max_examples=25, deadline=None)
@given(n=st.integers(0, 500), most=st.integers(2, 40))
def test_a_long_history_is_bounded_ordered_and_reaches_to_the_end(n, most):
    trail = Trail(most)
    for index in range(1, n + 1):
        trail.add(index, float(index))
    assert len(trail.index) <= most
    assert trail.index == sorted(set(trail.index)) and trail.loss == [float(index) for index in trail.index]
    if n:
        assert trail.index and n - trail.index[-1] <= max(2 * n // most + 2, 1)
