"""The first steps of a build: store the articles, then cut them into passages."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from search.build_types import Progress, Rejected, Replaced, Stage, Unread, UnreadCounts
from search.errors import CorpusError, Translatable, UsageError
from search.indexing.article_writer import StoreWriter
from search.indexing.distinct_ids import distinct_id
from search.protocols import Corpus, Encoder, Moved
from search.retention import lies_under
from search.text import chunking
from search.types import Article, Chunk


@dataclass(frozen=True, slots=True)
class ReadSummary:
    """How many records were rejected, and how many articles a later one of the same id replaced.

    ``passed_over`` counts by kind what holds no article, ``lost_fields`` by field what could not be read of
    an article; both are in the order of their names. ``articles`` is how many articles the index will have,
    ``digest`` the SHA-256 of all of them, in order.
    """

    rejected: int
    replaced: int
    passed_over: dict[str, int]
    lost_fields: dict[str, int]
    articles: int
    digest: str


def store_articles(writer: StoreWriter, corpus: Corpus, progress: Progress) -> ReadSummary:
    """Store the articles that are read and those that stay, and give them their keys.

    Calls ``corpus.on_unread`` for each thing that was not read, and ``corpus.on_gone`` if articles go. Raises
    CorpusError when there is no article, and UsageError at a record of which only the headline would be left.
    """
    unread = UnreadCounts()

    def tell(each: Unread) -> None:
        corpus.on_unread(each)
        unread.add(each)
        _check_column(each)

    _read(writer, corpus, tell, progress)
    if gone := writer.gone():
        corpus.on_gone(gone)
    articles = writer.assign_keys()
    if not articles:
        raise _nothing_to_index(corpus, unread)
    return ReadSummary(
        unread.rejected,
        unread.replaced,
        dict(sorted(unread.passed_over.items())),
        dict(sorted(unread.lost_fields.items())),
        articles,
        writer.digest,
    )


def _check_column(unread: Unread) -> None:
    """Raise UsageError where only the headlines of a file would be indexed."""
    if isinstance(unread, Rejected) and unread.column:
        raise UsageError(
            Translatable(
                "{}: the column {} holds a text, and no field takes it; only the headline would be left. "
                "Type: --column text={} (or --column text=title to keep the headlines alone).",
                unread.path,
                unread.column,
                unread.column,
            )
        )


def _read(writer: StoreWriter, corpus: Corpus, tell: Callable[[Unread], None], progress: Progress) -> None:
    """Add what is read to the writer, then keep what stays."""
    replaced: set[str] = set()

    def holder(article_id: str) -> Article | None:
        if added := writer.added(article_id):
            return added
        before = writer.before(article_id)
        return before if before and corpus.may_stay(before) else None

    for done, record in enumerate(corpus.records, start=1):
        if isinstance(record, Article):
            article = replace(record, id=distinct_id(record, holder))
            if (file := writer.add(article)) is not None:
                replaced.add(article.id)
                tell(_replaced(article.id, file, article.file))
        else:
            tell(record)
        progress(Stage.READ, done, 0)
    for article_id, file, newer in writer.keep(corpus.keeps, corpus.covers):
        if article_id not in replaced and not lies_under(newer, (file,)):
            tell(_replaced(article_id, file, newer))


def _replaced(article_id: str, file: str, newer: str) -> Replaced:
    reason = Translatable("the article {} was replaced by a later one with its id, in {}", article_id, newer)
    return Replaced(file, 0, reason)


def chunk_articles(writer: StoreWriter, summary: ReadSummary, encoder: Encoder, progress: Progress) -> Moved:
    """Cut the stored articles into passages; give the new places of the published articles and rows."""
    for key, article in writer.articles():
        if article is None:
            writer.copy_chunks(key)
        else:
            _cut(writer, key, article, encoder)
        progress(Stage.CHUNK, key + 1, summary.articles)
    writer.finish()
    return writer.moved


def _cut(writer: StoreWriter, key: int, article: Article, encoder: Encoder) -> None:
    def fits(start: int, end: int) -> bool:
        return encoder.count_tokens(chunking.encoded_text(article, start, end)) <= encoder.max_tokens

    for ordinal, (start, end) in enumerate(chunking.passage_spans(article.body, fits)):
        encoded = chunking.encoded_text(article, start, end)
        writer.add_chunk(Chunk(key, ordinal, start, end), chunking.text_hash(encoded))


def _nothing_to_index(corpus: Corpus, unread: UnreadCounts) -> CorpusError:
    paths, reason = ", ".join(corpus.paths), _reason(unread)
    return CorpusError(
        Translatable(
            "Nothing to index in {}: {}; list what was left out with --rejects FILE.", paths, reason
        ),
        paths,
    )


def _reason(unread: UnreadCounts) -> Translatable:
    """Why there is no article."""
    if unread.rejected == 1 and (only := unread.first):
        return Translatable("{}: {}", only.path, only.reason)
    if unread.rejected:
        return Translatable("all {} records were rejected", unread.rejected)
    if unread.passed_over:
        return Translatable("no file of a known format; passed over: {}", unread.passed_over.total())
    return Translatable("no article was found")
