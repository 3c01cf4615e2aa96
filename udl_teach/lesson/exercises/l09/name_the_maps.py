"""Which map comes from which setting?"""

from udl_teach.lesson.exercise import Wrong, difference

SETTINGS = ("PCA", "perplexity 2", "perplexity 30", "perplexity 160")


def name_the_maps(letters):
    """The settings of the maps whose letters are given, such as ["A", "B", "C", "D"], in this order."""
    # Give each letter its setting: "PCA", "perplexity 2", "perplexity 30" or "perplexity 160".
    ### BEGIN SOLUTION
    settings = {"A": "perplexity 30", "B": "PCA", "C": "perplexity 160", "D": "perplexity 2"}
    return [settings[letter] for letter in letters]
    ### END SOLUTION


HINTS = (
    "Which map shows crumbs of a few points each? A perplexity of 2 looks at about two neighbours of every sample, so "
    "nothing holds larger groups together.",
    "PCA is a projection: it does not push groups apart. Which map is one cloud without gaps?",
    "Two maps are left. With a larger perplexity every sample has more neighbours, some of them in other groups, and "
    "the gaps between groups become narrower.",
    'settings = {"A": "perplexity 30", "B": "PCA", "C": "perplexity 160", "D": "perplexity 2"}; then look up each.',
)

NOT_THE_FOUR = (
    "Return a list with one of these four names for each letter, each name once: "
    + ", ".join(f'"{setting}"' for setting in SETTINGS)
    + "."
)


def arguments(rng):
    # The maps are those of the lesson; only their order varies.
    return (rng.permutation(list("ABCD")).tolist(),)


def agree(got, wanted):
    return isinstance(got, tuple | list) and list(got) == wanted


def judge(function, rng):
    got, right = function(list("ABCD")), name_the_maps("ABCD")
    if not isinstance(got, tuple | list) or sorted(map(str, got)) != sorted(SETTINGS):
        raise Wrong(NOT_THE_FOUR)
    share = sum(a == b for a, b in zip(got, right, strict=True))
    if share == len(right):
        if list(function(list("DCBA"))) != right[::-1]:
            raise Wrong("The letters come in any order: look up each of them, and keep their order.")
        return
    raise Wrong(
        f"{share} of the four are right. Look for three things: crumbs of a few points (few neighbours), one cloud "
        "without gaps (a projection), and how wide the gaps between the groups are."
    )


large_and_usual_perplexity_exchanged = difference(
    name_the_maps,
    {'"A": "perplexity 30"': '"A": "perplexity 160"', '"C": "perplexity 160"': '"C": "perplexity 30"'},
    """A and C are exchanged. With a perplexity of 160 a third of the 500 samples count as neighbours, so different
    groups attract each other and the gaps between them become narrow. Which of the two maps has the wider gaps?""",
)

projection_and_large_perplexity_exchanged = difference(
    name_the_maps,
    {'"B": "PCA"': '"B": "perplexity 160"', '"C": "perplexity 160"': '"C": "PCA"'},
    """B and C are exchanged. Even with many neighbours t-SNE pushes groups apart; PCA only projects, so its groups
    lie on top of each other. Which of the two maps has gaps?""",
)

crumbs_and_groups_exchanged = difference(
    name_the_maps,
    {'"A": "perplexity 30"': '"A": "perplexity 2"', '"D": "perplexity 2"': '"D": "perplexity 30"'},
    """A and D are exchanged. Few neighbours (a small perplexity) leave nothing to hold a group together, so the map
    falls into crumbs of a few points.""",
)

perplexity_turned_round = difference(
    name_the_maps,
    {'"C": "perplexity 160"': '"C": "perplexity 2"', '"D": "perplexity 2"': '"D": "perplexity 160"'},
    """C and D are exchanged: you ordered the perplexities the wrong way round. The perplexity is the number of
    neighbours that count: 2 gives crumbs of a few points, 160 groups with narrow gaps.""",
)

crumbs_taken_for_a_projection = difference(
    name_the_maps,
    {'"B": "PCA"': '"B": "perplexity 2"', '"D": "perplexity 2"': '"D": "PCA"'},
    """B and D are exchanged. PCA is a projection, which moves no neighbours apart; the map of crumbs comes from a
    method that keeps only the very nearest ones.""",
)

groups_taken_for_a_projection = difference(
    name_the_maps,
    {'"A": "perplexity 30"': '"A": "PCA"', '"B": "PCA"': '"B": "perplexity 30"'},
    """A and B are exchanged. The map with wide, empty gaps comes from t-SNE, which pushes apart what is not near; PCA
    only projects, so its groups overlap.""",
)

order_of_the_letters_ignored = difference(
    name_the_maps,
    {"for letter in letters": "for letter in sorted(letters)"},
    "Your names are right for A, B, C, D, but the letters come in any order. Keep their order: look up each letter.",
)
