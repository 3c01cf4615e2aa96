"""Names that have changed go on answering, and say what to write instead."""

import pytest

from udl_teach.renamed import Renamed, old_arguments, old_attribute, old_name


def predict(x, *, init="pca"):
    return x, init


def test_an_old_name_does_the_same_and_says_the_new_one():
    with pytest.warns(DeprecationWarning, match="assign is now called predict") as caught:
        assert old_name("assign", predict)(3, init="random") == (3, "random")
    assert caught[0].filename == __file__


def test_an_old_argument_is_taken_for_the_new_one():
    called = old_arguments(start="init")(predict)
    with pytest.warns(DeprecationWarning, match="the argument start is now called init") as caught:
        assert called(3, start="random") == (3, "random")
    assert caught[0].filename == __file__
    assert called(3, init="data") == (3, "data")
    with pytest.warns(DeprecationWarning), pytest.raises(TypeError, match="both were given"):
        called(3, start="random", init="data")


def test_an_old_attribute_is_the_new_one():
    class Model:
        averaged = old_attribute("averaged", "generator_ema")
        generator_ema = 3

    with pytest.warns(DeprecationWarning, match="the attribute averaged is now called generator_ema") as caught:
        assert Model().averaged == 3
    assert caught[0].filename == __file__


def test_an_old_key_gives_the_value_of_the_new_one_and_no_key_is_made_up():
    class Terms(Renamed):
        old = {"told_apart": "auc"}

    terms = Terms(auc=0.7)
    with pytest.warns(DeprecationWarning, match="'told_apart' is now called 'auc'"):
        assert terms["told_apart"] == 0.7
    assert list(terms) == ["auc"] and "told_apart" not in terms
    with pytest.raises(KeyError, match="another"):
        terms["another"]
