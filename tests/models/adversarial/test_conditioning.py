"""Labels: what is taken for one, where they enter both players, and that they make a difference there."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach.models.adversarial.conditioning import Projection, checked_labels, concatenate_labels


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("y", [[2, 0, 1], (2.0, 0.0, 1.0), np.array([2, 0, 1], np.uint8), torch.tensor([2, 0, 1])])
def test_labels_of_any_kind_become_whole_numbers(y):
    found = checked_labels(y, 3, n=3)
    assert found.dtype == torch.int64 and found.tolist() == [2, 0, 1]


@pytest.mark.parametrize("y", [2, 2.0, np.int64(2), np.array(2), torch.tensor(2)])
def test_one_label_stands_for_all(y):
    assert checked_labels(y, 3, n=4).tolist() == [2, 2, 2, 2]


def test_a_list_of_one_label_is_one_label_alone():
    assert checked_labels([1], 3, n=1).tolist() == [1]
    with pytest.raises(ValueError, match="1 labels for 4 samples"):
        checked_labels([1], 3, n=4)


def test_a_model_without_classes_has_no_labels():
    assert checked_labels(None, None, n=3) is None


@pytest.mark.parametrize(
    ("y", "n_classes", "error", "message"),
    [
        (None, 3, TypeError, "^labels was None, but this model has 3 classes: pass labels, whole numbers from 0 to 2"),
        ([0, 1], None, TypeError, "^labels was given, but this model was made without classes: leave labels out"),
        ([0, 3], 3, ValueError, "^labels holds 3, but this model has 3 classes"),
        ([-1, 0], 3, ValueError, "^labels holds -1, but this model has 3 classes"),
        (3, 3, ValueError, "^labels holds 3, but this model has 3 classes"),
        ([0, 1, 2], 3, ValueError, "^labels has 3 labels for 2 samples"),
        ([[0], [1]], 3, ValueError, "^labels has shape .2, 1."),
        ([0.5, 1], 3, TypeError, "^labels holds float64 values"),
        (1.5, 3, TypeError, "^labels holds float64 values"),
        (["a", "b"], 3, TypeError, "^labels holds text"),
        ("ab", 3, TypeError, "^labels was str"),
        ([0, np.nan], 3, TypeError, "^labels holds float64 values"),
    ],
)
def test_what_is_no_label_gets_one_sentence(y, n_classes, error, message):
    with pytest.raises(error, match=message) as caught:
        checked_labels(y, n_classes, n=2, name="labels")
    assert "\n" not in str(caught.value)


def test_rows_and_labels_stand_side_by_side():
    x = torch.randn(3, 2, generator=rng())
    together = concatenate_labels(x, torch.tensor([1, 0, 3]), 4)
    assert torch.equal(together[:, :2], x)
    assert together[:, 2:].tolist() == [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]]
    assert concatenate_labels(x, None, None) is x


@given(n=st.integers(1, 5), n_classes=st.integers(1, 4), packing=st.integers(1, 3), seed=st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_the_projection_is_the_papers_sum(n, n_classes, packing, seed):
    layer, noise = Projection(6, n_classes, rng(seed), packing), rng(seed + 1)
    h, y = torch.randn(n, 6, generator=noise), torch.randint(n_classes, (n, packing), generator=noise)
    with torch.no_grad():
        layer.judge.bias.fill_(0.3)
        scores = layer(h, y)
    v, e = layer.judge.weight[0].double(), layer.classes.weight.double()
    for row, labels, score in zip(h.double(), y.tolist(), scores, strict=True):
        total = v @ row + 0.3
        for place, label in enumerate(labels):
            total = total + e[:, place * n_classes + label] @ row
        assert score.item() == pytest.approx(total.item(), abs=1e-5)


def test_without_classes_the_projection_is_a_linear_layer():
    layer, h = Projection(6, None, rng()), torch.randn(4, 6, generator=rng(1))
    assert torch.equal(layer(h), layer.judge(h)[:, 0]) and len(list(layer.parameters())) == 2


def test_the_first_weights_follow_from_the_generator_alone():
    everywhere = torch.get_rng_state()
    one, again, other = (Projection(6, 3, rng(seed)) for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), everywhere)
    assert torch.equal(one.classes.weight, again.classes.weight)
    assert not torch.equal(one.classes.weight, other.classes.weight)
