"""The command line: its answers, its exit codes, and that it does not wait for torch."""

import os
import subprocess
import sys

import nbformat
import pytest

from udl_teach import __version__, cli, lab, places


@pytest.fixture(autouse=True)
def small_course(tmp_path, monkeypatch):
    """A course of two tiny lessons, and a working folder beside it."""
    for folder, text in (("notebooks", "print('open')"), ("solutions", "print('answered')")):
        (tmp_path / "course" / folder).mkdir(parents=True)
        for name in ("00_start_here", "01_hidden"):
            notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text)])
            nbformat.write(notebook, tmp_path / "course" / folder / f"{name}.ipynb")
    monkeypatch.setattr(places, "course_folder", lambda: tmp_path / "course")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], ["progress"], ["run", "nothing"]])
def test_answers_do_not_wait_for_torch(arguments):
    code = (
        "import sys; from udl_teach import cli\n"
        f"try: cli.main({arguments!r})\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'sklearn', 'skimage', 'matplotlib', 'numpy', 'ipywidgets'} & set(sys.modules)\n"
        f"assert 'torch' not in heavy and (not heavy or {arguments!r} == ['progress']), heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_version(capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["--version"])
    assert end.value.code == 0 and capsys.readouterr().out == f"udl-teach {__version__}\n"


@pytest.mark.parametrize("wanted", ["77", "02_autoencoder", "nowhere.ipynb", "course"])
def test_an_unknown_lesson_is_one_sentence_with_the_known_ones(wanted, capsys):
    assert cli.main(["run", wanted]) == 2
    said = capsys.readouterr().err
    assert said == f"There is no lesson or notebook {wanted!r}; the lessons are: 00_start_here, 01_hidden.\n"


def test_the_bare_command_prints_its_help(capsys):
    assert cli.main([]) == 0
    assert "open the lessons in JupyterLab" in capsys.readouterr().out


def test_a_wrong_command_is_2():
    for arguments in (["lesson"], ["run"], ["lab", "--port", "x"]):
        with pytest.raises(SystemExit) as end:
            cli.main(arguments)
        assert end.value.code == 2


@pytest.mark.parametrize("wanted", ["01", "1", "01_hidden", "course/notebooks/01_hidden.ipynb"])
def test_a_lesson_is_found_by_number_name_or_file(wanted, tmp_path):
    assert places.find_notebook(wanted).samefile(tmp_path / "course" / "notebooks" / "01_hidden.ipynb")


def test_run_writes_the_executed_notebook_and_a_page(tmp_path, capsys):
    assert cli.main(["run", "01", "--output", "out"]) == 0
    said = capsys.readouterr()
    assert "peak memory" in said.out and " s, " in said.out and "1/1 cells" in said.err
    executed = nbformat.read(tmp_path / "out" / "01_hidden.ipynb", as_version=4)
    assert executed.cells[0].outputs[0].text == "open\n"
    assert "open" in (tmp_path / "out" / "01_hidden.html").read_text(encoding="utf-8")


def test_run_of_a_solution_without_a_page(tmp_path):
    assert cli.main(["run", "00", "--solution", "--output", "out", "--no-html"]) == 0
    assert os.listdir(tmp_path / "out") == ["00_start_here.ipynb"]
    executed = nbformat.read(tmp_path / "out" / "00_start_here.ipynb", as_version=4)
    assert executed.cells[0].outputs[0].text == "answered\n"


def test_a_failing_cell_is_named_and_what_ran_is_written(tmp_path, capsys):
    cells = [nbformat.v4.new_code_cell(text) for text in ("print('before')", "1 / 0", "print('after')")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "mine.ipynb")
    assert cli.main(["run", "mine.ipynb", "--output", "out", "--no-html"]) == 1
    assert "mine.ipynb, cell 2 of 3: ZeroDivisionError: division by zero" in capsys.readouterr().err
    executed = nbformat.read(tmp_path / "out" / "mine.ipynb", as_version=4)
    assert executed.cells[0].outputs[0].text == "before\n" and not executed.cells[2].outputs


def test_a_file_that_is_no_notebook_is_2(tmp_path, capsys):
    (tmp_path / "broken.ipynb").write_text("no json")
    assert cli.main(["run", "broken.ipynb"]) == 2
    assert "is not a notebook" in capsys.readouterr().err


def test_an_output_that_cannot_be_made_is_one_sentence(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert cli.main(["run", "00", "--output", "file"]) == 1
    assert "choose --output" in capsys.readouterr().err


def test_progress_prints_a_report(capsys):
    assert cli.main(["progress"]) == 0
    assert "progress" in capsys.readouterr().out


def test_lab_hands_out_and_opens(monkeypatch, tmp_path, capsys):
    opened = []
    monkeypatch.setattr(lab, "open_lab", lambda folder, **how: opened.append((folder.name, how)) or 0)
    assert cli.main(["lab", "--folder", "mine", "--no-browser", "--port", "9000"]) == 0
    assert opened == [("mine", {"browser": False, "port": 9000})]
    assert (tmp_path / "mine" / "00_start_here.ipynb").exists()
    assert "Put into mine: 00_start_here, 01_hidden." in capsys.readouterr().out
    (tmp_path / "file").write_text("")
    assert cli.main(["lab", "--folder", "file"]) == 1
    assert "choose --folder" in capsys.readouterr().err


@pytest.mark.parametrize(("advice", "code"), [(None, 0), ("do this", 1)])
def test_doctors_exit_code(monkeypatch, capsys, advice, code):
    from udl_teach import doctor

    monkeypatch.setattr(doctor, "examine", lambda _: [doctor.Finding("thing", "1.0", advice)])
    assert cli.main(["doctor"]) == code
    assert ("do this" if advice else " ok") in capsys.readouterr().out


def test_ctrl_c_ends_quietly(monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(lab, "hand_out", interrupted)
    assert cli.main(["lab"]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(os.name == "nt", reason="pipes of a Unix shell")
def test_a_reader_that_goes_away_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([sys.executable, "-m", "udl_teach.cli", "progress"], stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert done.stderr == b"" and done.returncode == 0
