"""Every exercise of every lesson answers back: each classic mistake gets its own hint, and none passes."""

import os
from pathlib import Path

import numpy as np
import pytest

from udl_teach.anatomy import BEGIN, END
from udl_teach.lesson import exercises
from udl_teach.lesson.verdict import NOT_ATTEMPTED, RIGHT, WRONG, verdict_on

ALL = [each for lesson in exercises.lessons() for each in exercises.exercises(lesson)]
# Fresh arguments each time, as a learner gets them, are for `make fuzz`.
SEEDS = [None, None, None] if os.environ.get("UDL_TEACH_FUZZ") else [0, 1, 2]
MISTAKES = [(each, mistake) for each in ALL for mistake in each.mistakes]


@pytest.fixture(params=ALL, ids=lambda each: each.number)
def exercise(request):
    return request.param


@pytest.mark.parametrize("seed", SEEDS)
def test_the_solution_is_right(exercise, seed):
    # A function of the same code that is not ours by identity, as a learner's would be.
    verdict = verdict_on(exercise, lambda *arguments: exercise.solution(*arguments), seed=seed, seconds=60.0)
    assert verdict.status == RIGHT, verdict.sentence


@pytest.mark.parametrize("seed", SEEDS[:1])
@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES, ids=lambda each: getattr(each, "name", None) or each.number)
def test_each_mistake_gets_its_own_hint(exercise, mistake, seed):
    verdict = verdict_on(exercise, lambda *arguments: mistake.function(*arguments), seed=seed, seconds=60.0)
    assert verdict.status not in (RIGHT, NOT_ATTEMPTED)
    assert mistake.hint in verdict.sentence, f"{mistake.name} was told: {verdict.sentence}"
    # A name that is missing from our own file would match no learner.
    assert "NameError" not in verdict.sentence


def test_a_stub_is_not_attempted(exercise):
    def raising(*arguments):
        raise NotImplementedError

    assert verdict_on(exercise, lambda *arguments: ...).status == NOT_ATTEMPTED
    assert verdict_on(exercise, raising).status == NOT_ATTEMPTED
    assert verdict_on(exercise, ...).status == NOT_ATTEMPTED


def test_returning_nothing_or_the_input_is_never_right(exercise):
    assert verdict_on(exercise, lambda *arguments: None).status == WRONG
    assert verdict_on(exercise, lambda *arguments: arguments[0]).status != RIGHT


def test_arguments_are_fresh_and_repeatable(exercise):
    first, again, other = (exercise.arguments(np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert repr(first) == repr(again) and repr(first) != repr(other)


def test_the_solution_can_be_shown(exercise):
    assert exercise.code.startswith("def ") and BEGIN in exercise.code and END in exercise.code


def test_it_can_answer_back(exercise):
    assert len(exercise.mistakes) >= 3 and exercise.hints
    for each in ([mistake.hint for mistake in exercise.mistakes], exercise.hints):
        assert len(set(each)) == len(each)


def test_every_file_of_an_exercise_is_in_its_lessons_order():
    folders = Path(exercises.__file__).parent.glob("l[0-9][0-9]")
    files = {
        path for folder in folders for path in folder.glob("*.py") if "### BEGIN" in path.read_text(encoding="utf-8")
    }
    assert files == {exercises.file_of(number) for number in exercises.numbers()}


def test_the_numbers_are_those_of_the_exercises():
    assert list(exercises.numbers()) == [each.number for each in ALL]
    assert len(set(exercises.numbers())) == len(ALL)


def test_an_unknown_exercise_is_one_sentence_with_the_known_ones():
    for number in ("99.1", "00.9", "x", 3, None):
        with pytest.raises(ValueError, match=r"must be one of the exercises '00\.1'"):
            exercises.exercise(number)
