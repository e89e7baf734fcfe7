"""The program in a process of its own, with an encoder that needs no model and may take its time."""

import sys
import time
from pathlib import Path
from unittest.mock import patch

from search.cli import main
from tests.fakes import FakeEncoder


def _slow(marker: Path) -> FakeEncoder:
    """An encoder that makes a file when it is at work, and then works until it is stopped."""

    def work() -> None:
        marker.touch()
        time.sleep(60)

    return FakeEncoder(before_batch=work)


if __name__ == "__main__":
    marker, *arguments = sys.argv[1:]
    encoder = _slow(Path(marker)) if marker else FakeEncoder()
    sys.argv[1:] = arguments
    with patch("search.index.load_encoder", return_value=encoder):
        main()
