"""What one version of a text has that another lacks."""

from search.text.sentences import sentence_spans


def own_sentences(text: str, other: str) -> list[str]:
    """The sentences of a text that another lacks, in order; white space makes no difference."""
    shared = {_words(sentence) for sentence in _sentences(other)}
    return [sentence for sentence in _sentences(text) if _words(sentence) not in shared]


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def _words(sentence: str) -> tuple[str, ...]:
    return tuple(sentence.split())
