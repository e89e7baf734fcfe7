"""The internals of Textual and Rich that the interface uses: a version without them fails here first."""

import ast
import inspect
import re
from pathlib import Path

import search.tui

# Each with the file that says why.
USED = {
    ("textual._styles_cache", "StylesCache"): "services/search_worker.py",
    ("textual.widgets._footer", "FooterKey"): "widgets/key_hints.py",
    ("rich", "_wrap"): "format/wrapping.py",
}


def private_imports(file: Path) -> set[tuple[str, str]]:
    """The names that a file imports from private modules of these libraries."""
    nodes = (
        node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)
    )
    names = ((node.module or "", alias.name) for node in nodes for alias in node.names)
    ours = ((module, name) for module, name in names if module.split(".")[0] in ("rich", "textual"))
    return {(module, name) for module, name in ours if "._" in module or name.startswith("_")}


def test_no_other_internals_are_used() -> None:
    root = Path(inspect.getfile(search.tui)).parent
    used = {
        each: str(file.relative_to(root)) for file in root.rglob("*.py") for each in private_imports(file)
    }
    assert used == USED


def test_a_cache_of_styles_can_be_emptied() -> None:
    from textual._styles_cache import StylesCache
    from textual.strip import Strip

    StylesCache.get_inner_outer.cache_clear()
    Strip.render_ansi.cache_clear()


def test_a_key_of_the_footer_is_made_of_its_parts() -> None:
    from textual.widgets._footer import FooterKey

    parameters = inspect.signature(FooterKey).parameters
    assert [*parameters][:4] == ["key", "key_display", "description", "action"]
    assert "tooltip" in parameters


def test_rich_cuts_words_by_a_pattern() -> None:
    from rich import _wrap

    assert isinstance(_wrap.re_word, re.Pattern)
    assert [*_wrap.words("un mot")] == [(0, 3, "un "), (3, 6, "mot")]
