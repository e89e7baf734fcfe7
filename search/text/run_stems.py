"""The stems of the runs of a text: what expansion asks of every word of the first passages."""

from functools import lru_cache

from search.text.analyzer import elision_end, fold, stems_matching, terms_of_run

_CACHED_RUNS = 1 << 13
_SHORTEST = 3  # letters of a word that says what a text is about


@lru_cache(_CACHED_RUNS)
def content_stems(run: str) -> tuple[str, ...]:
    """The stems of a run in order, without stop words, words of one or two letters and wholes of compounds.

    See ``analyzer.runs``. Most runs are one word, perhaps after an elision or at the end of a sentence: these
    need no other analysis.
    """
    word = (run[elision_end(run) :] if "'" in run else run).rstrip(".")
    if word.isalpha():
        term = fold(word)
        return stems_matching(term, word)[:1] if len(term) >= _SHORTEST else ()
    tokens = (token for token in terms_of_run(run) if not token.compound and len(token.term) >= _SHORTEST)
    return tuple(token.stem for token in tokens if token.stem)
