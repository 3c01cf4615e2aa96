"""The command `udl-teach`: open the lessons, look after the machine, run a lesson, show progress, prove an exercise."""

import argparse
import os
import signal
import sys
from pathlib import Path

from udl_teach import __version__
from udl_teach.places import UnknownLesson, find_notebook, lessons


def parser() -> argparse.ArgumentParser:
    """What may stand on the command line."""
    top = argparse.ArgumentParser(prog="udl-teach", description="A hands-on course on unsupervised deep learning.")
    top.add_argument("--version", action="version", version=f"udl-teach {__version__}")
    commands = top.add_subparsers(dest="command", metavar="command")
    top.set_defaults(function=lambda _: top.print_help() or 0)

    lab = commands.add_parser("lab", help="open the lessons in JupyterLab")
    lab.add_argument("--folder", type=Path, default=Path("my-course"), help="your own copy (default: my-course)")
    lab.add_argument("--refresh", action="store_true", help="put lessons that have changed beside yours")
    lab.add_argument("--no-browser", action="store_true", help="only print the address")
    lab.add_argument("--port", type=int, help="where to serve (default: a free port)")
    lab.set_defaults(function=lab_command)

    doctor = commands.add_parser("doctor", help="look at this machine: each line is ok or says what to do")
    doctor.add_argument("--folder", type=Path, default=Path("my-course"), help="your own copy (default: my-course)")
    doctor.set_defaults(function=doctor_command)

    run = commands.add_parser("run", help="run a lesson without a browser and measure it")
    run.add_argument("lesson", help="a number such as 02, or the file of a notebook")
    run.add_argument("--solution", action="store_true", help="the version with the answers")
    run.add_argument(
        "--output", type=Path, default=Path("runs"), metavar="FOLDER", help="where to write (default: runs)"
    )
    run.add_argument("--html", action=argparse.BooleanOptionalAction, default=True, help="write a web page as well")
    run.set_defaults(function=run_command)

    progress = commands.add_parser("progress", help="show which exercises you have solved")
    progress.set_defaults(function=progress_command)

    exercise = commands.add_parser("exercise", help="prove an exercise of your own and print its cells")
    exercise.add_argument(
        "file", help='its file, such as my_exercise.py, or one of the course\'s by number, such as "02.1"'
    )
    exercise.set_defaults(function=exercise_command)
    return top


def lab_command(arguments: argparse.Namespace) -> int:
    """Hand out the lessons and open JupyterLab."""
    from udl_teach.lab import CannotOpen, hand_out, open_lab

    try:
        for sentence in hand_out(lessons(), arguments.folder, refresh=arguments.refresh):
            print(sentence)
    except OSError as error:
        return fail(f"The lessons cannot be put into {arguments.folder} ({error.strerror or error}): choose --folder.")
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    try:
        return open_lab(arguments.folder, browser=not arguments.no_browser, port=arguments.port)
    except CannotOpen as error:
        return fail(str(error))


def doctor_command(arguments: argparse.Namespace) -> int:
    """Print the findings; 1 where there is something to do."""
    from udl_teach.doctor import examine

    to_do = 0
    for finding in examine(arguments.folder):
        print(finding, flush=True)
        to_do += finding.advice is not None
    print("All is well." if not to_do else f"{to_do} to look at: the lines with an arrow say what to do.")
    return 1 if to_do else 0


def run_command(arguments: argparse.Namespace) -> int:
    """Run one notebook, print what it took, and write it down executed."""
    path = find_notebook(arguments.lesson, solution=arguments.solution)
    from tqdm import tqdm

    from udl_teach.running import claims_of, run_notebook, write_run

    with tqdm(desc=path.stem, unit="cell", bar_format="{desc}: {n_fmt}/{total_fmt} cells |{bar}| {elapsed}") as bar:

        def advance(done: int, count: int) -> None:
            bar.total = count
            bar.update(done - bar.n)

        try:
            # In the page, which has no kernel, playgrounds are recordings.
            recorded = {"UDL_TEACH_RECORD": "1"} if arguments.html else {}
            result = run_notebook(path, on_cell=advance, environment=recorded)
        except ValueError as error:
            return fail(str(error), code=2)
    try:
        written = write_run(result, path.stem, arguments.output, html=arguments.html)
    except OSError as error:
        return fail(f"Nothing can be written into {arguments.output} ({error.strerror or error}): choose --output.")
    print(f"{path.stem}: {result.seconds:.1f} s, peak memory {result.peak_megabytes:.0f} MB")
    held, fell = claims_of(result.notebook)
    if held + fell:
        print(f"{held} of {held + fell} claims hold here." if fell else f"All {held} claims hold here.")
    print("\n".join(f"Wrote {file}" for file in written))
    return fail(result.error) if result.error else 0


def progress_command(arguments: argparse.Namespace) -> int:
    """Print the report of the progress file."""
    from udl_teach.lesson import progress

    print(progress.report())
    return 0


def exercise_command(arguments: argparse.Namespace) -> int:
    """Print whether the answer passes and each mistake gets its hint, and the cells for a notebook."""
    from udl_teach.build import stubbed
    from udl_teach.lesson.exercises import exercise as find
    from udl_teach.lesson.proof import proof

    try:
        exercise = find(arguments.file)
        faults = 0
        for well, sentence in proof(exercise):
            print(f"{'ok   ' if well else 'FAULT'}  {sentence}")
            faults += not well
    except ValueError as error:
        return fail(str(error), code=2)
    name, key = exercise.solution.__name__, exercise.number
    print(f"\nThe cells for a notebook beside the file:\n\n{stubbed(exercise.code)}\n")
    print(f'{name} = check("{key}", {name})\ngrade("{key}")')
    return 1 if faults else 0


def fail(sentence: str, code: int = 1) -> int:
    """Say what went wrong, on the standard error, and return the exit code."""
    print(sentence, file=sys.stderr)
    return code


def main(arguments: list[str] | None = None) -> int:
    """Run the command line.

    Returns:
        0 when all went well, 1 when something failed, 2 when the command was wrong, 130 after Ctrl-C.
    """
    try:
        chosen = parser().parse_args(arguments)
        code = chosen.function(chosen)
        sys.stdout.flush()
        return code
    except UnknownLesson as error:
        return fail(str(error), code=2)
    except FileNotFoundError as error:
        return fail(str(error))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has gone; what Python would still flush at its end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
