"""Inverts articles block by block: the tokens of a block as arrays, then the postings of each field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np

from search.keyword.array_file import Array
from search.keyword.fields import EXACT, GAP, NAMES, PASSAGES, SPELLED, STEMMED, TITLE_STEMS
from search.keyword.names import names
from search.keyword.token_table import NO_STEM, Numbers, Tokens, TokenTable
from search.text.analyzer import Normalised, normalise
from search.text.chunking import own_title
from search.text.dates import published_days
from search.text.sentences import Span
from search.types import Article

_KNOWN_LISTS = 1 << 18  # runs and values of names that are kept for the next block
_INDEX_BITS = 32  # of the index of a token in its block


@dataclass(frozen=True, slots=True)
class ArticleToIndex:
    """An article with its key, its first row, and the spans of its passages."""

    key: int
    first_row: int
    article: Article
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class FieldRun:
    """The postings of one field, by the number of their term, then by document.

    ``positions`` are those of every posting, one posting after the other; None if the field has none.
    """

    terms: Array
    docs: Array
    counts: Array
    positions: Array | None


@dataclass(frozen=True, slots=True)
class InvertedBlock:
    """The postings of a block by field; and of each article with a date its key, first and last day.

    The term with the number ``n`` is ``stems[n]`` in a field of stems, else ``words[n]``; each has a posting.
    """

    fields: Mapping[str, FieldRun]
    words: Sequence[str]
    stems: Sequence[str]
    days: Array


class BlockInverter:
    """Takes articles in the order of their keys, block after block."""

    def __init__(self) -> None:
        self._begin_table()
        self._begin()

    def _begin_table(self) -> None:
        self._words, self._stems = Numbers(), Numbers({"": NO_STEM})
        self._table = TokenTable(self._words, self._stems)

    def _begin(self) -> None:
        self._texts, self._bodies = _Texts(), _Bodies()
        self._titles = _Texts()
        self._names = {name: _Texts() for name in NAMES}
        self._days: list[tuple[int, int, int]] = []

    def add(self, indexed: ArticleToIndex) -> None:
        """Add an article to the block; a word belongs to the passage in which it begins."""
        article, key = indexed.article, indexed.key
        title, _ = self._table.runs(normalise(article.title))
        normal = normalise(article.body)
        body, starts = self._table.runs(normal)
        self._titles.add(title, key)
        for name, values in names(article).items():
            self._names[name].add(np.array([self._table.values(values)]), key)
        ranking_title = title if own_title(article) else title[:0]
        self._texts.add(np.concatenate([ranking_title, body]), key)
        self._bodies.add(len(ranking_title), starts, normal, indexed)
        if (days := published_days(article.published)) is not None:
            self._days.append((key, days.first.toordinal(), days.last.toordinal()))

    def finish(self) -> InvertedBlock:
        """The postings of the block; the next article begins another block."""
        fields = {**self._text_fields(), **self._title_fields()}
        for name, texts in self._names.items():
            tokens, keys = texts.tokens(self._table)
            fields[name] = _field_run(tokens.words, keys, tokens.positions)
        written, words = _renumbered({name: fields[name] for name in (*EXACT, SPELLED)}, self._words)
        stemmed, stems = _renumbered({name: fields[name] for name in STEMMED}, self._stems)
        days = np.array(self._days, np.int64).reshape(-1, 3)
        self._begin()
        if len(self._table) > _KNOWN_LISTS:
            self._begin_table()
        return InvertedBlock({**written, **stemmed}, words, stems, days)

    def _text_fields(self) -> dict[str, FieldRun]:
        texts, bodies = self._texts, self._bodies
        tokens, keys = texts.tokens(self._table)
        in_body = bodies.contain()[tokens.owners]
        stems = tokens.stems != NO_STEM
        in_title, in_passage = stems & ~in_body, stems & in_body
        rows = bodies.rows(tokens.owners[in_passage], tokens.starts[in_passage])
        spelled, spellings = self._table.spellings(texts.lists())
        return {
            "exact": _field_run(tokens.words, keys, tokens.positions + (GAP - 1) * in_body),
            "title": _field_run(tokens.stems[in_title], keys[in_title]),
            PASSAGES: _field_run(tokens.stems[in_passage], rows),
            SPELLED: _field_run(spellings, texts.keys()[spelled]),
        }

    def _title_fields(self) -> dict[str, FieldRun]:
        tokens, keys = self._titles.tokens(self._table)
        kept = tokens.stems != NO_STEM
        return {
            "title_exact": _field_run(tokens.words, keys, tokens.positions),
            TITLE_STEMS: _field_run(tokens.stems[kept], keys[kept]),
        }


class _Texts:
    """Texts of one field as lists of tokens, each with the key of its article, in the order of the keys."""

    def __init__(self) -> None:
        self._lists: list[Array] = [np.empty(0, np.int64)]
        self._keys: list[int] = []

    def add(self, lists: Array, key: int) -> None:
        self._lists.append(lists)
        self._keys.append(key)

    def lists(self) -> Array:
        """Of all texts, one after the other."""
        return np.concatenate(self._lists)

    def keys(self) -> Array:
        """The key of each of ``lists``."""
        return np.repeat(np.array(self._keys, np.int64), self._sizes())

    def tokens(self, table: TokenTable) -> tuple[Tokens, Array]:
        """The tokens of ``lists`` with their positions in their text, and the key of each."""
        lists = self.lists()
        tokens, lengths, sizes = table.tokens(lists), table.lengths(lists), self._sizes()
        before = np.concatenate([[0], np.cumsum(lengths)])
        first = np.cumsum(sizes) - sizes  # of the lists of each text
        positions = tokens.positions + (before[:-1] - np.repeat(before[first], sizes))[tokens.owners]
        return replace(tokens, positions=positions), self.keys()[tokens.owners]

    def _sizes(self) -> Array:
        return np.fromiter(map(len, self._lists[1:]), np.int64, len(self._keys))


class _Bodies:
    """Where the runs and the passages of bodies begin, in characters of all bodies, one after the other."""

    def __init__(self) -> None:
        self._runs: list[Array] = [np.empty(0, np.int64)]  # negative in a title
        self._passages: list[Array] = [np.empty(0, np.int64)]
        self._rows: list[Array] = [np.empty(0, np.int64)]
        self._end = 0

    def add(self, in_title: int, runs: Array, body: Normalised, indexed: ArticleToIndex) -> None:
        """Add a body whose runs come after those of a title, ``in_title``."""
        passages = np.array([start for start, _ in indexed.spans], np.int64)
        if body.starts is not None:
            passages = np.searchsorted(np.array(body.starts), passages)
        self._runs += [np.full(in_title, -1), runs + self._end]
        self._passages.append(passages + self._end)
        self._rows.append(np.arange(len(passages)) + indexed.first_row)
        self._end += len(body.text) + 1

    def contain(self) -> Array:
        """Of each run whether it is in a body."""
        return np.concatenate(self._runs) >= 0

    def rows(self, runs: Array, starts: Array) -> Array:
        """The rows of tokens: the index of the run of each, and its start in there."""
        places = np.concatenate(self._runs)[runs] + starts
        passages = np.searchsorted(np.concatenate(self._passages), places, "right") - 1
        rows: Array = np.concatenate(self._rows)[passages]
        return rows


def _renumbered(fields: Mapping[str, FieldRun], numbers: Numbers) -> tuple[dict[str, FieldRun], list[str]]:
    """These fields with numbers for the terms that they have alone, in the same order; and these terms."""
    exist = np.zeros(len(numbers), bool)
    for run in fields.values():
        exist[run.terms] = True
    new = (np.cumsum(exist) - 1).astype(np.uint32)
    renumbered = {name: replace(run, terms=new[run.terms]) for name, run in fields.items()}
    return renumbered, list(compress(numbers, exist.tolist()))


def _field_run(terms: Array, docs: Array, positions: Array | None = None) -> FieldRun:
    """The postings of tokens: the term ``terms[i]`` is in the document ``docs[i]``, at ``positions[i]``.

    The documents, and the positions in each, are ascending.
    """
    # Sorted as one number, as that is faster than a stable sort of the terms.
    keyed = (terms << _INDEX_BITS) | np.arange(len(terms))
    keyed.sort()
    order, terms = keyed & ((1 << _INDEX_BITS) - 1), keyed >> _INDEX_BITS
    docs = docs[order]
    is_first = np.ones(len(terms), bool)
    is_first[1:] = (terms[1:] != terms[:-1]) | (docs[1:] != docs[:-1])
    first = np.flatnonzero(is_first)
    counts = np.diff(first, append=len(terms))
    return FieldRun(
        terms[first].astype(np.uint32),
        docs[first].astype(np.uint32),
        counts.astype(np.uint32),
        None if positions is None else positions[order].astype(np.uint32),
    )
