"""What tests look at in the user's files."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def is_now(time: str) -> bool:
    return timedelta(0) <= datetime.now(UTC) - datetime.fromisoformat(time) < timedelta(minutes=1)
