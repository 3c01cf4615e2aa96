"""Choose augmentations for letters in many faces."""

from udl_teach.lesson.exercise import Wrong, difference, mistake

CANDIDATES = ("stretch each axis", "blur the strokes", "slant", "rotate by any angle", "cut out a part")


def choose_augmentations(candidates):
    """The names of the augmentations to use, out of candidates, in any order.

    candidates holds "stretch each axis", "blur the strokes", "slant", "rotate by any angle" and "cut out a part".
    """
    ### BEGIN SOLUTION
    used = ["stretch each axis", "blur the strokes"]
    return [name for name in candidates if name in used]
    ### END SOLUTION


HINTS = (
    "Ask two questions of every candidate. Do the faces in the picture differ in this way? And does the letter stay "
    "the same letter?",
    "Look at one row of the picture. What changes from face to face: how wide a letter is, how thick its strokes are, "
    "how it leans, how it is turned?",
    "Which candidates can turn one letter into another? Think of d and p, of N and Z, and of what is left of an E in "
    "half of its area.",
    'used = ["stretch each axis", "blur the strokes"]; then return those of the candidates that are in it.',
)


def arguments(rng):
    # The candidates are those of the lesson; only their order varies.
    return (rng.permutation(list(CANDIDATES)).tolist(),)


def agree(got, wanted):
    return isinstance(got, list | tuple | set) and sorted(got) == sorted(wanted)


def judge(function, rng):
    got, right = function(list(CANDIDATES)), choose_augmentations(CANDIDATES)
    if not isinstance(got, list | tuple | set) or not set(got) <= set(CANDIDATES) or len(set(got)) < len(got):
        raise Wrong("Return a list of names, each one of the candidates, written as it is there, and each once.")
    extra, missing = set(got) - set(right), set(right) - set(got)
    if extra or missing:
        raise Wrong(
            f"{len(extra)} of your choices should be left out, and {len(missing)} are missing. Ask two questions of "
            "each candidate: do the faces differ in this way, and does the letter stay the same letter?"
        )


slant_used = difference(
    choose_augmentations,
    {"in used": 'in [*used, "slant"]'},
    """One too many: slant. It would be right for italic faces, but none of these six leans.""",
)

rotation_used = difference(
    choose_augmentations,
    {"in used": 'in [*used, "rotate by any angle"]'},
    """One too many: rotations by any angle. A d upside down is a p, an N on its side is a Z, and no face rotates a
    letter.""",
)

cuts_used = difference(
    choose_augmentations,
    {"in used": 'in [*used, "cut out a part"]'},
    """One too many: cutting out a part. Photographs often survive it: many parts of a dog still look like a dog. But a
    vertical stroke is a part of many letters.""",
)

rotation_and_cuts_used = difference(
    choose_augmentations,
    {"in used": 'in [*used, "rotate by any angle", "cut out a part"]'},
    """Two too many: rotations and cuts. Both can turn one letter into another: a d upside down is a p, and a stroke cut
    out of an E could come from an F or an L.""",
)

slant_and_cuts_used = difference(
    choose_augmentations,
    {"in used": 'in [*used, "slant", "cut out a part"]'},
    """Two too many: slant and cuts. No face here leans, and a part of a letter may belong to many letters.""",
)

slant_and_rotation_used = difference(
    choose_augmentations,
    {"in used": 'in [*used, "slant", "rotate by any angle"]'},
    """Two too many: slant and rotations. None of the six faces leans or turns its letters, and a d upside down is a
    p.""",
)

stretching_left_out = difference(
    choose_augmentations,
    {'used = ["stretch each axis", ': "used = ["},
    """One is missing: stretching. The same letter is narrow in one face and wide in another.""",
)

blur_left_out = difference(
    choose_augmentations,
    {', "blur the strokes"]': "]"},
    """One is missing: blurring. Bold faces draw the same letter with thicker strokes, and of the candidates blur comes
    nearest to that.""",
)


@mistake
def all_of_them(candidates):
    """You use all of them. More is not better: some of the candidates can turn one letter into another."""
    return list(candidates)


@mistake
def the_wrong_ones(candidates):
    """You returned those to leave out. Return those to use."""
    right = choose_augmentations(candidates)
    return [name for name in candidates if name not in right]


@mistake
def none_of_them(candidates):
    """You use none. Two equal views teach nothing: any detail of the pixels identifies the pair."""
    return []
