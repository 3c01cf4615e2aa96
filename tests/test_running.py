"""A measured run: the right Python, its figures, failures, and what make times and make comparison write."""

import json
import os
import sys

import nbformat
import pytest

from udl_teach import places, running


def notebook(path, *cells):
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells]), path)
    return path


def printed(result, cell=0):
    return result.notebook.cells[cell].outputs[0].text.strip()


def test_the_kernel_is_this_python_whatever_is_registered(tmp_path, monkeypatch):
    other = tmp_path / "kernels" / "python3"
    other.mkdir(parents=True)
    (other / "kernel.json").write_text(json.dumps({"argv": ["/no/python"], "display_name": "x", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    result = running.run_notebook(notebook(tmp_path / "a.ipynb", "import sys; print(sys.executable)"))
    assert result.error is None and printed(result) == sys.executable


def test_memory_and_seconds_are_those_of_the_kernel(tmp_path):
    small = running.run_notebook(notebook(tmp_path / "a.ipynb", "1"))
    large = running.run_notebook(notebook(tmp_path / "b.ipynb", "x = b'1' * 300_000_000; del x"))
    assert small.seconds > 0 and 10 < small.peak_megabytes < 300
    if sys.platform == "linux":
        assert 280 < large.peak_megabytes - small.peak_megabytes < 330


def test_cells_are_counted_and_run_in_their_own_folder(tmp_path):
    seen = []
    path = notebook(tmp_path / "a.ipynb", "import os; print(os.getcwd())", "print(os.environ['SPELL'])")
    result = running.run_notebook(path, environment={"SPELL": "abc"}, on_cell=lambda *at: seen.append(at))
    assert seen == [(0, 2), (1, 2), (2, 2)]
    assert os.path.samefile(printed(result), tmp_path) and printed(result, 1) == "abc"


def test_a_kernel_that_dies_is_named(tmp_path):
    result = running.run_notebook(notebook(tmp_path / "a.ipynb", "1", "import os; os._exit(1)"))
    assert result.error == "a.ipynb, cell 2 of 2: the kernel died, perhaps for want of memory"


def test_a_cell_that_takes_too_long_is_named(tmp_path):
    path = notebook(tmp_path / "a.ipynb", "while True: pass")
    assert "cell 1 of 1" in running.run_notebook(path, cell_timeout=1).error


def test_widgets_are_kept_and_a_page_shows_their_picture(tmp_path):
    show = (
        "import ipywidgets; from IPython.display import display\nslider = ipywidgets.IntSlider(7)\n"
        "bundle = {'application/vnd.jupyter.widget-view+json': {'model_id': slider.model_id, 'version_major': 2,"
        " 'version_minor': 0}, 'image/png': 'iVBORw0KGgo=', 'text/plain': 'slider'}\ndisplay(bundle, raw=True)"
    )
    result = running.run_notebook(notebook(tmp_path / "a.ipynb", show))
    assert result.error is None
    states = result.notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"].values()
    assert 7 in [state["state"].get("value") for state in states]
    written = running.write_run(result, "a", tmp_path / "out")
    assert [path.name for path in written] == ["a.ipynb", "a.html"]
    assert "data:image/png;base64,iVBORw0KGgo=" in written[1].read_text(encoding="utf-8")


@pytest.fixture
def course(tmp_path, monkeypatch):
    for folder in ("notebooks", "solutions"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(places, "course_folder", lambda: tmp_path)
    monkeypatch.setattr(running, "course_folder", lambda: tmp_path)
    return tmp_path


def test_times_are_those_of_what_learners_get(course, capsys):
    notebook(course / "notebooks" / "01_b.ipynb", "1")
    notebook(course / "notebooks" / "00_a.ipynb", "1")
    notebook(course / "solutions" / "00_a.ipynb", "1 / 0")
    assert running.main(["times"]) == 0
    measured = json.loads((course / "solutions" / "times.json").read_text())
    assert list(measured) == ["00_a", "01_b"]
    assert all(set(row) == {"seconds", "peak_megabytes"} for row in measured.values())
    assert all(isinstance(value, int) for row in measured.values() for value in row.values())


def test_comparison_gathers_the_rows_of_all_solutions(course):
    write = "import json, os; json.dump({}, open(os.environ['UDL_TEACH_COMPARISON'], 'w'))"
    first = [{"method": "PCA", "dimensions": 2, "seconds": 1.0}]
    second = [{"method": "PCA", "dimensions": 2, "seconds": 9.0}, {"method": "AE", "dimensions": 2, "seconds": 2.0}]
    notebook(course / "solutions" / "01_a.ipynb", write.format(first))
    notebook(course / "solutions" / "02_b.ipynb", write.format(second))
    notebook(course / "solutions" / "03_c.ipynb", "'no rows'")
    assert running.main(["comparison"]) == 0
    assert json.loads((course / "solutions" / "comparison.json").read_text()) == [first[0], second[1]]


def test_a_lesson_that_fails_leaves_the_old_figures(course, capsys):
    (course / "solutions" / "times.json").write_text("old")
    notebook(course / "notebooks" / "00_a.ipynb", "1 / 0")
    assert running.main(["times"]) == 1
    assert "00_a.ipynb, cell 1 of 1: ZeroDivisionError" in capsys.readouterr().err
    assert (course / "solutions" / "times.json").read_text() == "old"


def test_an_unknown_task_is_2(capsys):
    assert running.main(["time"]) == 2
    assert capsys.readouterr().err.startswith("usage:")
