"""The templates of the pages, filled in the language of a visitor."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from search.errors import Translatable
from search.web.pages.visitor_language import language_of

if TYPE_CHECKING:
    from jinja2 import Environment

    from search.language import Code

_FOLDER = Path(__file__).parent.parent / "templates"


def rendered(name: str, code: "Code", values: Mapping[str, object]) -> str:
    """The template of this name with these values; every value is escaped."""
    language = language_of(code)

    def translate(message: str, *given: object) -> str:
        return language.translate(Translatable(message, *given) if given else message)

    return _environment().get_template(name).render({"_": translate, "lang": code, **values})


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(_FOLDER)
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
