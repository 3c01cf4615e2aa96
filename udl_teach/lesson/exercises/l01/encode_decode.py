"""Encode and decode."""

import numpy as np

from udl_teach.lesson.exercise import Wrong, difference, mistake
from udl_teach.lesson.exercises.l01.shared import cloud
from udl_teach.lesson.values import as_array, close, copied


def encode_decode(x, mean, directions):
    """The codes of x, shape (n_samples, k), and its reconstructions, shape (n_samples, n_features).

    mean, shape (n_features,), and directions, shape (k, n_features), were learned from other samples.
    """
    ### BEGIN SOLUTION
    z = (x - mean) @ directions.T
    x_hat = z @ directions + mean
    return z, x_hat
    ### END SOLUTION


HINTS = (
    "Encoding measures how far a sample lies from the mean along each direction. Decoding undoes the steps in reverse.",
    "The rows of directions are the directions, so (samples, features) times directions.T gives (samples, k).",
    "To decode, weight each direction by its code number and add them up: z @ directions. Something is still missing.",
    "z = (x - mean) @ directions.T, and x_hat = z @ directions + mean; return both.",
)


def arguments(rng):
    # The new samples have a mean of their own, so that centring with the wrong mean shows.
    seen, k = cloud(rng)
    mean = seen.mean(axis=0)
    directions = np.linalg.svd(seen - mean, full_matrices=False)[2][:k]
    x = seen[: len(seen) // 2] + rng.normal(size=mean.shape) + 0.5 * np.sign(mean)
    return x, mean, directions


centred_by_the_new_mean = difference(
    encode_decode,
    {"(x - mean)": "(x - x.mean(axis=0))"},
    """You subtracted the mean of the new samples. Codes can be compared only if all are measured from the same
    point: use the mean that was learned together with the directions.""",
)


@mistake
def the_new_mean_twice(x, mean, directions):
    """You used the mean of the new samples in both steps, so the code of a sample depends on the other samples in the
    table. Use the mean that was learned together with the directions.
    """
    middle = x.mean(axis=0)
    z = (x - middle) @ directions.T
    return z, z @ directions + middle


not_centred = difference(
    encode_decode,
    {"(x - mean)": "x"},
    "You encoded x itself. The code measures from the mean: subtract it before you multiply by the directions.",
)

mean_not_added_back = difference(
    encode_decode,
    {"z @ directions + mean": "z @ directions"},
    """Your codes are right. Your reconstructions lie around the origin: encoding subtracted the mean, so decoding must
    add it back.""",
)

no_mean_at_all = difference(
    encode_decode,
    {"(x - mean)": "x", "z @ directions + mean": "z @ directions"},
    """You left the mean out of both steps. PCA's directions pass through the mean of the data, not through the origin:
    subtract it to encode and add it to decode.""",
)

mean_subtracted_again = difference(
    encode_decode,
    {"z @ directions + mean": "z @ directions - mean"},
    "Your decoder subtracts the mean once more. Encoding has subtracted it already: add it back.",
)

codes_only = difference(
    encode_decode,
    {"return z, x_hat": "return z"},
    "These are the right codes. The reconstructions are missing: return z, x_hat.",
)

reconstructions_only = difference(
    encode_decode,
    {"return z, x_hat": "return x_hat"},
    "These are the right reconstructions. The codes are missing: return z, x_hat.",
)

in_the_wrong_order = difference(
    encode_decode,
    {"return z, x_hat": "return x_hat, z"},
    "Both results are right, but in the wrong order: the codes come first, then the reconstructions.",
)

codes_not_multiplied_out = difference(
    encode_decode,
    {"z @ directions + mean": "z + mean[: z.shape[1]]"},
    """You added the mean to the codes themselves. A code number says how far to go along one direction: multiply z by
    the directions first.""",
)


@mistake
def directions_not_transposed(x, mean, directions):
    """Encoding multiplies (samples, features) by (features, k), but directions has shape (k, features): its rows are
    the directions. Transpose it to encode, and use it as it is to decode.
    """
    z = (x - mean) @ directions
    return z, z @ directions.T + mean


decoded_with_the_transpose = difference(
    encode_decode,
    {"z @ directions + mean": "z @ directions.T + mean"},
    """Your codes are right, but decoding goes from (samples, k) to (samples, features). directions has shape
    (k, features), so use it without .T.""",
)

features_cut_off = difference(
    encode_decode,
    {"(x - mean) @ directions.T": "(x - mean)[:, : len(directions)]"},
    """You kept the first features of each sample. A code number measures along a direction, which mixes all features:
    multiply by directions.T.""",
)


@mistake
def directions_learned_anew(x, mean, directions):
    """You decomposed the new samples again. Mean and directions are given: they were learned from other samples, and
    encoding new ones learns nothing.
    """
    middle = x.mean(axis=0)
    anew = np.linalg.svd(x - middle, full_matrices=False)[2][: len(directions)]
    z = (x - middle) @ anew.T
    return z, z @ anew + middle


codes_standardized = difference(
    encode_decode,
    {"(x - mean) @ directions.T": "(x - mean) @ directions.T / ((x - mean) @ directions.T).std(axis=0)"},
    """You divided each code number by its standard deviation. That is called whitening; here the codes keep the units
    of the data, or the decoder would have to multiply again.""",
)


@mistake
def nothing_left_out(x, mean, directions):
    """Your reconstructions equal x. They have to be made from the codes alone, and k numbers cannot hold everything."""
    return encode_decode(x, mean, directions)[0], x


def judge(function, rng):
    x, mean, directions = arguments(rng)
    result = function(*copied((x, mean, directions)))
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Wrong("Return two results, the codes and the reconstructions: return z, x_hat.")
    got, wanted = as_array(result[0]), encode_decode(x, mean, directions)[0]
    if got is not None and got.shape == wanted.T.shape and close(got.T, wanted):
        raise Wrong("Your codes are transposed: they need one row per sample and one column per direction.")
    if close(result[0], wanted) and not close(result[1], encode_decode(x, mean, directions)[1]):
        raise Wrong("Your codes are right; the error is in the decoder. It has only z, the directions and the mean.")
