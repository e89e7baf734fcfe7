"""The pictures of the documents are those that two scripts draw."""

import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 250_000  # bytes of a picture
MOST_IN_README = 2
PICTURE = re.compile(r"!\[[^]]+]\((docs/screens/[^)]+)\)")


def script_of(name: str) -> ModuleType:
    loader = SourceFileLoader(name, str(ROOT / "scripts" / name))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    script = module_from_spec(spec)
    loader.exec_module(script)
    return script


def drawn() -> set[Path]:
    """The files of the interface in the terminal."""
    script = script_of("screenshots")
    return {script.file_of(name, size) for name in script.SCREENS for size in script.SIZES}


def test_the_folder_holds_what_the_scripts_draw() -> None:
    pages = script_of("web_screenshots")
    files = set((ROOT / "docs" / "screens").iterdir())
    assert files == drawn() | {pages.file_of(name) for name in pages.SCREENS}
    assert len(files) == 14
    assert [file.name for file in files if file.stat().st_size > LARGEST] == []


def test_readme_shows_one_or_two_of_them_and_the_page_of_the_interface_links_all() -> None:
    shown = {ROOT / path for path in PICTURE.findall((ROOT / "README.md").read_text(encoding="utf-8"))}
    assert 1 <= len(shown) <= MOST_IN_README
    page = (ROOT / "docs" / "interface.md").read_text(encoding="utf-8")
    linked = {ROOT / "docs" / path for path in re.findall(r"\[[^]]+]\((screens/[^)]+)\)", page)}
    assert shown < linked == drawn()
