"""Values of a record as text: blanks, lists and objects as tables, R, pandas and JSON write them."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from search.errors import Translatable, translatable

BLANKS = {"NA", "N/A", "n/a", "<NA>", "NaN", "nan", "NaT", "None", "null", "NULL", "-", "[]"}
"""Texts that stand for nothing."""
# The text of an object, as NewsAPI ("name"), WordPress ("rendered"), ninjs ("name", "contentstr") and MongoDB
# ("$date", "$oid") have it.
_TEXT_KEYS = ("name", "nom", "rendered", "title", "label", "value", "text", "contentstr", "$date", "$oid")
# A list as Python and numpy print it into a cell of a table: ['un', "d'un"].
_LIST = re.compile(r"""\[\s*+(?:(?:'[^'\\\n]*+'|"[^"\\\n]*+")\s*+,?\s*+)++\]""")
_FLOAT = re.compile(r"\d{1,15}\.0")
_QUOTED = re.compile(r"""'([^'\\\n]*+)'|"([^"\\\n]*+)\"""")
_KINDS: Mapping[type, str] = {
    list: Translatable("a list"),
    dict: Translatable("an object"),
    bool: Translatable("true or false"),
}


class UnreadableValue(ValueError):
    """A value is not text; ``reason`` says what it is, and can be translated."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = translatable(reason)


@lru_cache(maxsize=1024)  # the records of a file have the same few names
def comparable(name: str) -> str:
    """A name of a field without case and accents, with ``_`` between its words.

    ``Auteur(s)`` is ``auteurs``.
    """
    decomposed = unicodedata.normalize("NFKD", name.strip().casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return "_".join(plain.replace("(s)", "s").replace("-", " ").replace("_", " ").split())


def by_name(record: Mapping[str, object]) -> dict[str, object]:
    """The values of a record under names that can be compared."""
    return {comparable(name): value for name, value in record.items()}


def lookup(record: Mapping[str, object], name: str) -> object:
    """The value under a name, or under a path such as ``title.rendered``; None where there is none."""
    if name in record or "." not in name:
        return record.get(name)
    first, _, rest = name.partition(".")
    inner = record.get(first)
    if not isinstance(inner, dict):
        return None
    return lookup(by_name(inner), rest)


def unprinted(value: object) -> object:
    """A value as it was before pandas wrote it.

    A printed list of texts, as ``['un', 'deux']``, is that list; ``4.0`` is the whole number of a column in
    which others are missing.
    """
    if isinstance(value, str | float) and _FLOAT.fullmatch(str(value)):
        return str(value)[: -len(".0")]
    if not isinstance(value, str) or not _LIST.fullmatch(value.strip()):
        return value
    return [single or double for single, double in _QUOTED.findall(value)]


def one_text(value: object) -> str:
    """A value as text; of a list, the first item. Blanks are ``""``. Raises UnreadableValue."""
    if isinstance(value, list):
        return one_text(value[0]) if value else ""
    return _text(value)


def joined_text(value: object, separator: str) -> str:
    """A value as text, the items of a list with a separator between them; raises UnreadableValue."""
    items = value if isinstance(value, list) else [value]
    return separator.join(filter(None, map(_text, items)))


def _text(value: object) -> str:
    if isinstance(value, dict):
        for key in _TEXT_KEYS:
            if isinstance(value.get(key), str):
                return _text(value[key])
    if kind := _KINDS.get(type(value)):
        raise UnreadableValue(Translatable("{}, not text", kind))
    text = "" if value is None else str(value)
    return "" if text.strip() in BLANKS else text
