"""Exports as newsrooms and researchers have them, with what is right beside them in NAME.expected.json.

The folder ``samples`` is read, and the folder that the variable DEPECHE_CASES names or that lies beside the
checkout, where it is there.
"""

import os
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from search.build_types import PassedOver, Rejected
from search.corpus import read
from search.query.parser import parse
from search.retrieval.request import Request
from search.types import Article, Copies, Mode
from tests.fakes import engine_over

_ENDING = ".expected.json"
_SAMPLES = Path(__file__).parent / "samples"
_CASES = Path(os.environ.get("DEPECHE_CASES") or Path(__file__).parents[3] / "shared" / "data" / "cases")
_ATTRIBUTES = {"date": "published", "chapo": "standfirst"}
_BEGINNING, _PART = "text_starts", "text_contains"


class Case:
    """An export and what it holds."""

    def __init__(self, expected: Path) -> None:
        self.expected: dict[str, Any] = msgspec.json.decode(expected.read_bytes())
        self.path = expected.with_name(expected.name.removesuffix(_ENDING))

    def __str__(self) -> str:
        return self.path.name


CASES = [Case(path) for folder in (_SAMPLES, _CASES) for path in sorted(folder.glob(f"*{_ENDING}"))]
each_case = pytest.mark.parametrize("case", CASES, ids=str)


def articles(case: Case) -> list[Article]:
    return [record for record in read([str(case.path)]) if isinstance(record, Article)]


def collapsed(text: str) -> str:
    return " ".join(text.split())


def fields(article: Article, expected: Mapping[str, str]) -> dict[str, str]:
    """The fields of an article that are expected, in the same form."""
    values: dict[str, str] = {}
    body = collapsed(article.body)
    for name, value in expected.items():
        if name == _BEGINNING:
            values[name] = value if body.startswith(collapsed(value)) else body[: len(value) + 20]
        elif name == _PART:
            values[name] = value if collapsed(value) in body else body
        elif name != "copy_of":
            values[name] = getattr(article, _ATTRIBUTES.get(name, name))
    return values


@each_case
def test_every_article_has_its_fields(case: Case) -> None:
    expected = case.expected["articles"]
    found = articles(case)
    assert [fields(*pair) for pair in zip(found, expected, strict=False)] == [
        {name: value for name, value in each.items() if name != "copy_of"} for each in expected
    ]
    assert len(found) == len(expected), [article.title for article in found]


@each_case
def test_no_text_holds_what_surrounds_it(case: Case) -> None:
    for article in articles(case):
        shown = collapsed(f"{article.title}\n{article.body}")
        # "trophe de" is no part of "catastrophe de"
        parts = case.expected.get("text_never_holds", [])
        assert [part for part in parts if re.search(rf"(?<!\w){re.escape(part)}", shown)] == []


@each_case
def test_what_is_no_article_is_told(case: Case) -> None:
    unread = [record for record in read([str(case.path)]) if isinstance(record, PassedOver | Rejected)]
    if "passed_over" in case.expected:
        assert len(unread) == case.expected["passed_over"], unread
    else:
        assert [each for each in unread if isinstance(each, Rejected)] == []


@each_case
def test_words_find_what_they_should(case: Case, tmp_path: Path) -> None:
    by_words = dict.fromkeys(case.expected.get("found_by", []), True)
    by_words |= dict.fromkeys(case.expected.get("not_found_by", []), False)
    with engine_over(tmp_path, articles(case)) as engine:
        found = {word: engine.search(request(word)).total > 0 for word in by_words}
    assert found == by_words


@each_case
def test_copies_are_recognised(case: Case, tmp_path: Path) -> None:
    copies = {each["id"]: each["copy_of"] for each in case.expected["articles"] if "copy_of" in each}
    if not copies:
        return
    found = articles(case)
    words = " OR ".join(word for each in found if each.id in copies for word in each.body.split()[:9])
    with engine_over(tmp_path, found) as engine:
        hits = engine.search(request(words, Copies.LISTED)).hits
    assert {hit.article.id: hit.copy_of for hit in hits if hit.article.id in copies} == copies


def request(text: str, copies: Copies = Copies.FOLDED) -> Request:
    return Request(parse(text, date(2024, 4, 1)), Mode.KEYWORD, limit=100, copies=copies)
