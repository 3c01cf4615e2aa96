"""Choose augmentations for letters in many faces."""

from udl_teach.lesson.exercise import Wrong, difference, mistake

CANDIDATES = (
    "slants up to 20 degrees",
    "sizes from 85 to 115 %",
    "shifts up to 2 pixels",
    "blurred strokes",
    "turns by any angle",
    "mirror images",
    "crops of a fifth of the area",
)


def choose_augmentations(candidates):
    """The names of the augmentations that should be used, out of all candidates, in any order."""
    ### BEGIN SOLUTION
    used = ["slants up to 20 degrees", "sizes from 85 to 115 %", "shifts up to 2 pixels", "blurred strokes"]
    return [name for name in candidates if name in used]
    ### END SOLUTION


HINTS = (
    "Ask two questions of every candidate. Does the letter stay the same letter? Do the faces differ in this way?",
    "Faces differ in slant (oblique), in weight (bold: more ink, as if blurred and darkened), in size, and in where "
    "the letter stands.",
    "Which letters become others? d, p, b and q; N and Z; E and Ш; R and Я. And what is left of a Q, an O or a C, or "
    "of an E, an F and an L, in a fifth of the area?",
    "Return the four names that change the face and keep the letter.",
)


def arguments(rng):
    # The candidates are those of the lesson; only their order varies.
    return (rng.permutation(list(CANDIDATES)).tolist(),)


def agree(got, wanted):
    return isinstance(got, list | tuple | set) and sorted(got) == sorted(wanted)


def judge(function, rng):
    got, right = function(list(CANDIDATES)), choose_augmentations(CANDIDATES)
    if not isinstance(got, list | tuple | set) or not set(got) <= set(CANDIDATES) or len(set(got)) < len(got):
        raise Wrong("Return a list of names, each one of the candidates, as it is written there, and each once.")
    if set(got) == set(right):
        return
    kept, missing = len(set(got) - set(right)), len(set(right) - set(got))
    raise Wrong(
        f"You use {kept} that can change the letter, and leave out {missing} in which the faces differ. Ask of each "
        "candidate: is it still the same letter, and do faces differ in this way?"
    )


turns_used = difference(
    choose_augmentations,
    {"in used": 'in [*used, "turns by any angle"]'},
    """One too many: turns by any angle. A d upside down is a p, an N on its side is a Z, and no face turns a
    letter.""",
)

mirror_images_used = difference(
    choose_augmentations,
    {"in used": 'in [*used, "mirror images"]'},
    """One too many: mirror images. They make a b of a d and a Я of an R: two letters would get the same code.""",
)

crops_used = difference(
    choose_augmentations,
    {"in used": 'in [*used, "crops of a fifth of the area"]'},
    """One too many: crops of a fifth. Photographs survive them, because any part of a dog looks like a dog. A vertical
    stroke may be a part of twenty letters.""",
)

turns_and_mirror_images_used = difference(
    choose_augmentations,
    {"in used": 'in [*used, "turns by any angle", "mirror images"]'},
    """Two too many: turns and mirror images. b, d, p and q are one shape, turned and mirrored; a network that treats
    the four alike cannot name them.""",
)

slants_left_out = difference(
    choose_augmentations,
    {'"slants up to 20 degrees", ': ""},
    """One is missing: slants. Half of the faces are oblique, and an oblique letter is the same letter.""",
)

strokes_left_out = difference(
    choose_augmentations,
    {', "blurred strokes"': ""},
    """One is missing: blurred strokes. Bold faces draw the same letter with more ink, and blur is the nearest to that
    among the candidates.""",
)

sizes_and_shifts_left_out = difference(
    choose_augmentations,
    {'"sizes from 85 to 115 %", "shifts up to 2 pixels", ': ""},
    """Two are missing: sizes and shifts. A letter stands a little higher and is a little wider in one face than in
    another, and stays the same letter.""",
)


@mistake
def all_of_them(candidates):
    """You use all of them. More is not better: three of the candidates make other letters of a letter, or leave too
    little of it.
    """
    return list(candidates)


@mistake
def the_wrong_ones(candidates):
    """You returned those that should be left out. Return the ones to use."""
    right = choose_augmentations(candidates)
    return [name for name in candidates if name not in right]


@mistake
def none_of_them(candidates):
    """You use none. Two equal views teach nothing: the network recognizes a pair by its pixels."""
    return []
