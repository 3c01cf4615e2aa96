"""The matrices of random views."""

import numpy as np

from udl_teach.lesson.exercise import difference, mistake


def sampling_matrices(angle, zoom, slant):
    """One matrix per view, shape (n, 2, 2), that maps a place in the view to the place in the image shown there.

    angle and slant are in degrees, zoom is a factor; each has shape (n,).
    """
    ### BEGIN SOLUTION
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    one, zero = np.ones_like(c), np.zeros_like(c)
    rotation = np.moveaxis(np.array([[c, -s], [s, c]]), -1, 0)
    shear = np.moveaxis(np.array([[one, np.tan(np.radians(slant))], [zero, one]]), -1, 0)
    forward = zoom[:, None, None] * (rotation @ shear)
    return np.linalg.inv(forward)
    ### END SOLUTION


HINTS = (
    "First the map of the content, A = zoom * rotation @ shear, for a single view. Angles come in degrees; np.cos "
    "takes radians: np.radians(angle).",
    "A view is filled pixel by pixel, and for each pixel you need its place in the image. That is the inverse of A: "
    "np.linalg.inv.",
    "np.array([[c, -s], [s, c]]) with c and s of shape (n,) has shape (2, 2, n). np.moveaxis(..., -1, 0) makes it "
    "(n, 2, 2); then @ and np.linalg.inv treat each view on its own.",
    "zoom[:, None, None] has the shape that multiplies a stack of matrices.",
)


def arguments(rng):
    # Angles, zooms and slants far enough from 0, 1 and 0 that nothing is right by accident.
    n = int(rng.integers(4, 8))
    sign = rng.choice([-1.0, 1.0], size=(2, n))
    angle, slant = sign[0] * rng.uniform(8, 25, n), sign[1] * rng.uniform(8, 25, n)
    return angle, np.where(rng.random(n) < 0.5, rng.uniform(0.7, 0.85, n), rng.uniform(1.2, 1.4, n)), slant


forward_map = difference(
    sampling_matrices,
    {"np.linalg.inv(forward)": "forward"},
    """You returned the map of the content itself. A view is filled by looking up, for each of its own places, the
    place in the image: the inverse map. With yours, a zoom of 1.3 makes a digit smaller.""",
)

degrees_taken_for_radians = difference(
    sampling_matrices,
    {
        "c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))": "c, s = np.cos(angle), np.sin(angle)",
        "np.tan(np.radians(slant))": "np.tan(slant)",
    },
    """You gave degrees to functions that take radians. 15 radians are more than two full turns, so your views are
    turned by any angle: a 6 becomes a 9, and the label is destroyed. Convert with np.radians.""",
)

angle_in_degrees = difference(
    sampling_matrices,
    {"c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))": "c, s = np.cos(angle), np.sin(angle)"},
    """The slant is right, but the angle reaches np.cos and np.sin in degrees. 15 radians are more than two full turns:
    a 6 becomes a 9. Convert with np.radians.""",
)

mirrored = difference(
    sampling_matrices,
    {"[[c, -s], [s, c]]": "[[c, s], [s, -c]]"},
    """Your matrices have a negative determinant: they mirror the image. A mirrored digit is mostly no digit at all, so
    the label is destroyed. A rotation is [[c, -s], [s, c]].""",
)

turned_the_other_way = difference(
    sampling_matrices,
    {"[[c, -s], [s, c]]": "[[c, s], [-s, c]]"},
    """Your rotation turns the other way. The rotation by an angle is [[c, -s], [s, c]].""",
)

zoom_not_inverted = difference(
    sampling_matrices,
    {
        "forward = zoom[:, None, None] * (rotation @ shear)": "forward = rotation @ shear",
        "np.linalg.inv(forward)": "zoom[:, None, None] * np.linalg.inv(forward)",
    },
    """Rotation and slant are inverted, the zoom is not: 1.3 makes the digit smaller. Multiply by the zoom before you
    invert.""",
)

rotated_before_slanted = difference(
    sampling_matrices,
    {"rotation @ shear": "shear @ rotation"},
    """You rotate first and slant afterwards. Matrices act from right to left: A = zoom * rotation @ shear slants
    first.""",
)

slanted_vertically = difference(
    sampling_matrices,
    {"[[one, np.tan(np.radians(slant))], [zero, one]]": "[[one, zero], [np.tan(np.radians(slant)), one]]"},
    """You slant along the vertical axis. The shear in the text moves x by tan(slant) times y: [[1, tan], [0, 1]].""",
)

slant_without_tangent = difference(
    sampling_matrices,
    {"np.tan(np.radians(slant))": "np.radians(slant)"},
    """You put the slant itself into the matrix. A slant of an angle moves x by its tangent times y.""",
)


@mistake
def views_last(angle, zoom, slant):
    """The numbers are right, but the views are along the last axis, (2, 2, n). The first axis must count the views:
    np.moveaxis(..., -1, 0).
    """
    return np.moveaxis(sampling_matrices(angle, zoom, slant), 0, -1)
