"""The names that the first record of a file has, by which its shape is recognised."""

import csv
import re

from search.corpus.values import comparable

CONTAINERS = ("articles", "posts", "items", "documents", "docs", "results", "data")
"""Where a JSON object that is no record holds its list of records."""

DELIMITERS = ",;\t"
"""What may stand between the cells of a table."""
SEPARATOR_LINE = re.compile(r'"?sep=(?P<delimiter>[^\s"])"?\s*')
"""The line above a header that tells spreadsheets the delimiter."""

_TOKEN = re.compile(
    r'"(?P<text>(?:[^"\\]|\\.)*+)"(?P<colon>\s*+:)?|(?P<bracket>[{}\[\]])|(?P<cut>")', re.DOTALL
)
_START = "\ufeff \t\n"
_DEPTH_LIMIT = 4
_HEADER_LIMIT = 10_000  # characters


def first_names(opening: str) -> frozenset[str]:
    """The names of the first record of JSON or of a table, in the form of ``comparable``.

    Names inside an object have a path, as ``title.rendered``. Any other text gives names that mean nothing.
    """
    text = opening.lstrip(_START)
    return _keys(text) if text[:1] in ("{", "[") else _columns(text)


def is_json(opening: str) -> bool:
    """Whether a text begins as an object, or as a list of objects."""
    return re.match(r'\s*+(?:\[\s*+)?\{\s*+["}]', opening.lstrip(_START)) is not None


def is_json_lines(opening: str) -> bool:
    """Whether a text begins with two lines that are an object each."""
    first, _, rest = opening.lstrip(_START).partition("\n")
    return first.startswith("{") and first.rstrip().endswith("}") and rest.lstrip().startswith("{")


def _keys(text: str) -> frozenset[str]:
    names: set[str] = set()
    path: list[str] = []  # the name of each open bracket, "" where it has none
    key = ""
    record = 1 if text.startswith("[") else 0  # how many brackets are open around the first record
    for token in _TOKEN.finditer(text):
        if token["cut"]:
            break
        if token["colon"]:
            key = token["text"]
            if len(path) - record <= _DEPTH_LIMIT:
                names.add(".".join(comparable(name) for name in (*path[record:], key) if name))
        elif token["bracket"] in ("{", "["):
            in_list = len(path) == 2 and not key
            if token[0] == "{" and in_list and path[1] in CONTAINERS and not record:
                record, names = 2, set()
            path.append(key)
            key = ""
        elif token["bracket"]:
            del path[-1:]
            if len(path) <= record:
                break
    return frozenset(names)


def _columns(text: str) -> frozenset[str]:
    header, _, rest = text[:_HEADER_LIMIT].partition("\n")
    separator = SEPARATOR_LINE.fullmatch(header)
    header = rest.partition("\n")[0] if separator else header
    delimiter = separator["delimiter"] if separator else max(DELIMITERS, key=header.count)
    if delimiter not in header:
        return frozenset()
    try:
        return frozenset(map(comparable, next(csv.reader([header], delimiter=delimiter), [])))
    except csv.Error:
        return frozenset()
