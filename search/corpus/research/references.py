"""References of a bibliography: which of their texts is the article, and which are none."""

from collections.abc import Iterable, Mapping

from search.corpus.markup import plain
from search.corpus.prose import clean_text, has_words
from search.corpus.record import Omission, RawRecord
from search.errors import Translatable

NO_TEXT = "reference without text"
"""The kind of a reference that has a title only."""


def as_record(
    fields: Mapping[str, object], abstract: str, notes: Iterable[str], line: int
) -> RawRecord | Omission:
    """A reference with its texts: the longest of abstract and notes is the text.

    The abstract is the standfirst of a longer note. Shorter notes are left over as ``note``.
    """
    texts = sorted(filter(has_words, map(clean_text, map(plain, notes))), key=len)
    summary = clean_text(plain(abstract))
    if not texts and not has_words(summary):
        return Omission(
            NO_TEXT, Translatable("{}: neither abstract nor note", fields.get("title") or "no title"), line
        )
    text = texts.pop() if texts and len(texts[-1]) > len(summary) else summary
    return RawRecord(
        {**fields, "text": text, "chapo": "" if text is summary else summary, "note": texts}, line
    )
