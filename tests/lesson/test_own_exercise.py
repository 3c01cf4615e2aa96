"""A teacher's own exercise: the one in the README, word for word, and what is wrong with a broken one."""

import re
import textwrap
from pathlib import Path

import pytest

from udl_teach import cli
from udl_teach.lesson import check, grade, hint, session, solution
from udl_teach.lesson.exercises import exercise, numbers
from udl_teach.lesson.progress import rows

OURS = sum(number.startswith("02.") for number in numbers())
README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def own(tmp_path, monkeypatch):
    """The README's exercise in a folder of its own, with nothing done yet."""
    blocks = re.findall(r"^ *```python\n(.*?)^ *```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    text = textwrap.dedent(next(block for block in blocks if "@mistake" in block))
    (tmp_path / "my_exercise.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(session, "current", session.Session(lesson="02"))
    monkeypatch.setenv("UDL_TEACH_PROGRESS_DIR", str(tmp_path / "progress"))
    for name in ("UDL_TEACH_STRICT", "UDL_TEACH_SOLUTION"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "my_exercise.py"


def row():
    return next(each for each in rows() if each[0] == "02")[1:4]


def test_it_is_short_and_proved(own, capsys):
    assert len(own.read_text().splitlines()) <= 45
    assert cli.main(["exercise", "my_exercise.py"]) == 0
    out = capsys.readouterr().out
    assert out.count("gets its own hint") == 3 and "FAULT" not in out
    assert "return ...  # your code here" in out and 'errors = check("my_exercise.py", errors)' in out
    assert ".sum(axis=1)" not in out


def test_it_answers_like_the_courses_own(own, capsys):
    assert row() == (f"0 of {OURS}", "0", f"{OURS}")
    ours = check("my_exercise.py", lambda x, x_hat: ((x_hat - x) ** 2).mean(axis=1))
    assert "You averaged over the features; sum over them." in capsys.readouterr().out
    assert ours.__name__ == "errors" and grade("my_exercise.py") == 0 and row() == (f"0 of {OURS + 1}", "1", f"{OURS}")
    hint("my_exercise.py")
    assert "Hint 1 of 2" in capsys.readouterr().out
    solution("my_exercise.py")
    shown = capsys.readouterr().out
    assert ".sum(axis=1)" in shown and "BEGIN SOLUTION" not in shown
    check("my_exercise.py", lambda x, x_hat: ((x - x_hat) ** 2).sum(axis=1))
    assert grade("my_exercise.py") == 1 and row() == (f"1 of {OURS + 1}", "1", f"{OURS}")


def test_a_replaced_exercise_is_open_again_and_a_reworded_one_is_not(own, capsys):
    check("my_exercise.py", lambda x, x_hat: ((x - x_hat) ** 2).sum(axis=1))
    text = own.read_text()
    own.write_text(text.replace("summed over its features", "added up over its features").replace("You ", "Here you "))
    assert row() == (f"1 of {OURS + 1}", "1", f"{OURS}")
    own.write_text(text.replace("** 2).sum(axis=1)", "** 4).sum(axis=1)"))
    assert row() == (f"0 of {OURS}", "0", f"{OURS}")
    check("my_exercise.py", lambda x, x_hat: ((x - x_hat) ** 2).sum(axis=1))
    assert "Not yet." in capsys.readouterr().out
    assert row() == (f"0 of {OURS + 1}", "1", f"{OURS}")


def test_a_mistake_that_is_told_something_else_is_a_fault(own, capsys):
    text = own.read_text()
    own.write_text(text.replace("(x_hat - x).sum(axis=1)", "((x_hat - x) ** 2).mean(axis=1)"))
    assert cli.main(["exercise", "my_exercise.py"]) == 1
    assert "FAULT  not squared: was told: You averaged" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("def arguments(rng):", "def arguments_of(rng):", "no function arguments"),
        ("    ### BEGIN SOLUTION\n", "", "it must hold one"),
        ("    ### END SOLUTION\n", "", "it must hold one"),
        ('"""Reconstruction error of each sample"""', "", "first line must be the title"),
        ("    return ((x_hat", "    return (((x_hat", "is not valid Python"),
        ("import numpy", "import numpie", "cannot be run: ModuleNotFoundError"),
        ('    """The differences are not squared, so positive and negative ones cancel."""\n', "", "must be the hint"),
        ("HINTS = (", "HINTS = 3\nMORE = (", "must be a tuple"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(own, old, new, says):
    text = own.read_text()
    assert old in text
    own.write_text(text.replace(old, new))
    with pytest.raises(ValueError, match=says) as caught:
        exercise("my_exercise.py")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(own, capsys):
    with pytest.raises(ValueError, match=r"'your_exercise.py', but there is no such file in"):
        check("your_exercise.py", len)
    assert cli.main(["exercise", "your_exercise.py"]) == 2
    assert cli.main(["exercise", "99.1"]) == 2 and "my_exercise.py" in capsys.readouterr().err


def test_an_exercise_without_hints_says_so(own, capsys):
    own.write_text(re.sub(r"^HINTS = .*\n", "", own.read_text(), flags=re.MULTILINE))
    hint("my_exercise.py")
    assert "No hints." in capsys.readouterr().out
    check("my_exercise.py", lambda x, x_hat: x)
    assert "helps" not in capsys.readouterr().out
