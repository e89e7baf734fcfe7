"""Reads the numpy arrays of a generation."""

from pathlib import Path
from typing import Any

import numpy as np

from search.errors import Translatable
from search.local import layout


def read_array(path: Path) -> Any:  # noqa: ANN401 - the file says which type
    """The array in a file of a generation; raises IndexCorrupt."""
    try:
        with path.open("rb") as file:  # np.load would also open archives and pickles
            return np.lib.format.read_array(file, allow_pickle=False)
    except (OSError, ValueError) as exc:
        fault = Translatable("{} cannot be read ({})", path, exc)
        raise layout.damage_error(path.parent, fault) from exc
