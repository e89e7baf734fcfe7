"""Tests that an index grows: published articles that are not read again stay, go, or are told apart."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.build_types import BuildReport, Change, Replaced, Unread
from search.errors import CorpusError, IndexIncompatible
from search.local import layout
from search.local.builder import build
from search.local.manifest import FORMAT, read_manifest, seal
from search.local.reader import open_current
from search.protocols import Corpus
from search.retention import Keeps, keep_all, keep_none, lies_under
from search.types import Article
from tests.fakes import FakeEncoder, build_index, silent
from tests.press import PRESS
from tests.stress.updates import compare

from .contents import contents

_FORMATS = Path(__file__).with_name("formats")
A, B, C = "/archive/a.csv", "/archive/b.csv", "/ailleurs/c.csv"


def _of(file: str, articles: Iterable[Article]) -> list[Article]:
    return [replace(article, file=file) for article in articles]


def _build(
    index: Path,
    records: Sequence[Article],
    *paths: str,
    keeps: Keeps = keep_all,
    on_unread: Callable[[Unread], None] = lambda _: None,
    encoder: FakeEncoder | None = None,
) -> BuildReport:
    places = paths or tuple(dict.fromkeys(article.file for article in records))
    corpus = Corpus(places, records, on_unread, keeps)
    return build(index, corpus, encoder or FakeEncoder(), "", silent)


def _ids(index: Path) -> list[str]:
    return [article.id for article in contents(index).articles]


def test_articles_of_files_that_are_not_read_stay(tmp_path: Path) -> None:
    index, clean = tmp_path / "index", tmp_path / "clean"
    of_a, of_b, of_c = _of(A, PRESS[:3]), _of(B, PRESS[3:7]), _of(C, PRESS[7:])
    _build(index, of_b)
    encoder = FakeEncoder()
    report = _build(index, of_a, encoder=encoder)
    assert report.change == Change(unchanged=0, new=3, changed=0, gone=0, kept=4)
    assert report.manifest.corpus == (B, A)
    assert report.reused == 4
    edited = replace(of_c[0], body="Un texte corrigé.")
    _build(index, of_c)
    report = _build(index, [edited, *of_c[1:]])
    assert report.change == Change(unchanged=4, new=0, changed=1, gone=0, kept=7)
    build_index(clean, [*of_a, *of_b, edited, *of_c[1:]])
    compare(index, clean)


@settings(max_examples=8)
@given(st.lists(st.sets(st.sampled_from(range(4)), min_size=1), min_size=1, max_size=4))
def test_files_may_be_built_in_any_order_one_by_one_or_at_once(
    tmp_path_factory: pytest.TempPathFactory, batches: list[set[int]]
) -> None:
    folder = tmp_path_factory.mktemp("growth")
    files = [_of(f"/archive/{number}.csv", PRESS[3 * number : 3 * number + 3]) for number in range(4)]
    for batch in batches:
        _build(folder / "index", [article for number in batch for article in files[number]])
    read = sorted(set().union(*batches))
    build_index(folder / "clean", [article for number in read for article in files[number]])
    compare(folder / "index", folder / "clean")


def test_a_build_that_adds_nothing_changes_nothing(tmp_path: Path) -> None:
    _build(tmp_path, _of(A, PRESS[:5]))
    first = _build(tmp_path, _of(B, PRESS[5:]))
    again = _build(tmp_path, _of(A, PRESS[:5]))
    assert again.manifest == first.manifest
    assert str(again.notice).startswith("Nothing has changed since")
    assert again.change == Change(unchanged=5, new=0, changed=0, gone=0, kept=7)


def test_articles_that_their_file_no_longer_holds_stay_and_are_counted(tmp_path: Path) -> None:
    _build(tmp_path, [*_of(A, PRESS[:5]), *_of(B, PRESS[5:7]), *_of(C, PRESS[7:9])])
    report = _build(tmp_path, _of(A, PRESS[:2]), "/archive")
    assert report.change == Change(unchanged=2, new=0, changed=0, gone=0, kept=7, outdated=5)
    assert _ids(tmp_path) == [article.id for article in (*PRESS[7:9], *PRESS[2:5], *PRESS[:2], *PRESS[5:7])]


def test_only_what_is_kept_stays(tmp_path: Path) -> None:
    def outside(_article_id: str, file: str) -> bool:
        return not lies_under(file, ["/archive"])

    _build(tmp_path, [*_of(A, PRESS[:5]), *_of(B, PRESS[5:7]), *_of(C, PRESS[7:9])])
    report = _build(tmp_path, _of(B, PRESS[6:7]), "/archive", keeps=outside)
    assert report.change == Change(unchanged=1, new=0, changed=0, gone=6, kept=2)
    assert _ids(tmp_path) == [article.id for article in (*PRESS[7:9], PRESS[6])]
    assert report.manifest.corpus == (C, "/archive")


def test_articles_are_removed_without_reading_any_file(tmp_path: Path) -> None:
    index, clean = tmp_path / "index", tmp_path / "clean"
    _build(index, [*_of(A, PRESS[:5]), *_of(B, PRESS[5:])])
    report = _build(index, [], keeps=lambda article_id, file: article_id != "rapport" and file != B)
    assert report.change == Change(unchanged=0, new=0, changed=0, gone=8, kept=4)
    assert (report.encoded, report.manifest.corpus) == (0, (A,))
    build_index(clean, _of(A, [PRESS[0], *PRESS[2:5]]))
    compare(index, clean)


def test_the_last_article_cannot_go(tmp_path: Path) -> None:
    _build(tmp_path, _of(A, PRESS[:2]))
    with pytest.raises(CorpusError):
        _build(tmp_path, [], keeps=keep_none)
    assert _ids(tmp_path) == ["obus", "rapport"]


def test_what_goes_can_be_refused(tmp_path: Path) -> None:
    class Refused(Exception):
        pass

    def refuse(gone: object) -> None:
        assert gone == {A: 2, B: 1}
        raise Refused

    _build(tmp_path, [*_of(A, PRESS[:3]), *_of(B, PRESS[3:5])])
    records = [*_of(A, PRESS[:1]), *_of(C, PRESS[4:5])]
    corpus = Corpus((C,), records, lambda _: None, on_gone=refuse)
    with pytest.raises(Refused):
        build(tmp_path, corpus, FakeEncoder(), "", silent)
    assert _ids(tmp_path) == [article.id for article in PRESS[:5]]


def _rows(file: str, *numbers: int) -> list[Article]:
    return [
        Article(str(number), f"{number} de {file}", f"Le texte {number}.", file=file) for number in numbers
    ]


def test_row_numbers_of_several_files_stay_apart(tmp_path: Path) -> None:
    at_once, one_by_one = tmp_path / "at once", tmp_path / "one by one"
    of_a, of_b = _rows(A, 1, 2), _rows(B, 1, 2, 3)
    _build(at_once, [*of_a, *of_b])
    _build(one_by_one, of_a)
    report = _build(one_by_one, of_b)
    assert report.manifest.replaced == 0
    assert _ids(at_once) == _ids(one_by_one) == ["1", "2", "1@b", "2@b", "3"]
    compare(at_once, one_by_one)
    for records in ([*of_b, *of_a], of_a, of_b):
        assert str(_build(at_once, records).notice).startswith("Nothing has changed")


def test_row_numbers_do_not_change_their_article_while_their_files_are_mirrored(tmp_path: Path) -> None:
    _build(tmp_path, _rows(B, 1, 2), "/archive")
    _build(tmp_path, [*_rows(A, 1, 2), *_rows(B, 1, 2)], "/archive", keeps=keep_none)
    assert [(article.id, article.file) for article in contents(tmp_path).articles] == [
        ("1@a", A),
        ("2@a", A),
        ("1", B),
        ("2", B),
    ]


def test_articles_that_will_go_hold_no_row_number(tmp_path: Path) -> None:
    _build(tmp_path, _rows(A, 1, 2))
    _build(tmp_path, _rows(B, 1, 2), keeps=keep_none)
    assert _ids(tmp_path) == ["1", "2"]


def test_what_is_replaced_is_told_with_its_file(tmp_path: Path) -> None:
    told: list[Unread] = []
    reason = "the article obus was replaced by a later one with its id, in {}"
    again = replace(PRESS[0], body="Autre.")
    _build(tmp_path, [*_of(A, PRESS[:2]), *_of(A, [again])], on_unread=told.append)
    assert told == [Replaced(A, 0, reason.format(A))]
    other = replace(again, body="Encore autre.")
    report = _build(tmp_path, _of(B, [other]), on_unread=told.append)
    assert told[1:] == [Replaced(A, 0, reason.format(B))]
    assert report.manifest.replaced == 1
    assert report.change == Change(unchanged=0, new=0, changed=1, gone=0, kept=1)
    _build(tmp_path, [*_of(B, [other]), *_of(A, PRESS[:1])], on_unread=told.append)
    assert told[2:] == [Replaced(B, 0, reason.format(A))]
    _build(tmp_path, _of(C, [again]), keeps=keep_none, on_unread=told.append)
    assert told[3:] == []


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_an_index_of_an_older_format_is_carried_over(tmp_path: Path, number: int) -> None:
    """Their articles are the first four of ``PRESS``, made from the path ``corpus``."""
    index, clean = tmp_path / "index", tmp_path / "clean"
    with ZipFile(_FORMATS / f"{number}.zip") as archive:
        archive.extractall(index)
    report = _build(index, _of("corpus/b.csv", PRESS[3:7]))
    assert report.change == Change(unchanged=0, new=3, changed=1, gone=0, kept=3)
    assert report.manifest.corpus == ("corpus", "corpus/b.csv")
    assert report.encoded == 3
    old = [replace(article, author="", keywords="", page="") for article in PRESS[:3]]
    build_index(clean, [*_of("corpus", old), *_of("corpus/b.csv", PRESS[3:7])])
    compare(index, clean)


@pytest.mark.parametrize("name", ["keyword.arrays", "vectors.npy", "articles.sqlite"])
def test_a_damaged_index_keeps_what_is_intact(tmp_path: Path, name: str) -> None:
    index, clean = tmp_path / "index", tmp_path / "clean"
    build_index(index, _of(A, PRESS[:6]))
    damaged = layout.current(index) / name
    content = bytearray(damaged.read_bytes())
    start = content.index(PRESS[2].title.encode()) if name == "articles.sqlite" else len(content) // 2
    content[start : start + 5] = b"XXXXX"
    damaged.write_bytes(content)
    report = _build(index, _of(B, PRESS[6:]))
    lost = 2 if name == "articles.sqlite" else None
    kept = [article for key, article in enumerate(PRESS[:6]) if key != lost]
    build_index(clean, [*_of(A, kept), *_of(B, PRESS[6:])])
    compare(index, clean)
    assert ("of its articles, 1 could not be read (elysee)" in report.notice) == (lost is not None)


def test_another_encoder_encodes_what_stays(tmp_path: Path) -> None:
    _build(tmp_path, _of(A, PRESS[:3]))
    other = FakeEncoder(name="fake@2")
    report = _build(tmp_path, _of(B, PRESS[3:5]), encoder=other)
    assert (report.manifest.encoder, report.reused) == ("fake@2", 0)
    with closing(open_current(tmp_path)) as generation:
        assert [article.id for article in generation.store.every_article()] == [a.id for a in PRESS[:5]]


def test_the_index_of_a_newer_program_is_not_lost(tmp_path: Path) -> None:
    _build(tmp_path, _of(A, PRESS[:3]))
    folder = layout.current(tmp_path)
    seal(layout.Layout(folder), replace(read_manifest(folder), format=FORMAT + 1))
    with pytest.raises(IndexIncompatible, match="newer program"):
        _build(tmp_path, _of(B, PRESS[3:5]))
    _build(tmp_path, _of(B, PRESS[3:5]), keeps=keep_none)
    assert _ids(tmp_path) == [article.id for article in PRESS[3:5]]
