"""The neighbourhood function."""

import numpy as np

from udl_teach.lesson.exercise import difference, mistake


def neighbourhood(weights, unit, radius):
    """How strongly every unit learns when this unit (row, column) wins: shape (rows, columns), 1 at the winner."""
    ### BEGIN SOLUTION
    rows, columns, _ = weights.shape
    row_gap = np.arange(rows)[:, None] - unit[0]
    column_gap = np.arange(columns)[None, :] - unit[1]
    squared_distance = row_gap**2 + column_gap**2
    return np.exp(-squared_distance / (2 * radius**2))
    ### END SOLUTION


HINTS = (
    "Two questions: how far is every unit from the winner on the grid, and how strong is the pull there?",
    "On the grid the squared distance is (row - row of the winner)² + (column - column of the winner)². The values "
    "in `weights` play no part, only its shape.",
    "np.arange(rows)[:, None] - unit[0] has shape (rows, 1), np.arange(columns)[None, :] - unit[1] has shape (1, "
    "columns). Their squares, added, have shape (rows, columns).",
    "The Gaussian is exp(-squared distance / (2 radius²)): 1 at the winner, exp(-1/2) at a distance of one radius.",
)


def arguments(rng):
    # A radius for which r, r^2 and 2r differ, and a unit off the diagonal; every other one sits in a corner.
    rows = int(rng.integers(3, 6))
    columns = rows + int(rng.integers(2, 5))
    weights = 2 * rng.normal(size=(rows, columns, int(rng.integers(2, 5))))
    row = int(rng.integers(rows))
    column = int(rng.choice([c for c in range(columns) if c != row]))
    if rng.random() < 0.5:
        row, column = (rows - 1) * int(rng.integers(2)), columns - 1
    radius = float(rng.choice([rng.uniform(0.6, 0.8), rng.uniform(1.3, 1.7), rng.uniform(2.4, 3.0)]))
    return weights, (row, column), radius


distance_in_data_space = difference(
    neighbourhood,
    {"row_gap**2 + column_gap**2": "((weights - weights[unit]) ** 2).sum(axis=2)"},
    """You measured how far the weights are apart: that is a distance in data space. The neighbourhood is defined on the
    grid: it counts the rows and columns between two units, whatever their weights are. That is how it pulls units
    together that are still far apart in data space.""",
)

radius_not_squared = difference(
    neighbourhood,
    {"(2 * radius**2)": "(2 * radius)"},
    "You divided by 2 r, without squaring the radius. With 2 r², twice the radius reaches twice as far.",
)

factor_2_missing = difference(
    neighbourhood,
    {"(2 * radius**2)": "radius**2"},
    "The factor 2 in the denominator is missing. At one radius h must be exp(-1/2): divide by 2 r², not by r².",
)

factor_2_squared_as_well = difference(
    neighbourhood,
    {"(2 * radius**2)": "(2 * radius) ** 2"},
    "You squared the 2 along with the radius: (2 r)² is 4 r². Square the radius only, 2 * radius**2.",
)

multiplied_by_the_square_of_the_radius = difference(
    neighbourhood,
    {"(2 * radius**2)": "2 * radius**2"},
    "You divided by 2 and then multiplied by r²: Python works from left to right. Write (2 * radius**2).",
)

brackets_around_the_sum_missing = difference(
    neighbourhood,
    {"-squared_distance": "-(row_gap**2) + column_gap**2"},
    """Parentheses around the sum are missing: the minus sign applies to the row gap alone, and the division to the
    column gap alone. Write -(row_gap**2 + column_gap**2) / (2 * radius**2).""",
)

rows_alone = difference(
    neighbourhood,
    {"+ column_gap**2": "+ 0 * column_gap"},
    "Your function uses the row gap only, so all units of a row get the same. Add the squared column gap.",
)

distance_not_squared = difference(
    neighbourhood,
    {"-squared_distance": "-np.sqrt(squared_distance)"},
    """You did not square the distance, so your function has a spike at the winner. A Gaussian contains the squared
    distance: leave out the square root.""",
)

sign_missing = difference(
    neighbourhood,
    {"-squared_distance": "squared_distance"},
    """The minus sign is missing: your neighbourhood grows with the distance. exp(-...) is 1 at the winner and decreases
    from there.""",
)

rows_and_columns_added_before_squaring = difference(
    neighbourhood,
    {"row_gap**2 + column_gap**2": "(np.abs(row_gap) + np.abs(column_gap)) ** 2"},
    "You added the two gaps and squared the sum. Square each gap first, then add (Pythagoras).",
)

larger_of_the_two_gaps = difference(
    neighbourhood,
    {"row_gap**2 + column_gap**2": "np.maximum(row_gap**2, column_gap**2)"},
    """You took the larger of the two gaps (the Chebyshev distance). Here the distance is Euclidean: row gap squared
    plus column gap squared.""",
)


@mistake
def row_and_column_of_the_unit_swapped(weights, unit, radius):
    """Your Gaussian is centred on the wrong unit: row and column of the winner are swapped. unit[0] is its row and
    counts along axis 0.
    """
    return neighbourhood(weights, unit[::-1], radius)


@mistake
def rows_and_columns_of_the_grid_swapped(weights, unit, radius):
    """Your result is transposed: rows run along its second axis. Let the rows be axis 0, np.arange(rows)[:, None]."""
    return neighbourhood(weights, unit, radius).T


@mistake
def made_to_sum_to_one(weights, unit, radius):
    """You divided by the sum. h is not a probability: at the winner it must be 1."""
    h = neighbourhood(weights, unit, radius)
    return h / h.sum()


@mistake
def density_of_a_gaussian(weights, unit, radius):
    """You included the normalizing factor of the Gaussian density. Leave it out: at the winner h must be 1 for every
    radius."""
    return neighbourhood(weights, unit, radius) / (radius * np.sqrt(2 * np.pi))


bubble = difference(
    neighbourhood,
    {"np.exp(-squared_distance / (2 * radius**2))": "(squared_distance <= radius**2).astype(float)"},
    """You wrote a bubble: 1 within the radius, 0 beyond. Such neighbourhoods exist (the library has one), but the
    exercise asks for the Gaussian.""",
)
