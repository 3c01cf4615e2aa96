"""The playground of fake diamonds."""

import numpy as np
import pytest
from machinery.playgrounds import tick, touch

from udl_teach import data, play
from udl_teach.play.fake_table.run import EVERY, GENERATORS
from udl_teach.play.fake_table.snapshot import BINS
from udl_teach.play.fake_table.table import COLUMNS, HELD_OUT, MADE, RULES, TRAIN, closest, real_table, rules_kept

pytestmark = pytest.mark.usefixtures("nothing_left_open")


@pytest.mark.parametrize("generator", GENERATORS)
def test_every_generator_makes_a_table_that_is_judged(generator):
    playground = play.fake_table(generator, speed=2)
    tick(playground, 2)
    snapshot = playground.snapshot
    assert snapshot.generator == generator and snapshot.made.shape == (MADE, 2)
    assert ((snapshot.bars >= 0) & (snapshot.bars <= 1)).all()
    assert np.allclose(snapshot.shares.sum(axis=1), 1) and snapshot.shares.shape == (2, BINS)


def test_a_copier_is_useful_keeps_the_rules_and_is_not_private():
    playground = play.fake_table("copier")
    useful, private, rules = playground.snapshot.bars
    assert useful > 0.9 and private == 0 and rules > 0.9
    assert "is a copy of a real diamond" in playground.said and "100 % of the fakes are closer" in playground.said


def test_what_independent_columns_lose():
    useful, private, rules = play.fake_table("independent columns").snapshot.bars
    assert useful < 0.3 and private > 0.7 and rules < 0.05


def test_networks_make_new_fakes_at_intervals_and_stop_after_their_epochs():
    playground = play.fake_table("VAE", epochs=3, speed=1)
    first = playground.snapshot.made
    tick(playground, EVERY - 1)
    assert np.array_equal(playground.snapshot.made, first)
    tick(playground)
    assert not np.array_equal(playground.snapshot.made, first)
    tick(playground, 60)
    assert playground.player.finished and playground.player.step.epoch == 3


def test_columns_rule_and_fake_act_at_once():
    playground = play.fake_table("copula")
    tick(playground)
    playground.inputs["across"].value = "cut"
    playground.inputs["up"].value = "depth"
    playground.inputs["rule"].value = "round"
    playground.inputs["fake"].value = 7
    snapshot = playground.snapshot
    assert playground.player.index == 1 and snapshot.names == ("cut", "depth") and snapshot.chosen == 7
    assert "x and y are nearly equal" in playground.said and "Fake 7" in playground.said
    kept = playground.player.model.fakes.kept[RULES.index("round")]
    assert np.array_equal(snapshot.broken, ~kept)
    assert np.count_nonzero(snapshot.shares[1]) == 5  # the spread of the points does not reach the histogram


def test_a_fake_is_chosen_by_pressing_it():
    playground = play.fake_table("interpolation")
    place = playground.snapshot.made[42]
    touch(playground, "down", *place)
    chosen = playground.inputs["fake"].value
    assert np.allclose(playground.snapshot.made[chosen], place, rtol=0.02)
    assert np.allclose(playground.snapshot.pair[0], playground.snapshot.made[chosen])


def test_the_real_table_and_its_rules():
    known = real_table()
    assert known.x.shape == (TRAIN, len(COLUMNS)) and known.held_out.shape == (HELD_OUT, len(COLUMNS))
    assert (known.kept > 0.98).all() and known.trtr > 0.9
    assert len(RULES) == len(data.diamond_rules()) == len(rules_kept(known.train))


def test_closest_records_are_found_and_ties_count_half():
    known = real_table()
    row, distance, closer = closest(known.x[[3, 5]], known)
    assert row.tolist() == [3, 5] and np.allclose(distance, 0) and closer == 1
    _, _, closer = closest(known.held_out[:5], known)
    assert closer == 0


def test_controls_of_training_are_of_no_use_where_nothing_trains():
    playground = play.fake_table("copula")
    assert playground._hides(playground._settings) == {"epochs", "speed"}
    assert not playground._hides(playground._settings | {"generator": "GAN"})
