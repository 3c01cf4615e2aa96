"""check, grade, hint and solution as a lesson's cells use them, and strict mode as the tests use it."""

import numpy as np
import pytest

from udl_teach.lesson import begin, check, grade, hint, session, solution
from udl_teach.lesson.exercises import exercise

ours = exercise("00.1").solution


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    monkeypatch.setattr(session, "current", session.Session())
    monkeypatch.setenv("UDL_TEACH_PROGRESS_DIR", str(tmp_path))
    monkeypatch.delenv("UDL_TEACH_STRICT", raising=False)
    monkeypatch.delenv("UDL_TEACH_SOLUTION", raising=False)


def right(x):
    return x - x.mean(axis=0)


def wrong(x):
    return x - x.mean()


def stub(x):
    return ...


def test_the_learners_function_comes_back_when_right_and_ours_until_then(capsys):
    assert check("00.1", stub) is ours
    assert capsys.readouterr().out.startswith("Not attempted yet. 00.1")
    assert check("00.1", wrong) is ours
    assert capsys.readouterr().out.startswith("Not yet. 00.1")
    assert check("00.1", right) is right
    assert capsys.readouterr().out.startswith("Right. 00.1")


def test_grade_scores_the_submission_and_not_the_name(capsys):
    assert grade("00.1") == 0.0
    name = check("00.1", wrong)
    # The check cell is run again; by now the name stands for ours.
    name = check("00.1", name)
    assert grade("00.1") == 0.0
    name = check("00.1", ours)
    assert grade("00.1") == 0.0
    check("00.1", right)
    assert grade("00.1") == 1.0
    check("00.1", wrong)
    assert grade("00.1") == 0.0
    capsys.readouterr()
    grade("00.1")
    assert capsys.readouterr().out == ""


def test_ours_before_any_submission_is_not_attempted(capsys):
    check("00.1", ours)
    assert "Not attempted" in capsys.readouterr().out
    assert grade("00.1") == 0.0


def test_a_grade_reads_as_a_number_and_shows_a_sentence():
    check("00.1", right)
    points = grade("00.1")
    assert isinstance(points, float) and float(repr(points)) == 1.0
    assert "Centre the data: 1 of 1 point." in points._repr_html_()
    assert "not checked yet" not in points._repr_html_()


def test_the_same_seed_gives_the_same_arguments(capsys):
    seen = []

    def spy(x):
        seen.append(x.copy())
        return right(x)

    for seed in (5, 5, None, None):
        check("00.1", spy, seed=seed)
    draws = [np.concatenate([x.ravel() for x in seen[i : i + 8]]) for i in range(0, 32, 8)]
    assert np.array_equal(draws[0], draws[1])
    assert not np.array_equal(draws[2][:10], draws[3][:10]) and not np.array_equal(draws[0][:10], draws[2][:10])


def test_names_given_back_are_told_and_what_comes_back_works(capsys):
    space = {"np": "gone"}
    exec("def centre(x):\n    return x - np.mean(x, axis=0)", space)
    centre = check("00.1", space["centre"])
    assert "`np` no longer means what it did" in capsys.readouterr().out
    assert centre(np.eye(2)).sum() == 0
    assert grade("00.1") == 1.0


def test_a_line_without_text_is_named_by_its_number_alone(capsys):
    space = {}
    exec("def typed(x):\n    return x / missing", space)
    check("00.1", space["typed"])
    assert "It happened in line 2 of your code.\n" in capsys.readouterr().out


def test_hints_climb_and_say_how_many_are_left(capsys):
    hints = exercise("00.1").hints
    for place in range(1, len(hints) + 1):
        hint("00.1")
        shown = capsys.readouterr().out
        assert all(earlier in shown for earlier in hints[:place]) and f"{place} of {len(hints)}." in shown
        left = len(hints) - place
        assert (f"{left} more" if left else "last one") in shown
    hint("00.1")
    assert hints[-1] in capsys.readouterr().out


def test_the_solution_opens_after_all_hints(capsys):
    solution("00.1")
    shown = capsys.readouterr().out
    assert "def centre" not in shown and "4 left" in shown
    for _ in exercise("00.1").hints:
        hint("00.1")
    capsys.readouterr()
    solution("00.1")
    assert "return x - x.mean(axis=0)" in capsys.readouterr().out


def test_the_solution_opens_after_an_attempt_but_not_after_a_stub(capsys):
    check("00.1", stub)
    capsys.readouterr()
    solution("00.1")
    assert "def centre" not in capsys.readouterr().out
    check("00.1", wrong)
    solution("00.1")
    assert "def centre" in capsys.readouterr().out


def test_an_attempt_of_an_earlier_sitting_counts(capsys, monkeypatch):
    check("00.1", wrong)
    monkeypatch.setattr(session, "current", session.Session())
    capsys.readouterr()
    solution("00.1")
    assert "def centre" in capsys.readouterr().out


def test_an_attempt_counts_where_progress_cannot_be_saved(capsys, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("UDL_TEACH_PROGRESS_DIR", str(tmp_path / "file"))
    check("00.1", wrong)
    solution("00.1")
    assert "def centre" in capsys.readouterr().out


def test_a_teacher_sees_the_solution_at_once(capsys):
    solution("00.1", now=True)
    assert "def centre" in capsys.readouterr().out


def test_strict_makes_a_wrong_answer_an_error_with_the_same_sentence(monkeypatch, capsys):
    check("00.1", wrong)
    shown = " ".join(capsys.readouterr().out.split())
    monkeypatch.setenv("UDL_TEACH_STRICT", "1")
    with pytest.raises(AssertionError, match="one mean over the whole table") as caught:
        check("00.1", wrong)
    assert str(caught.value) == shown
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        check("00.1", lambda x: 1 / 0)
    assert check("00.1", stub) is ours
    assert check("00.1", right) is right


def test_in_a_strict_solution_a_stub_is_an_error_too(monkeypatch):
    begin("00", solution=True)
    assert check("00.1", stub) is ours
    monkeypatch.setenv("UDL_TEACH_STRICT", "1")
    with pytest.raises(AssertionError, match="Not attempted"):
        check("00.1", stub)
    begin("00")
    assert check("00.1", stub) is ours
    monkeypatch.setenv("UDL_TEACH_SOLUTION", "1")
    with pytest.raises(AssertionError, match="Not attempted"):
        check("00.1", stub)


def test_begin_forgets_the_checks_of_its_lesson_alone():
    check("00.1", right)
    begin("01")
    assert grade("00.1") == 1.0 and session.current.lesson == "01"
    begin("00")
    assert grade("00.1") == 0.0


def test_unknown_numbers_are_refused():
    for call in (grade, hint, solution, lambda number: check(number, right)):
        with pytest.raises(ValueError, match="'77.1'"):
            call("77.1")
