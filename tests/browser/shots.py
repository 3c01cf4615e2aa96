"""Pictures of a lesson as a learner sees it: `python tests/browser/shots.py 02 [--solution] [--out shots]`.

Runs the lesson in JupyterLab and writes all of it in pieces as high as a page; prints the files and what went wrong.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from lab import Lab, Notebook, chromium  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lesson", help="a number such as 02, or the path of a notebook")
    parser.add_argument("--solution", action="store_true", help="the version with the answers")
    parser.add_argument("--out", type=Path, default=Path("shots"), help="folder for the pictures")
    parser.add_argument("--no-run", action="store_true", help="as it looks before anything is run")
    asked = parser.parse_args()
    root = Path(__file__).parents[2]
    part = root / ("solutions" if asked.solution else "notebooks")
    found = [Path(asked.lesson)] if asked.lesson.endswith(".ipynb") else sorted(part.glob(f"{asked.lesson}_*.ipynb"))
    if not found:
        parser.error(f"no lesson {asked.lesson} in {part}")
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Lab(folder, windowing="none") as lab, chromium() as browser:
        shutil.copy(found[0], lab.course / "shown.ipynb")
        notebook = Notebook(browser, lab.address_of("shown.ipynb"))
        said = {"ran": 0, "errors": [], "warnings": []} if asked.no_run else notebook.run_all()
        for path in notebook.screenshots(asked.out, found[0].stem + ("-solution" if asked.solution else "")):
            print(path)
        print(f"{said['ran']} code cells ran")
        for kind in ("errors", "warnings"):
            for sentence in said[kind]:
                print(f"{kind[:-1]}: {sentence}")
        for sentence in notebook.problems:
            print(f"page: {sentence}")
        notebook.close()
        for sentence in lab.problems():
            print(f"log: {sentence}")


if __name__ == "__main__":
    main()
