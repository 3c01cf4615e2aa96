"""The builder: what learners and teachers find in the notebooks it makes, and what it refuses to make."""

import ast
import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from udl_teach import anatomy, build, lesson
from udl_teach.lesson import exercises

# Not named .py: the linter would read it, and {{setup}} is not Python yet.
DEMO = Path(__file__).parent / "lessons" / "99_demo.py.txt"
WORDS = {"Bottleneck": "The narrowest layer.", "latent space": "Where codes live.", "unused": "Never linked."}
EXERCISES = {
    "99.1": """\
def centred(x):
    '''Moves the cloud to the origin.'''
    ### BEGIN SOLUTION
    middle_of_the_cloud = x.mean(axis=0)
    return x - middle_of_the_cloud
    ### END SOLUTION""",
    "99.2": """\
def width(x):
    '''The width of the cloud.'''
    # Hint: a difference.
    ### BEGIN SOLUTION
    highest, lowest = x.max(axis=0), x.min(axis=0)

    return highest - lowest
    ### END SOLUTION""",
    "99.3": """\
def depth(x):
    for row in x:
        ### BEGIN SOLUTION
        deepest_of_all_rows = max(row)
        return deepest_of_all_rows
        ### END SOLUTION""",
}
TRIVIAL = 20
HANDED = {"words": WORDS, "exercises": EXERCISES.__getitem__}


@pytest.fixture
def folder(tmp_path):
    """A repository with the demonstration lesson in it."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "notebooks").mkdir()
    shutil.copy(DEMO, tmp_path / "solutions" / DEMO.stem)
    (tmp_path / "pyproject.toml").write_text(
        '[project.urls]\nRepository = "https://github.com/a-class/its-fork"\n', encoding="utf-8"
    )
    return tmp_path


def change(folder, old, new):
    """Replaces a text of the demonstration lesson, everywhere."""
    source = folder / "solutions" / DEMO.stem
    text = source.read_text(encoding="utf-8")
    assert old in text
    source.write_text(text.replace(old, new), encoding="utf-8")


def built(folder):
    """The (student's, solution's) notebook of the demonstration lesson."""
    texts = build.build(folder / "solutions" / DEMO.stem, **HANDED, folder=folder)
    return tuple(
        nbformat.reads(texts[folder / part / "99_demo.ipynb"], as_version=4) for part in ("notebooks", "solutions")
    )


def code(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def prose(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def tagged(notebook, tag):
    return next(cell for cell in notebook.cells if tag in cell.metadata.get("tags", ()))


def answers(*codes):
    """The lines of exercises that stand between the markers, longer than a trivial length."""
    lines, inside = [], False
    for line in "\n".join(codes).splitlines():
        if line.strip() in (anatomy.BEGIN, anatomy.END):
            inside = line.strip() == anatomy.BEGIN
        elif inside and len(line.strip()) > TRIVIAL:
            lines.append(line.strip())
    return lines


def test_the_learner_gets_a_stub_with_the_docstring_and_no_answer(folder):
    student, _ = built(folder)
    assert tagged(student, "exercise-99.1").source == (
        "def centred(x):\n    '''Moves the cloud to the origin.'''\n    return ...  # your code here"
    )
    # Deeper blocks keep their depth, and lines before the block stay.
    assert tagged(student, "exercise-99.3").source.endswith("    for row in x:\n        return ...  # your code here")
    assert "# Hint: a difference.\n    return ..." in tagged(student, "exercise-99.2").source
    assert "SOLUTION" not in nbformat.writes(student)
    assert len(answers(*EXERCISES.values())) >= 4
    for line in answers(*EXERCISES.values()):
        assert line not in code(student)
    for cell in student.cells:
        if cell.cell_type == "code":
            ast.parse(cell.source)


def test_the_solution_keeps_answers_and_nbgraders_markers(folder):
    _, solution = built(folder)
    for line in answers(*EXERCISES.values()):
        assert line in code(solution)
    assert code(solution).count("### BEGIN SOLUTION") == code(solution).count("### END SOLUTION") == 3


@pytest.mark.parametrize("source", build.sources(Path(__file__).parents[1]), ids=lambda path: path.stem)
def test_no_answer_of_a_real_lesson_reaches_its_learner(source):
    text = (source.parents[1] / "notebooks" / f"{source.stem}.ipynb").read_text(encoding="utf-8")
    cells = [
        cell.source
        for cell in nbformat.reads(text, as_version=4).cells
        if any(tag.startswith("exercise-") for tag in cell.metadata.get("tags", ()))
    ]
    assert cells
    assert "SOLUTION" not in text
    for line in answers(*(each.code for each in exercises.exercises(source.stem[:2]))):
        assert not any(line in cell for cell in cells), f"{line!r} leaks"
    for cell in cells:
        assert build.STUB in cell


def test_badges_open_the_learners_notebook_of_the_fork(folder):
    for notebook in built(folder):
        first = notebook.cells[0].source
        assert "colab.research.google.com/github/a-class/its-fork/blob/main/notebooks/99_demo.ipynb" in first
        assert "mybinder.org/v2/gh/a-class/its-fork/main?labpath=notebooks%2F99_demo.ipynb" in first
        assert "solutions" not in first


def test_colab_gets_the_package_of_the_fork_and_only_the_solution_is_in_solution_mode(folder):
    student, solution = built(folder)
    for notebook in (student, solution):
        assert '"git+https://github.com/a-class/its-fork"' in tagged(notebook, "setup").source
        assert '"--no-deps"' in tagged(notebook, "setup").source
    assert tagged(student, "setup").source.endswith('lesson.begin("99")')
    assert tagged(solution, "setup").source.endswith('lesson.begin("99", solution=True)')


def test_the_title_says_the_measured_time_or_that_there_is_none(folder):
    assert "Not measured yet · about 5 minutes to read and do" in built(folder)[0].cells[0].source
    (folder / "solutions" / "times.json").write_text(json.dumps({"99_demo": {"seconds": 41.4}}), encoding="utf-8")
    for notebook in built(folder):
        said = notebook.cells[0].source
        assert "Runs in 41 s on two idle cores (measured) · about 5 minutes to read and do" in said


def minutes(folder):
    """The minutes of each sitting of the demonstration lesson."""
    source = anatomy.read(folder / "solutions" / DEMO.stem)
    return anatomy.sittings(source, lambda cell: build.shown(cell, EXERCISES.__getitem__))


@pytest.mark.parametrize(
    ("new", "more"),
    [
        # 20 words, one of them a formula; neither the link's target nor a dash counts.
        (f"# %% [markdown]\n# {'word ' * 15}[two words](glossary:bottleneck) – $a + b$ {'word ' * 2}\n", 0.2),
        ("# %% [markdown]\n# $$a + b = c$$\n# $$\n# d = e\n# $$\n", 2),
        ('# %%\nprint("a")\n\nx = 1\ny = "two words"\nz = f"{x:.2f} five words in a text"\n', 4 / 20 + 7 / 100),
        ('# %%\n# a comment of five words\ndef f():\n    """A docstring\n\n    of five words."""\n', 1 / 20 + 10 / 100),
        ('# %%\n# Folded.\noutcome("99-wide", 3)\nclaim("one is less", 1 < 2)\n', 0),
        ('# %% tags=["solution-only"]\nprint("for teachers")\n', 0),
    ],
)
def test_words_visible_lines_and_formulas_make_the_minutes(folder, new, more):
    (before,) = minutes(folder)
    change(folder, "# %%\nclaim(", f"{new}\n# %%\nclaim(")
    (after,) = minutes(folder)
    assert after - before == pytest.approx(more)


def test_an_exercise_counts_as_the_learner_gets_it(folder):
    (before,) = minutes(folder)
    change(folder, '{{exercise("99.1")}}', "x = 1")
    # def and stub are two lines; the docstring has six words, the comment of the stub three.
    assert before - minutes(folder)[0] == pytest.approx(2 / 20 + 9 / 100 - 1 / 20)


def test_a_lesson_of_two_sittings_says_how_long_each_is(folder):
    pause = '# %% [markdown] tags=["sitting"]\n# Here the second sitting begins.\n\n'
    many = "# %% [markdown]\n# " + 1460 * "word " + "\n\n"
    change(folder, "# %%\nclaim(", pause + many + "# %%\nclaim(")
    assert "two sittings of about 5 and 15 minutes" in built(folder)[0].cells[0].source
    assert tagged(built(folder)[0], "sitting").cell_type == "markdown"


@pytest.mark.parametrize("path", build.sources(Path(__file__).parents[1]), ids=lambda path: path.stem)
def test_no_sitting_of_a_real_lesson_is_longer_than_an_hour(path):
    parts = anatomy.sittings(anatomy.read(path), lambda cell: build.shown(cell, exercises.code))
    assert [round(part) for part in parts if part > 60] == []


def test_linked_words_are_explained_at_the_end(folder):
    student, _ = built(folder)
    assert re.search(r"\[bottleneck\]\(#Bottleneck \"[^\"]+\"\)", prose(student))
    assert '[latent space](#latent-space "Where codes live.")' in prose(student)
    last = student.cells[-1].source
    assert last == (
        "## Words of this lesson\n\n"
        '<a id="Bottleneck"></a>**Bottleneck**: The narrowest layer. '
        '[↩](#1.-The-narrow-place "Back to 1. The narrow place")\n\n'
        '<a id="latent-space"></a>**latent space**: Where codes live. '
        '[↩](#1.-The-narrow-place "Back to 1. The narrow place")'
    )


def test_a_heading_with_quotes_still_leads_back():
    section = build.words_section({"code": 'What is "far"?'}, {"code": "A short description."})
    assert section.endswith('"Back to What is &quot;far&quot;?")')


def test_cells_for_one_version_stay_out_of_the_other(folder):
    student, solution = built(folder)
    assert "for learners" in code(student) and "for teachers" not in code(student)
    assert "for teachers" in code(solution) and "for learners" not in code(solution)


def test_nbgrader_finds_exercises_and_checks(folder):
    for notebook in built(folder):
        exercise = tagged(notebook, "exercise-99.2").metadata.nbgrader
        check = tagged(notebook, "check-99.2").metadata.nbgrader
        assert (exercise.grade_id, exercise.solution, exercise.grade) == ("exercise-99-2", True, False)
        assert (check.grade_id, check.solution, check.grade) == ("check-99-2", False, True)
        assert (check.points, check.locked, check.schema_version) == (1, True, 3)


def test_setup_quiz_outcome_and_claim_are_folded_away_under_a_line_that_names_them(folder):
    for notebook in built(folder):
        folded = [cell for cell in notebook.cells if "jupyter" in cell.metadata]
        # JupyterLab reads the one, Colab the other, together with the first line.
        assert all(cell.metadata.jupyter.source_hidden is True and cell.metadata.cellView == "form" for cell in folded)
        titles, codes = zip(*(cell.source.split("\n", 1) for cell in folded), strict=True)
        assert titles == (
            "#@title Setup: run this cell",
            "#@title What came out: run this cell",
            "#@title Claim, checked here: run this cell",
            "#@title Check yourself: run this cell",
        )
        starts = ("import importlib", 'outcome("99-wide"', 'claim("one is', "quiz(")
        assert all(code.startswith(start) for code, start in zip(codes, starts, strict=True))
        assert not any("#@title" in cell.source for cell in notebook.cells if cell not in folded)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ('claim("a", True)', "claim"),
        ('# Why.\nclaim("a", True)\n\nclaim(f"b {x}", below(y.max(), 2))', "claim"),
        ('outcome("k", 1)\nclaim("a", True)', "outcome"),
        ('tie = abs(a - b) < 0.1\nif tie:\n    told = "a"\noutcome("k", told)\nprint(a)', "outcome"),
        ('for a in b:\n    fit(a)\noutcome("k", 1)', None),
        ("quiz(\n    'k', [Question('A?', [])])", "quiz"),
        ('x = 1\nclaim("a", True)', None),
        ("if x:\n    claim('a', True)", None),
        ("print(claim('a', True))", None),
        ('predict("k", "What?")', None),
        ("%time claim('a', True)", None),
        ("# nothing", None),
        ("", None),
    ],
)
def test_only_a_cell_that_does_nothing_but_say_is_folded(text, holds):
    assert anatomy.Cell("code", text).folded == holds
    assert anatomy.Cell("markdown", text).folded is None


def test_a_second_cell_of_the_setup_stays_open(folder):
    change(folder, "# %%\nimport numpy as np", '# %% tags=["setup"]\nimport numpy as np')
    (first, second) = (cell for cell in built(folder)[0].cells if "setup" in cell.metadata.get("tags", ()))
    assert "jupyter" in first.metadata and "jupyter" not in second.metadata


def test_the_setup_brings_all_that_a_lesson_calls(folder):
    setup = tagged(built(folder)[0], "setup").source
    brought = {
        alias.name for node in ast.walk(ast.parse(setup)) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert {*lesson.__all__} - {"begin"} <= brought


def test_an_inserted_cell_leaves_the_ids_of_all_others(folder):
    before = [cell.id for cell in built(folder)[0].cells]
    assert len(set(before)) == len(before)
    change(folder, "# %%\nclaim(", '# %%\nprint("new")\n\n# %%\nclaim(')
    after = [cell.id for cell in built(folder)[0].cells]
    new = set(after) - set(before)
    assert len(new) == 1
    assert [one for one in after if one not in new] == before


def test_the_same_source_gives_the_same_bytes_without_outputs(folder):
    source = folder / "solutions" / DEMO.stem
    once, again = (build.build(source, **HANDED, folder=folder) for _ in range(2))
    assert once == again
    for text in once.values():
        assert text.endswith("}\n") and not text.endswith("\n\n")
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                assert cell.outputs == [] and cell.execution_count is None


def test_a_changed_missing_or_orphaned_notebook_is_stale(folder):
    source = folder / "solutions" / DEMO.stem
    assert build.stale(folder, **HANDED) == ["notebooks/99_demo.ipynb", "solutions/99_demo.ipynb"]
    for path, text in build.build(source, **HANDED, folder=folder).items():
        path.write_bytes(text.encode("utf-8"))
    assert build.stale(folder, **HANDED) == []
    (folder / "notebooks" / "98_gone.ipynb").write_text("{}", encoding="utf-8")
    change(folder, 'print("for teachers")', 'print("for all teachers")')
    assert build.stale(folder, **HANDED) == ["notebooks/98_gone.ipynb", "solutions/99_demo.ipynb"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# ## Goals\n", "# ## Aims\n", "## Goals"),
        ("# ## When it fails", "# ## Failures", "last four sections"),
        ("play.pca_components(", "print(", "playground"),
        ("claim(", "print(", "claim(...) is missing"),
        ("comparison(", "print(", "comparison(...) is missing"),
        ('outcome("99-wide"', 'outcome("99-narrow"', "predict('99-wide') has no outcome('99-wide')"),
        ('        Question("D?"', '        print("D?"', "it has 3"),
        ("{{badges}}", "", "{{badges}} is missing"),
        ("{{times}}", "", "{{times}} is missing"),
        ("{{times}}", "{{times}}\n# {{times soon}}", "{{times soon}} is unknown"),
        ("{{setup}}", "import sys", "one cell with {{setup}}"),
        ('tags=["setup"]', 'tags=["set-up"]', 'tagged "setup"'),
        ('# %%\nprint("twice', '# %% tags=["sitting"]\nprint("twice', 'a cell tagged "sitting" must be'),
        ("**You need:**", "You need:", "You need:"),
        ('tags=["check-99.2"]', 'tags=["check-99.3"]', "one by one"),
        ('grade("99.3")', "pass", 'must be grade("99.3")'),
        ('tags=["exercise-99.1"]', 'tags=["exercise-98.1"]', "numbered 99.1, 99.2, 99.3"),
        ('{{exercise("99.2")}}', "def width(x): ...", 'must hold {{exercise("99.2")}}'),
        ('{{exercise("99.2")}}', '{{exercise("99.2")}}\n{{exercise(2)}}', "{{exercise(2)}} is unknown"),
        ('print("for learners")', "### BEGIN SOLUTION\n### END SOLUTION", "outside an exercise"),
        ("glossary:latent-space", "glossary:latent-spice", "the glossary has no 'latent-spice'"),
        ("import numpy as np", "import numpy as", "not valid Python"),
    ],
)
def test_an_incomplete_lesson_is_refused_by_name(folder, old, new, said):
    change(folder, old, new)
    with pytest.raises(build.LessonError) as error:
        built(folder)
    assert "solutions/99_demo.py" in str(error.value)
    assert said in str(error.value)


def test_a_draft_is_written_though_parts_are_missing(folder, capsys):
    change(folder, "claim(", "print(")
    build.build(folder / "solutions" / DEMO.stem, **HANDED, folder=folder, draft=True)
    assert "claim(...) is missing" in capsys.readouterr().err
