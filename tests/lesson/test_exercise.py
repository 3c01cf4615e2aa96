"""What an exercise is made of: mistakes named by their difference to the answer, code as text, and its version."""

import pytest

from udl_teach.lesson.exercise import code_of, difference, mistake, version_of


def total(values, start):
    result = start
    for value in values:
        # The sum so far.
        ### BEGIN SOLUTION
        result = result + value
        ### END SOLUTION
    return result


def test_a_difference_is_the_answer_but_for_what_is_changed():
    minus = difference(total, {"result + value": "result - value"}, "You\n    subtract.")
    assert minus([1, 2], 10) == 7 and total([1, 2], 10) == 13
    assert minus.hint == "You subtract."
    twice = difference(total, {"result = result + value": "result = result + value\nresult = result + value"}, "Twice.")
    assert twice([1, 2], 10) == 16
    both = difference(
        total,
        {
            "result = start": "result = 0",
            """
            result = result + value
            ### END SOLUTION
            return result
            """: """
            return result
            """,
        },
        "Neither.",
    )
    assert both([1], 5) == 0
    places_changed = difference(total, {"result = start": "return start", "return result": "result = start"}, "Early.")
    assert places_changed([1, 2], 10) == 10


@pytest.mark.parametrize(("piece", "times"), [("result", 4), ("result * value", 0)])
def test_a_piece_that_does_not_occur_once_is_refused(piece, times):
    with pytest.raises(ValueError, match=f"occurs {times} times in the answer; it must occur once"):
        difference(total, {piece: ""}, "?")


def test_the_docstring_of_a_mistake_is_its_hint():
    @mistake
    def nothing(values, start):
        """You return
        nothing.
        """

    assert nothing([1], 2) is None and nothing.hint == "You return nothing."


CODE = '''
"""Title"""

def helper():
    return 1

def asked(x):
    """A task."""
    # Think.
    ### BEGIN SOLUTION
    return helper() + x
    ### END SOLUTION


def other():
    pass
'''


def test_the_code_is_the_function_with_the_markers_and_nothing_else():
    code = code_of(CODE, "a file")
    assert code.splitlines()[0] == "def asked(x):" and code.splitlines()[-1] == "    ### END SOLUTION"


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [("A task.", "Another wording.", True), ("# Think.", "# Think again.", True), ("+ x", "+  x", True),
     ("+ x", "- x", False), ("asked(x)", "asked(x, y)", False), ('    """A task."""\n', "", True)],
)  # fmt: skip
def test_the_version_is_that_of_what_is_asked_for(old, new, same):
    before, after = (version_of(code_of(text, "a file")) for text in (CODE, CODE.replace(old, new)))
    assert (before == after) is same
