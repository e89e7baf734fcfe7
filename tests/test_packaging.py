"""What the package is called, what it needs, and what users are told to type to install it."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parents[1]
DECLARED = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, DEVELOPMENT = DECLARED["project"], DECLARED["dependency-groups"]["dev"]
LOCKS = {path.stem: path.read_text(encoding="utf-8") for path in TOP.glob("requirements*.lock")}
_PIN = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)
_EXTRA = re.compile(r"([\w-]+)\[(\w+)\]'")


def test_the_extras_that_messages_and_docs_name_are_those_of_this_package() -> None:
    files = [*(TOP / "search").rglob("*.py"), *(TOP / "search").rglob("*.po"), *(TOP / "docs").glob("*.md")]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    named = {extra for line in lines if "pip install '" in line for extra in _EXTRA.findall(line)}

    extras = PROJECT["optional-dependencies"]
    assert named == {("depeche-search", extra) for extra in ("postgres", "dask", "serve", "mcp")}
    assert PROJECT["name"] == "depeche-search"
    assert {extra for _, extra in named} <= extras.keys()


def pins(lock: str) -> dict[str, str]:
    """The version of each package that a lock file names."""
    return dict(_PIN.findall(LOCKS[lock]))


def test_every_pin_has_hashes_and_no_lock_names_an_index() -> None:
    assert set(LOCKS) == {"requirements", "requirements-dev", "requirements-cpu", "requirements-cuda"}
    for lock, text in LOCKS.items():
        entries = re.split(r"\n(?=[^\s#])", re.sub(r"^#.*\n", "", text))
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == [], lock
        assert len(entries) == len(pins(lock)), lock
        assert "://" not in text, lock


def test_the_locks_agree() -> None:
    assert pins("requirements").items() <= pins("requirements-dev").items()
    assert pins("requirements-cpu") == {"torch": pins("requirements")["torch"] + "+cpu"}
    assert not pins("requirements-cuda").keys() & pins("requirements-dev").keys()


def test_every_dependency_is_pinned_within_its_range() -> None:
    dev = {Requirement(text) for text in DEVELOPMENT if isinstance(text, str)}
    extras = {Requirement(text) for extra in PROJECT["optional-dependencies"].values() for text in extra}
    wanted = {Requirement(text) for text in PROJECT["dependencies"]} | dev | extras
    others = {need for need in wanted if need.name != PROJECT["name"]}
    found = {canonicalize_name(name): version for name, version in pins("requirements-dev").items()}

    outside = {need.name for need in others if found[canonicalize_name(need.name)] not in need.specifier}
    assert outside == set()
    assert len(others) > 30
