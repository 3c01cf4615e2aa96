"""Runs a notebook without a browser and measures it: seconds, its kernel's start included, and peak memory.

python -m udl_teach.running times        runs what learners get, writes solutions/times.json (`make times`)
python -m udl_teach.running comparison   runs the solutions, writes solutions/comparison.json (`make comparison`)
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from udl_teach.places import course_folder, lessons


@dataclass(frozen=True)
class Result:
    """What became of a run.

    Attributes:
        seconds: from before the kernel's start until its last cell was done.
        peak_megabytes: the kernel's largest resident memory, in units of 10^6 bytes.
        notebook: the executed notebook (nbformat 4), its widgets' state included.
        error: None, or one sentence that names the failing cell and its error.
    """

    seconds: float
    peak_megabytes: float
    notebook: Any
    error: str | None


def run_notebook(
    path: str | Path,
    *,
    environment: Mapping[str, str] | None = None,
    cell_timeout: float | None = None,
    on_cell: Callable[[int, int], None] | None = None,
    first: str = "",
) -> Result:
    """Run every cell of a notebook, in its own folder, by the same Python that runs this function.

    Args:
        path: a notebook file; it is only read.
        environment: variables that the kernel gets besides those of this process.
        cell_timeout: seconds that one cell may take; None for as long as it wants.
        on_cell: called with (cells done, cells in all) at the start and after every cell.
        first: code that the kernel runs before the first cell.

    Returns:
        The Result; a failing cell ends the run and is named in `error`, it does not raise.

    Raises:
        ValueError: the file is not a notebook.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, DeadKernelError
    from nbformat.reader import NotJSONError

    path = Path(path).resolve()
    try:
        notebook = nbformat.read(path, as_version=4)
    except (NotJSONError, nbformat.ValidationError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is not a notebook ({type(error).__name__}).") from error
    manager = kernel_of_this_python()
    resources = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(notebook, km=manager, timeout=cell_timeout, resources=resources)
    count, error = len(notebook.cells), None
    start = time.perf_counter()
    # cleanup_kc: nbclient would leave a kernel running that it did not choose itself.
    with client.setup_kernel(env={**os.environ, **(environment or {})}, cleanup_kc=True):
        if on_cell:
            on_cell(0, count)
        if first:
            # nbclient runs what stands in the notebook; the cell does not stay there.
            notebook.cells.append(nbformat.v4.new_code_cell(first))
            client.execute_cell(notebook.cells[-1], count)
            notebook.cells.pop()
        for index, cell in enumerate(notebook.cells):
            try:
                client.execute_cell(cell, index)
            except (CellControlSignal, DeadKernelError) as failure:
                error = f"{path.name}, cell {index + 1} of {count}: {_reason(failure)}"
                break
            if on_cell:
                on_cell(index + 1, count)
        seconds = time.perf_counter() - start
        peak = peak_megabytes(manager.provisioner.pid)
        client.set_widgets_metadata()
    return Result(seconds, peak, notebook, error)


def kernel_of_this_python() -> Any:
    """A kernel manager whose kernel is this very Python, whatever kernels are registered on the machine."""
    from ipykernel.kernelspec import get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    manager = AsyncKernelManager()
    manager._kernel_spec = KernelSpec(**get_kernel_dict(extra_arguments=["--log-level=ERROR"]))
    return manager


def peak_megabytes(process: int) -> float:
    """Peak resident memory of a living process, in units of 10^6 bytes; NaN when it is gone."""
    try:
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    except OSError:
        pass
    import psutil

    try:
        memory = psutil.Process(process).memory_info()
    except psutil.Error:
        return float("nan")
    # Only Windows keeps the peak; elsewhere what the kernel holds at its end has to do.
    return getattr(memory, "peak_wset", memory.rss) / 1e6


def claims_of(notebook: Any) -> tuple[int, int]:
    """How many claims of an executed lesson hold, and how many do not."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    said = [output.get("data", {}).get("text/plain", "") for output in outputs]
    return sum(text.startswith("Holds:") for text in said), sum(text.startswith("Does not hold here:") for text in said)


def write_run(result: Result, name: str, folder: str | Path, *, html: bool = True) -> list[Path]:
    """Write an executed notebook, and its HTML, into a folder; returns the files written."""
    import nbformat

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / f"{name}.ipynb"]
    nbformat.write(result.notebook, written[0])
    if html:
        from udl_teach.page import page

        written.append(folder / f"{name}.html")
        written[1].write_text(page(result.notebook, name), encoding="utf-8")
    return written


def times() -> None:
    """Measure what learners get and write solutions/times.json: seconds and peak megabytes of every lesson."""
    measured = {}
    for path in lessons():
        result = _run_and_tell(path, environment={"UDL_TEACH_STRICT": "1"})
        megabytes = 10 * round(result.peak_megabytes / 10)
        measured[path.stem] = {"seconds": round(result.seconds), "peak_megabytes": megabytes}
    _write_json(course_folder() / "solutions" / "times.json", measured)


def comparison() -> None:
    """Run the solutions and write the rows of the course's comparison table to solutions/comparison.json.

    The file is written anew; of two rows with the same method and dimensions the earlier lesson's stays.
    """
    rows = {}
    for path in lessons(solution=True):
        with _temporary_file() as file:
            _run_and_tell(path, environment={"UDL_TEACH_COMPARISON": str(file), "UDL_TEACH_STRICT": "1"})
            for row in json.loads(file.read_text(encoding="utf-8")) if file.exists() else []:
                # A lesson may show another's row as well; the lesson that comes first is the one it belongs to.
                rows.setdefault((row["method"], row["dimensions"]), row)
    _write_json(course_folder() / "solutions" / "comparison.json", list(rows.values()))


def _run_and_tell(path: Path, *, environment: Mapping[str, str]) -> Result:
    result = run_notebook(path, environment=environment)
    print(f"{path.stem}: {result.seconds:.0f} s, {result.peak_megabytes:.0f} MB", flush=True)
    if result.error:
        raise RuntimeError(result.error)
    return result


def _reason(failure: Exception) -> str:
    name = getattr(failure, "ename", None)
    if name:
        return f"{name}: {failure.evalue}"
    if type(failure).__name__ == "DeadKernelError":
        return "the kernel died, perhaps for want of memory"
    return str(failure).strip().splitlines()[0]


@contextmanager
def _temporary_file() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "rows.json"


def _write_json(path: Path, content: Any) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    temporary.replace(path)
    print(f"Wrote {path}.")


def main(arguments: list[str] | None = None) -> int:
    """The two measurements of the makefile; returns the exit code."""
    tasks = {"times": times, "comparison": comparison}
    wanted = sys.argv[1:] if arguments is None else arguments
    if len(wanted) != 1 or wanted[0] not in tasks:
        print("usage: python -m udl_teach.running times|comparison", file=sys.stderr)
        return 2
    try:
        tasks[wanted[0]]()
    except RuntimeError as error:
        print(f"{error}; nothing was written.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
