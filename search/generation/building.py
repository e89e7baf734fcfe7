"""From a stream of articles to a published generation."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np

from search import duplicates, vectors
from search.errors import CorpusError, IndexCorrupt, IndexMissing, IndexProblem, Worded
from search.generation import layout
from search.generation.encoded import EncodedTexts
from search.generation.reading import Generation, open_current, probe
from search.keyword import inversion
from search.model import Article, Chunk, Manifest, Rejected
from search.protocols import Encoder, Floats, Progress
from search.query.tree import RankingWord, Word
from search.store import SqliteStore, StoreWriter, writing
from search.text import chunking, french

T = TypeVar("T")

_QUERIES = 64  # titles that an index of vectors is tried with
_BATCH = 256  # vectors made durable together: what an interruption can cost


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a build reads: where it comes from, its records, and who is told of each rejected one."""

    paths: tuple[str, ...]
    records: Iterable[Article | Rejected]
    on_rejected: Callable[[Rejected], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: how many vectors were made, how many were there already.

    ``notice`` says why the vectors of the previous generation could not be used, or that nothing has
    changed, so that it stays the published one.
    """

    manifest: Manifest
    encoded: int
    reused: int
    notice: str


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read; ``digest`` is that of every article in order."""

    rejected: int
    replaced: int
    digest: str


@dataclass(frozen=True, slots=True)
class _Published:
    """Vectors that can be used again, and the row of each by the hash of its text."""

    rows: Mapping[bytes, int]
    vectors: vectors.FaissIndex | None


def build(index: Path, corpus: Corpus, encoder: Encoder, model: str, progress: Progress) -> Built:
    """Build a generation beside the published one and publish it; whatever fails leaves the old one.

    ``model`` is what the user named the encoder by, ``""`` for the embedded one. Raises CorpusError
    when no article was found or all were rejected, IndexBusy, EncoderUnavailable, OSError.
    """
    with (
        layout.locked(index),
        closing(EncodedTexts(layout.encoded(index), encoder.name)) as fresh,
        layout.staged(index) as staging,
    ):
        with writing(staging.articles) as writer:
            read = _take(writer, corpus, progress)
            if (same := _unchanged(index, corpus, read, encoder, model)) is not None:
                fresh.remove()
                return Built(same, 0, same.chunks, _as_it_was(same))
            _store(writer, corpus, read, encoder, progress)
        _index_words(staging, progress)
        _index_families(staging, progress)
        published, notice = _published(index, encoder)
        encoded = _encode(staging, published, fresh, encoder, progress)
        kind = _index_vectors(staging, published, fresh, encoder)
        progress("check", 0, 0)
        manifest = _manifest(staging, corpus.paths, read, encoder)
        manifest = replace(manifest, model=model, vectors=kind, checksums=layout.checksums(staging))
        layout.seal(staging, manifest)
        _validate(staging)
        layout.publish(index, staging)
        fresh.remove()
        return Built(manifest, encoded, manifest.chunks - encoded, notice)


def _take(writer: StoreWriter, corpus: Corpus, progress: Progress) -> _Read:
    """Store the articles as they come."""
    rejected = replaced = 0
    digest = hashlib.sha256()
    for seen, record in enumerate(corpus.records, start=1):
        if isinstance(record, Rejected):
            corpus.on_rejected(record)
            rejected += 1
        else:
            replaced += writer.add(record)
            digest.update(msgspec.msgpack.encode(record))
        progress("read", seen, 0)
    return _Read(rejected, replaced, digest.hexdigest())


def _unchanged(index: Path, corpus: Corpus, read: _Read, encoder: Encoder, model: str) -> Manifest | None:
    """The published manifest, when a build of what was read would only repeat its generation."""
    try:
        with closing(open_current(index)) as generation:
            found = generation.manifest
            known = (found.corpus, found.rejected, found.replaced, found.digest, found.model, found.chunking)
            if known != (
                *(corpus.paths, read.rejected, read.replaced, read.digest),
                *(model, chunking.parameters()),
            ):
                return None
            generation.check_encoder(encoder)
            generation.verify_checksums()
            return found
    except IndexProblem:
        return None


def _as_it_was(manifest: Manifest) -> Worded:
    return Worded("Nothing has changed since {}: the index stays as it is.", manifest.created)


def _store(writer: StoreWriter, corpus: Corpus, read: _Read, encoder: Encoder, progress: Progress) -> None:
    """Number what was read and cut it into chunks."""
    articles = writer.assign_keys()
    if not articles:
        paths = ", ".join(corpus.paths)
        reason = (
            Worded("all {} records were rejected", read.rejected)
            if read.rejected
            else Worded("no article was found")
        )
        raise CorpusError(
            Worded("Nothing to index in {}: {}; see why with --rejects FILE.", paths, reason), paths
        )
    for key, article in enumerate(writer.articles()):
        _cut(writer, key, article, encoder)
        progress("chunk", key + 1, articles)
    writer.finish()


def _cut(writer: StoreWriter, key: int, article: Article, encoder: Encoder) -> None:
    def fits(start: int, end: int) -> bool:
        return encoder.count_tokens(chunking.encoded_text(article, start, end)) <= encoder.max_tokens

    spans = chunking.passage_spans(article.body, fits)
    for ordinal, (start, end) in enumerate(spans):
        encoded = chunking.encoded_text(article, start, end)
        writer.add_chunk(Chunk(key, ordinal, start, end), chunking.text_hash(encoded))


def _index_words(staging: layout.Layout, progress: Progress) -> None:
    with closing(SqliteStore(staging.articles)) as store:
        articles = (
            (article, [(chunk.start, chunk.end) for chunk in chunks]) for article, chunks in store.chunked()
        )
        inversion.write(staging.keyword, _told("words", store.counts()[0], progress, articles))


def _index_families(staging: layout.Layout, progress: Progress) -> None:
    with closing(SqliteStore(staging.articles)) as store:
        articles = _told("copies", store.counts()[0], progress, store.every_article())
        np.save(staging.families, duplicates.families(articles), allow_pickle=False)


def _told(stage: str, total: int, progress: Progress, items: Iterable[T]) -> Iterator[T]:
    for done, item in enumerate(items, start=1):
        yield item
        progress(stage, done, total)


def _published(index: Path, encoder: Encoder) -> tuple[_Published, str]:
    """The vectors of the published generation, or none and why they cannot be used again."""
    try:
        with closing(open_current(index)) as generation:
            generation.check_encoder(encoder)
            generation.verify_file("articles.sqlite")
            generation.verify_file("vectors.faiss")
            rows = {text_hash: row for row, text_hash in enumerate(generation.store.text_hashes())}
            return _Published(rows, generation.vectors), ""
    except IndexMissing:
        return _Published({}, None), ""
    except IndexProblem as exc:
        return _Published({}, None), f"Every text was encoded anew: {exc}"


def _encode(
    staging: layout.Layout, published: _Published, fresh: EncodedTexts, encoder: Encoder, progress: Progress
) -> int:
    """Encode what has no vector yet; give how many texts that were."""
    with closing(SqliteStore(staging.articles)) as store:
        hashes = store.text_hashes()
        missing = set(hashes) - published.rows.keys() - fresh.hashes()
        texts = zip(hashes, store.passages(), strict=True)
        wanted = {h: chunking.encoded_text(a, c.start, c.end) for h, (a, c) in texts if h in missing}
    progress("encode", 0, len(wanted))
    done = 0
    for batch in _batches(wanted):
        fresh.add(batch, encoder.encode_passages([wanted[text_hash] for text_hash in batch]))
        done += len(batch)
        progress("encode", done, len(wanted))
    return len(wanted)


def _index_vectors(
    staging: layout.Layout, published: _Published, fresh: EncodedTexts, encoder: Encoder
) -> str:
    """Write the vector of every row; tell what kind of index they are in."""
    with closing(SqliteStore(staging.articles)) as store:
        found = _assembled(store.text_hashes(), published, fresh, encoder.dimension)
        keys = np.unique(np.linspace(0, store.counts()[0] - 1, _QUERIES).astype(np.int64)).tolist()
        titles = (article.title for article in store.articles(keys))
        return vectors.write(staging.vectors, found, lambda: np.stack([*map(encoder.encode_query, titles)]))


def _batches(wanted: Mapping[bytes, str]) -> Iterator[list[bytes]]:
    """Texts of like length together, as a batch costs what its longest text does."""
    by_length = sorted(wanted, key=lambda text_hash: len(wanted[text_hash]))
    for start in range(0, len(by_length), _BATCH):
        yield by_length[start : start + _BATCH]


def _assembled(hashes: Sequence[bytes], published: _Published, fresh: EncodedTexts, dimension: int) -> Floats:
    """The vector of every row, from the published generation where it has one."""
    found = np.empty((len(hashes), dimension), np.float32)
    made = [row for row, text_hash in enumerate(hashes) if text_hash not in published.rows]
    for row, vector in zip(made, fresh.vectors(hashes[row] for row in made), strict=True):
        found[row] = vector
    if published.vectors is not None:
        kept = [row for row, text_hash in enumerate(hashes) if text_hash in published.rows]
        rows = [published.rows[hashes[row]] for row in kept]
        found[kept] = published.vectors.of_rows(np.array(rows, np.int64))
    return found


def _manifest(staging: layout.Layout, paths: tuple[str, ...], read: _Read, encoder: Encoder) -> Manifest:
    with closing(SqliteStore(staging.articles)) as store:
        articles, chunks = store.counts()
    return Manifest(
        format=layout.FORMAT,
        id=layout.generation_id(staging),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        corpus=paths,
        articles=articles,
        chunks=chunks,
        rejected=read.rejected,
        replaced=read.replaced,
        analyser=french.fingerprint(),
        chunking=chunking.parameters(),
        model="",
        vectors="",
        encoder=encoder.name,
        dimension=encoder.dimension,
        digest=read.digest,
        probe=probe(encoder),
        checksums={},
    )


def _validate(staging: layout.Layout) -> None:
    """Reopen the staged generation as a reader would and check it whole; raises IndexCorrupt."""
    with closing(Generation(staging.folder)) as generation:
        generation.verify()
        (article,) = generation.store.articles([0])
        scores = generation.keyword.score([RankingWord(Word(article.body))])
        if next(french.tokenise(article.body), None) and not scores.articles[0] > 0:
            raise IndexCorrupt(
                "The new keyword index does not find its own first article; report this as a bug."
            )
