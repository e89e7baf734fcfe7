"""Peers that answer by words alone, each as its documentation shows it, set up for French where it can be."""

# mypy: disable-error-code="import-not-found"

import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.exchange import Exchange, Passages, Question
from benchmarks.trial import DEPTH

_WORD = re.compile(r"\w+")


class Whoosh:
    """Plain Whoosh: one field, its French analyser, BM25F."""

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        from whoosh import index

        self._searcher: Any = index.open_dir(str(folder)).searcher()
        self._analyzer = self._searcher.schema["text"].analyzer

    @staticmethod
    def build(passages: Passages, folder: Path) -> None:
        """See ``trial.Contestant``."""
        from whoosh import fields, index
        from whoosh.analysis import LanguageAnalyzer

        schema = fields.Schema(row=fields.STORED, text=fields.TEXT(LanguageAnalyzer("fr")))
        writer = index.create_in(str(folder), schema).writer(limitmb=256)
        for row, text in enumerate(passages.texts):
            writer.add_document(row=row, text=text)
        writer.commit()

    def ask(self, question: Question) -> Sequence[int]:
        """See ``trial.Contestant``."""
        from whoosh.query import Or, Term

        terms = {token.text for token in self._analyzer(question.text)}
        found = self._searcher.search(Or([Term("text", term) for term in sorted(terms)]), limit=DEPTH)
        return [hit["row"] for hit in found]


class Fts5:
    """SQLite FTS5: accents folded, stop words left out of the query; it has no French stemmer."""

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        from whoosh.lang.stopwords import stoplists

        self._passed_over = stoplists["fr"]
        self._db = sqlite3.connect(folder / "fts5.sqlite")

    @staticmethod
    def build(passages: Passages, folder: Path) -> None:
        """See ``trial.Contestant``."""
        db = sqlite3.connect(folder / "fts5.sqlite")
        db.execute("CREATE VIRTUAL TABLE passage USING fts5(text, tokenize='unicode61 remove_diacritics 2')")
        db.executemany("INSERT INTO passage (rowid, text) VALUES (?, ?)", enumerate(passages.texts))
        db.commit()
        db.close()

    def ask(self, question: Question) -> Sequence[int]:
        """See ``trial.Contestant``."""
        typed = _WORD.findall(question.text)
        telling = [word for word in typed if word.lower() not in self._passed_over] or typed
        words = " OR ".join(f'"{word}"' for word in telling)
        found = self._db.execute(
            "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT ?", (words, DEPTH)
        )
        return [row for (row,) in found]


class Tantivy:
    """Tantivy: lower case, its French stop words and stemmer, accents folded."""

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        self._index = _tantivy(folder)
        self._searcher: Any = self._index.searcher()

    @staticmethod
    def build(passages: Passages, folder: Path) -> None:
        """See ``trial.Contestant``."""
        import tantivy

        writer = _tantivy(folder).writer()
        for row, text in enumerate(passages.texts):
            writer.add_document(tantivy.Document(row=row, text=text))
        writer.commit()
        writer.wait_merging_threads()

    def ask(self, question: Question) -> Sequence[int]:
        """See ``trial.Contestant``."""
        query = self._index.parse_query(" ".join(_WORD.findall(question.text)).lower(), ["text"])
        found = self._searcher.search(query, DEPTH).hits
        return [self._searcher.doc(address)["row"][0] for _, address in found]


class Bm25s:
    """bm25s: stop words left out, Snowball's French stemmer, scores computed in advance."""

    backend = "numpy"

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        import bm25s

        self._index: Any = bm25s.BM25.load(folder)
        self._index.backend = self.backend
        if self.backend == "numba":
            self._index.activate_numba_scorer()

    @staticmethod
    def build(passages: Passages, folder: Path) -> None:
        """See ``trial.Contestant``."""
        import bm25s

        index = bm25s.BM25()
        index.index(_bm25s_tokens(passages.texts), show_progress=False)
        index.save(folder)

    def ask(self, question: Question) -> Sequence[int]:
        """See ``trial.Contestant``."""
        tokens = _bm25s_tokens([question.text])
        rows, _ = self._index.retrieve(tokens, k=DEPTH, show_progress=False)
        found: list[int] = rows[0].tolist()
        return found


class Bm25sNumba(Bm25s):
    """The same, compiled by numba."""

    backend = "numba"


def _tantivy(folder: Path) -> Any:  # noqa: ANN401 - a peer has no types here
    import tantivy

    french = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    steps = tantivy.Filter
    for step in (steps.lowercase(), steps.stopword("french"), steps.stemmer("french"), steps.ascii_fold()):
        french = french.filter(step)
    schema = tantivy.SchemaBuilder()
    schema.add_unsigned_field("row", stored=True)
    schema.add_text_field("text", stored=False, tokenizer_name="french")
    index = tantivy.Index(schema.build(), path=str(folder))
    index.register_tokenizer("french", french.build())
    return index


def _bm25s_tokens(texts: list[str]) -> Any:  # noqa: ANN401 - a peer has no types here
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("french")
    return bm25s.tokenize(texts, stopwords="fr", stemmer=stemmer, show_progress=False)
