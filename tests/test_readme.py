"""README tells the truth: its paths exist, its tree is whole, its addresses are those of pyproject.toml."""

import re
import subprocess
from pathlib import Path

import pytest

from udl_teach import anatomy, build, cli
from udl_teach.lesson import exercises

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
HIDDEN_BY_GIT = {".venv", ".venv-colab", ".lowest", "my-course", "runs", "dist", "build", "shots"}


def tree():
    """The paths of the annotated tree."""
    drawn = README.split("## What is where")[1].split("```")[1]
    above, paths = [], []
    for line in drawn.strip("\n").splitlines():
        name = line.split()[0]
        depth = (len(line) - len(line.lstrip())) // 4
        above[depth:] = [name]
        paths.append("".join(above))
    return paths


def test_every_path_of_the_tree_exists():
    missing = [path for path in tree() if not (ROOT / path).exists()]
    assert not missing


def test_the_tree_leaves_nothing_out():
    seen = {path.rstrip("/") for path in tree()}
    package = [path for path in (ROOT / "udl_teach").iterdir() if not path.name.startswith(("_", "."))]
    top = [path for path in ROOT.iterdir() if path.name not in HIDDEN_BY_GIT and not path.name.startswith(".")]
    there = {str(path.relative_to(ROOT)) for path in [*package, *top] if path.suffix != ".egg-info"}
    # What is there on this machine alone is not part of the project.
    asked = subprocess.run(["git", "check-ignore", *there], cwd=ROOT, capture_output=True, text=True)
    assert not there - seen - set(asked.stdout.split()) - {"__pycache__"}


def test_relative_links_lead_somewhere():
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links and not [link for link in links if not (ROOT / link).exists()]


def test_the_lessons_are_those_there_are():
    listed = re.findall(r"\]\(notebooks/(\w+)\.ipynb\)", README)
    assert listed == sorted(path.stem for path in (ROOT / "solutions").glob("[0-9][0-9]_*.py"))


def test_colab_and_binder_open_the_repository_of_pyproject():
    assert build.badges(build.repository_address(ROOT), "00_start_here") in README


def test_named_make_targets_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"\bmake ([a-z][a-z-]*)", README)) | {"lint", "bench", "test-lowest", "test-colab"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("command", sorted(set(re.findall(r"udl-teach (lab|doctor|run 02|progress)", README))))
def test_named_commands_are_understood(command):
    assert cli.parser().parse_args(command.split()).command == command.split()[0]


def test_the_version_of_the_wheel_is_this_one():
    from udl_teach import __version__

    assert re.findall(r"udl_teach-([\d.]+)-py3", README) == [__version__]
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_the_lowest_versions_are_those_of_pyproject():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("dependencies = [")[1].split("]")[0]
    bounds = dict(re.findall(r'"([\w-]+)>=([\d.]+)"', project))
    lowest = (ROOT / "tests" / "versions" / "lowest.txt").read_text(encoding="utf-8")
    for name, bound in bounds.items():
        pins = [
            pin
            for line in lowest.splitlines()
            if (pin := re.fullmatch(rf"{name}==([\d.]+)( ; python_version < .*)?", line))
        ]
        assert name == "torch" or [pin[1].startswith(bound) for pin in pins] == [True], name


def test_constraints_pin_every_dependency():
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    tested = project.split("dependencies = [")[1].split("bench = [")[0]
    for name in re.findall(r'"([\w-]+)>=', tested):
        assert re.search(rf"^{name}==", pins, re.MULTILINE), name
    assert not [
        line for line in pins.splitlines() if not re.match(r"#|[\w.-]+==\S+( ; python_version [<>=]+ '3\.\d+')?$", line)
    ]


@pytest.mark.parametrize("path", build.sources(ROOT), ids=lambda path: path.stem)
def test_the_minutes_of_a_lesson_are_the_computed_ones(path):
    minutes = anatomy.sittings(anatomy.read(path), lambda cell: build.shown(cell, exercises.code))
    row = next(line for line in README.splitlines() if f"notebooks/{path.stem}.ipynb" in line and line.startswith("|"))
    assert f"| {' + '.join(build.rounded(minutes))} |" in row
