"""The library's floors: imports go down only, and what is slow or belongs to one place is imported there alone."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

LIBRARY = Path(__file__).parents[1] / "udl_teach"
FILES = sorted(LIBRARY.rglob("*.py"))

# From the top down; a name is a file or a folder of the library. What stands in one row does not import each other,
# except for files that share a braced group: one thing, told in several files.
FLOORS = [
    [{"cli", "__main__"}],
    [{"lab", "doctor"}, {"bench"}],
    [{"lesson"}, {"play"}],
    [{"pretrained", "weights"}, {"estimators"}],
    [{"models"}],
    [{"training", "fitting", "storage", "trial", "modules", "threads"}],
    [{"data"}, {"metrics"}, {"plots"}],
    [{"grid"}, {"nearest"}],
    [{"inputs"}, {"build", "anatomy"}, {"sturdy", "running", "page", "places"}, {"seeds"}, {"renamed"}, {"bootstrap"}],
]
# Families of models: which other family each one may import; layers.py and schedule.py are there for all.
FAMILIES = {
    "adversarial": set(),
    "anomaly": {"autoencoders", "denoising", "variational"},
    "autoencoders": set(),
    "classical": set(),
    "clustering": {"autoencoders", "classical"},
    "compression": {"classical"},
    "denoising": {"autoencoders"},
    "maps": set(),
    "self_supervised": set(),
    "variational": set(),
}
# Files of a playground: each stands where its content exists; playground.py defines the public function.
PLAYGROUND_FILES = ("playground", "run", "picture", "words")  # and a snapshot, where measuring is not the run's own
# `python -m udl_teach.build` hands glossary and exercises to functions that know nothing of lessons.
UPWARDS = {("build.py", "lesson.glossary"), ("build.py", "lesson.exercises")}


def part(module):
    """The file or folder of the library that a module ("lesson.quiz") stands in."""
    return module.split(".")[0]


def place(name):
    """(floor, group) of a file or folder; floor 0 is the top."""
    for floor, groups in enumerate(FLOORS):
        for number, group in enumerate(groups):
            if name in group:
                return floor, number
    raise AssertionError(f"udl_teach/{name} stands on no floor: add it to FLOORS in {Path(__file__).name}")


def imports(path, *, outside_functions=False):
    """Full names of the modules, and of what is taken from them, that a file imports."""
    found = []

    def visit(node):
        if isinstance(node, ast.Import):
            found.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively; write udl_teach.…"
            found.extend(f"{node.module}.{alias.name}" for alias in node.names)
        if outside_functions and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


def files_that_import(module, **options):
    """Paths, relative to the library, of the files that import a module or something of it."""
    wanted = f"{module}."
    return {
        path.relative_to(LIBRARY).as_posix()
        for path in FILES
        if any(f"{name}.".startswith(wanted) for name in imports(path, **options))
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(LIBRARY).as_posix())
def test_imports_go_down_only(path):
    name = path.relative_to(LIBRARY).as_posix()
    own = part(name.removesuffix(".py").replace("/", "."))
    if own == "__init__":
        assert not any(module.startswith("udl_teach") for module in imports(path))
        return
    for module in imports(path):
        inner = module.removeprefix("udl_teach.")
        if inner == module or inner == "__version__":
            continue
        # `from udl_teach import fit` and its like come from the file that holds them.
        other = "training" if inner in ("fit", "train", "save", "load", "Step", "History") else part(inner)
        if any(name == upper and f"{inner}.".startswith(f"{lower}.") for upper, lower in UPWARDS):
            continue
        (floor, group), (own_floor, own_group) = place(other), place(own)
        same = (floor, group) == (own_floor, own_group)
        assert same or floor > own_floor, f"{name} imports {module}: floor {floor} from floor {own_floor}"


def test_every_folder_of_models_is_a_known_family():
    folders = {path.name for path in (LIBRARY / "models").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(FAMILIES), "say in FAMILIES which other families a new one may import"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_of_models_imports_the_families_that_it_may(family):
    for path in (LIBRARY / "models" / family).glob("*.py"):
        for module in imports(path):
            # From a family to the whole of `models` would be a circle.
            assert module.split(".")[:2] != ["udl_teach", "models"] or len(module.split(".")) > 3, (path, module)
            other = module.removeprefix("udl_teach.models.").split(".")[0]
            assert other not in set(FAMILIES) - FAMILIES[family] - {family}, f"{path.name} imports {module}"


PLAYGROUNDS = sorted(path.name for path in (LIBRARY / "play").iterdir() if (path / "__init__.py").exists())


def test_every_public_playground_has_a_folder_of_its_name():
    import udl_teach.play as play

    public = {name for name in play.__all__ if name.islower() and name != "open_playgrounds"}
    assert set(PLAYGROUNDS) == public
    for name in PLAYGROUNDS:
        # The function hides the folder's module of the same name; `from udl_teach.play.NAME import …` finds it still.
        assert getattr(play, name).__module__ == f"udl_teach.play.{name}.playground"


@pytest.mark.parametrize("name", PLAYGROUNDS)
def test_a_playground_has_the_files_of_all_and_imports_no_other_playground(name):
    files = {path.stem: path for path in (LIBRARY / "play" / name).glob("*.py")}
    missing = set(PLAYGROUND_FILES) - set(files)
    assert not missing, f"play/{name} has no {missing}: the picture of every playground stands in picture.py, and so on"
    for path in files.values():
        for module in imports(path):
            if module.startswith("udl_teach.play."):
                other = module.split(".")[2]
                assert other == name or (LIBRARY / "play" / f"{other}.py").exists(), f"{path.name} imports {module}"


def test_what_stands_in_play_itself_imports_no_playground():
    for path in (LIBRARY / "play").glob("*.py"):
        if path.name != "__init__.py":
            folders = {module.split(".")[2] for module in imports(path) if module.startswith("udl_teach.play.")}
            assert not folders & set(PLAYGROUNDS), path.name


def test_no_modules_import_each_other_in_a_circle():
    names = {}
    for path in FILES:
        parts = path.relative_to(LIBRARY.parent).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    wants = {}
    for name, path in names.items():
        # `from a.b import c` imports the module a.b.c where there is one, else a.b.
        found = (each if each in names else each.rpartition(".")[0] for each in imports(path, outside_functions=True))
        wants[name] = {each for each in found if each in names}

    def reached(name, seen):
        for other in wants[name] - seen:
            seen.add(other)
            reached(other, seen)
        return seen

    leaves = [name for name in names if not names[name].name == "__init__.py"]
    assert [name for name in leaves if name in reached(name, set())] == []


def test_widgets_are_imported_in_two_places_alone():
    assert files_that_import("ipywidgets") <= {"play/view.py", "lesson/show.py"}


def test_pyplot_is_imported_inside_functions_alone():
    assert files_that_import("matplotlib.pyplot", outside_functions=True) == set()


def test_models_do_without_scikit_learn():
    assert not {name for name in files_that_import("sklearn") if name.startswith("models/")}


def starts_threads(path):
    """Whether a file makes a thread or a timer; asking which thread one is in is no harm."""
    makers = {"Thread", "Timer", "ThreadPoolExecutor", "start_new_thread", "to_thread"}
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {getattr(node.func, "attr", getattr(node.func, "id", "")) for node in nodes if isinstance(node, ast.Call)}
    return bool(names & makers) or any(isinstance(node, (ast.AsyncFunctionDef, ast.Await)) for node in nodes)


def test_threads_are_started_in_one_place_alone():
    # What stops a learner's endless loop; everything else that takes time is a generator of steps.
    found = {path.relative_to(LIBRARY).as_posix() for path in FILES if starts_threads(path)}
    assert found <= {"lesson/sandbox.py"}
    for module in ("asyncio", "multiprocessing"):
        assert files_that_import(module) == set()
    assert files_that_import("concurrent") == {"sturdy.py"}  # several kernels at a time


def loaded_by(statement):
    """Names of the modules that a fresh Python has loaded after a statement."""
    code = f"import json, sys; {statement}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("statement", ["import udl_teach", "import udl_teach.build", "import udl_teach.cli"])
def test_nothing_slow_is_loaded_before_it_is_used(statement):
    slow = {
        "torch",
        "sklearn",
        "matplotlib",
        "matplotlib.pyplot",
        "ipywidgets",
        "skimage",
        "jupytext",
        "scipy",
        "pandas",
    }
    assert loaded_by(statement) & slow == set()


def test_models_load_neither_scikit_learn_nor_pyplot():
    statement = "import udl_teach.data, udl_teach.models, udl_teach.training"
    assert loaded_by(statement) & {"sklearn", "matplotlib.pyplot", "ipywidgets", "pandas"} == set()


def test_lessons_load_neither_torch_nor_widgets_before_they_are_used():
    assert loaded_by("import udl_teach.lesson") & {"torch", "ipywidgets", "matplotlib.pyplot"} == set()
