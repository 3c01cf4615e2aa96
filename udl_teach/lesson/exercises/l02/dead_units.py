"""Counting dead units."""

import torch

from udl_teach.lesson.exercise import mistake
from udl_teach.lesson.values import close


def dead_units(h):
    """The number of units whose output is zero for every sample."""
    ### BEGIN SOLUTION
    return int((h == 0).all(dim=0).sum())
    ### END SOLUTION


HINTS = (
    "A unit is a column of h. When is a whole column dead?",
    "h == 0 is a table of True and False. .all(dim=...) tells whether a whole row or column is True.",
    "Reduce over the samples, dim=0: that leaves one True or False per unit. True counts as 1 in a sum.",
    "return int((h == 0).all(dim=...).sum()) where dim is the axis of the samples.",
)


def arguments(rng):
    # More units than samples; some are dead, some samples are answered by no unit at all, and none is above 1.
    n, n_units = int(rng.integers(6, 10)), int(rng.integers(12, 20))
    h = torch.tensor(rng.normal(size=(n, n_units)), dtype=torch.float32).relu()
    h[0] = h[0].clamp(min=0.1)
    dead = rng.choice(n_units, int(rng.integers(2, 6)), replace=False)
    h[:, dead] = 0
    h[-3:] = 0
    return (h[rng.permutation(n)],)


def agree(got, wanted):
    # A tensor with one number in it counts as that number.
    return not isinstance(got, bool) and close(got, wanted)


@mistake
def zero_for_some_sample(h):
    """You counted units that are zero for at least one sample, which is normal for a ReLU. A dead unit is zero for all
    samples: .all, not .any.
    """
    return int((h == 0).any(dim=0).sum())


@mistake
def counts_samples(h):
    """You counted samples for which all units are zero. Look down each column instead: the samples are axis 0, so
    dim=0.
    """
    return int((h == 0).all(dim=1).sum())


@mistake
def counts_zeros(h):
    """You counted all zeros in the table. A unit is one column; it is dead when its whole column is zero."""
    return int((h == 0).sum())


@mistake
def zeros_of_each_unit(h):
    """You counted the zeros of each unit, one number per column. A unit is dead when all of its outputs are zero:
    use .all(dim=0) instead of .sum(dim=0), then count.
    """
    return (h == 0).sum(dim=0)


@mistake
def the_whole_table_at_once(h):
    """You tested whether the whole table is zero. Test every column separately: .all(dim=0)."""
    return int((h == 0).all())


@mistake
def numbers_of_the_dead_units(h):
    """You found which units are dead. Return their number: len(...) of what you have, or a sum one step earlier."""
    return torch.where((h == 0).all(dim=0))[0]


@mistake
def counts_the_living(h):
    """You counted the units that are alive. The dead units are the others."""
    return int((h > 0).any(dim=0).sum())


@mistake
def share_in_place_of_the_number(h):
    """You returned the share of dead units. The exercise asks for their number: use a sum instead of the mean."""
    return float((h == 0).all(dim=0).float().mean())


@mistake
def mask_in_place_of_the_number(h):
    """You found which units are dead, one True or False per unit. Count them: .sum()."""
    return (h == 0).all(dim=0)
