"""The closest real record."""

import numpy as np

from udl_teach.lesson.exercise import difference


def closest_records(synthetic, real):
    """Distances to the closest real record: of every synthetic row, (m,), and of every real row, (n,), as a yardstick.

    synthetic is (m, d), real is (n, d). Measure each column in its standard deviation in the real table (ddof=0). The
    closest record of a real row is another row of the real table.
    """
    ### BEGIN SOLUTION
    sd = real.std(axis=0)
    synthetic, real = synthetic / sd, real / sd
    from_synthetic = np.sqrt(((synthetic[:, None] - real) ** 2).sum(axis=2))
    from_real = np.sqrt(((real[:, None] - real) ** 2).sum(axis=2))
    np.fill_diagonal(from_real, np.inf)
    return from_synthetic.min(axis=1), from_real.min(axis=1)
    ### END SOLUTION


HINTS = (
    "Divide the columns of both tables by the standard deviations of the real table.",
    "All distances at once: np.sqrt(((a[:, None] - b) ** 2).sum(axis=2)) has one row per row of a, one column per row "
    "of b.",
    "The distance from a row of a to its closest record is the smallest number in its row: .min(axis=1).",
    "Among the real rows, every row is its own closest record, at distance 0. np.fill_diagonal(distances, np.inf) "
    "takes these distances out before the minimum.",
)


def arguments(rng):
    # Columns in very different units; some synthetic rows copied, and two real rows that are the same.
    n, m = int(rng.integers(30, 40)), int(rng.integers(18, 26))
    real = rng.normal(size=(n, 4)) * (1.0, 30.0, 0.05, 4.0) + (0.0, 300.0, 1.0, -5.0)
    real[3] = real[11]
    synthetic = rng.normal(size=(m, 4)) * (0.8, 45.0, 0.04, 2.0) + (0.3, 300.0, 1.0, -5.0)
    synthetic[[0, 5]] = real[[2, 9]]
    return synthetic, real


unscaled = difference(
    closest_records,
    {"synthetic / sd, real / sd": "synthetic, real"},
    """You did not scale the columns. The column with the largest numbers then decides alone which record is close:
    divide both tables by real.std(axis=0).""",
)

each_table_by_its_own = difference(
    closest_records,
    {"synthetic / sd, real / sd": "synthetic / synthetic.std(axis=0), real / sd"},
    """You scaled each table by its own standard deviations, so a copied row no longer has distance 0. Use the same
    unit in both: the standard deviations of the real table.""",
)

standardized_apart = difference(
    closest_records,
    {"synthetic / sd, real / sd":
     "(synthetic - synthetic.mean(axis=0)) / synthetic.std(axis=0), (real - real.mean(axis=0)) / sd"},
    """You standardized each table by its own mean and standard deviation. That moves the tables onto each other, and a
    copied row no longer has distance 0. Subtract and divide by the same numbers in both.""",
)  # fmt: skip

scaled_by_the_synthetic_table = difference(
    closest_records,
    {"sd = real.std(axis=0)": "sd = synthetic.std(axis=0)"},
    """You measured the standard deviations on the synthetic table. Then the unit changes from generator to generator,
    and their distances cannot be compared. Measure them on the real table.""",
)

variance_for_standard_deviation = difference(
    closest_records,
    {"real.std(axis=0)": "real.var(axis=0)"},
    """You divided by the variance. A column then still counts by its unit: divide by the standard deviation.""",
)

self_matches = difference(
    closest_records,
    {"np.fill_diagonal(from_real, np.inf)": "pass"},
    """Your real rows all have distance 0: each has found itself. Take the diagonal out before the minimum.""",
)

zeros_dropped = difference(
    closest_records,
    {"np.fill_diagonal(from_real, np.inf)": "from_real[from_real == 0] = np.inf"},
    """You took out every distance of 0, not only those of a row to itself. Two real rows that are equal then seem
    far from each other. Take out the diagonal.""",
)

copies_dropped = difference(
    closest_records,
    {"np.fill_diagonal(from_real, np.inf)":
     "np.fill_diagonal(from_real, np.inf)\nfrom_synthetic[from_synthetic == 0] = np.inf"},
    """You took out synthetic rows that equal a real one. A copied record is what this measure must find: its distance
    is 0.""",
)  # fmt: skip

squared_distances = difference(
    closest_records,
    {"np.sqrt(((synthetic[:, None] - real) ** 2).sum(axis=2))": "((synthetic[:, None] - real) ** 2).sum(axis=2)",
     "np.sqrt(((real[:, None] - real) ** 2).sum(axis=2))": "((real[:, None] - real) ** 2).sum(axis=2)"},
    """These are squared distances. Take the square root.""",
)  # fmt: skip

mean_distance = difference(
    closest_records,
    {"from_synthetic.min(axis=1)": "from_synthetic.mean(axis=1)"},
    """You averaged over all real records. One close record is enough to give a person away: take the minimum.""",
)

closest_synthetic_of_the_real = difference(
    closest_records,
    {"from_synthetic.min(axis=1)": "from_synthetic.min(axis=0)"},
    """You took the minimum over the synthetic rows: the distance from each real record to its closest synthetic one.
    One distance per synthetic row is wanted, the minimum over the real records.""",
)
