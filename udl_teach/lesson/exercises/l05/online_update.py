"""The online rule."""

from udl_teach.lesson.exercise import mistake
from udl_teach.lesson.exercises.l05.neighbourhood import neighbourhood


def online_update(weights, sample, h, learning_rate):
    """The weights after one sample, shape (rows, columns, features)."""
    ### BEGIN SOLUTION
    return weights + learning_rate * h[:, :, None] * (sample - weights)
    ### END SOLUTION


HINTS = (
    "Each unit moves by a fraction of its difference from the sample. What is the difference, and what the fraction?",
    "The difference is sample - weights, for all units at once. The fraction is learning_rate times h.",
    "h has shape (rows, columns), the difference (rows, columns, n_features): h[:, :, None] makes them fit.",
    "return weights + learning_rate * ... * (sample - weights)",
)


def arguments(rng):
    # Three sizes that differ, none of them 1: an axis that is missing shows. The outermost units are out of reach.
    rows = int(rng.integers(2, 5))
    columns = rows + int(rng.integers(2, 4))
    weights = rng.normal(size=(rows, columns, columns + 2))
    sample = rng.normal(size=columns + 2) + 1
    unit = int(rng.integers(rows)), int(rng.integers(2))
    h = neighbourhood(weights, unit, float(rng.uniform(0.8, 1.5)))
    h[:, -1] = 0
    return weights, sample, h, float(rng.uniform(0.1, 0.6))


@mistake
def winner_alone(weights, sample, h, learning_rate):
    """You moved the winner alone: that is competition without cooperation, and no order arises. Every unit moves by its
    own fraction, learning_rate * h.
    """
    return online_update(weights, sample, h == 1, learning_rate)


@mistake
def sign_turned(weights, sample, h, learning_rate):
    """Your units move away from the sample: the sign is reversed. The difference is sample - weights."""
    return online_update(weights, sample, h, -learning_rate)


@mistake
def rate_applied_twice(weights, sample, h, learning_rate):
    """You multiplied by the learning rate twice, so the steps are too short. Multiply by it once."""
    return online_update(weights, sample, h, learning_rate**2)


@mistake
def rate_forgotten(weights, sample, h, learning_rate):
    """The learning rate is missing: the winner jumps onto the sample and forgets all earlier ones. Multiply the step by
    learning_rate.
    """
    return online_update(weights, sample, h, 1)


@mistake
def neighbourhood_forgotten(weights, sample, h, learning_rate):
    """The neighbourhood h is missing: all units move by the same fraction, and the map shrinks to a point. Multiply the
    step of each unit by its h.
    """
    return weights + learning_rate * (sample - weights)


@mistake
def neighbourhood_applied_twice(weights, sample, h, learning_rate):
    """You multiplied by h twice, so the neighbours move too little. Multiply by h once."""
    return online_update(weights, sample, h**2, learning_rate)


@mistake
def towards_the_sample_without_leaving(weights, sample, h, learning_rate):
    """You added a fraction of the sample itself, so the weights keep growing. Add a fraction of the difference, sample
    - weights.
    """
    return weights + learning_rate * h[:, :, None] * sample


@mistake
def the_step_alone(weights, sample, h, learning_rate):
    """You returned the step. Return the weights after it: weights plus the step."""
    return learning_rate * h[:, :, None] * (sample - weights)


@mistake
def axis_of_h_missing(weights, sample, h, learning_rate):
    """h has one number per unit, shape (rows, columns), and the difference has shape (rows, columns, features). Give h
    a last axis, h[:, :, None], and NumPy uses each number for all features of its unit.
    """
    return weights + learning_rate * h * (sample - weights)
