"""Measures how long hostile texts take, and checks that outputs have no control characters."""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date

from search.corpus.dispatches import read_dispatch
from search.corpus.encodings import decode
from search.corpus.markdown import read_markdown
from search.corpus.prose import clean_text, first_sentence
from search.export import ExportFormat, citation, export_hits
from search.query.matcher import marks
from search.query.parser import parse
from search.text.analyzer import fold, normalise, tokenise
from search.text.dates import partial_date
from search.text.sanitize import clean, flat
from search.text.sentences import paragraph_spans, sentence_spans
from search.text.snippets import best_sentences, snippet_span
from search.types import Article, Hit, Hits, Mode, Passage, Snippet
from tests.hostile import CONTROL, PIECES

REPEATS = (
    *(
        " ",
        "\n",
        "\n \n",
        "\t",
        "a",
        "é",
        "e\u0301",
        "\u0301",
        "l'",
        "l’",
        "'",
        "-",
        "a-",
        "a.",
        ".",
        ". ",
        "…",
        "?)",
    ),
    *(
        ". )",
        ".»",
        ". «",
        ". —",
        "1",
        "1 ",
        "1,",
        "10 000 ",
        "U.R.S.S.",
        "M. ",
        "(",
        ")",
        "[",
        '"',
        "« ",
        "#",
        "# a",
    ),
    *(
        "---\n",
        "*",
        "`",
        "_",
        "<",
        "&",
        "\\",
        "|",
        "\x1b[",
        "\x00",
        "\u200b",
        "\ufeff",
        "ß",
        "œ",
        "İ",
        "ﷺ",
    ),
    *(
        "aa ",
        "munitions ",
        "http://x.fr/",
        "=",
        ";=",
        "\n-",
        "\n1.",
        "日本",
        "12/09/2023 ",
        "septembre ",
        "à ",
    ),
)
_SLOW = 0.1  # seconds
_STEEP = 8
_OBUS = parse("obus munitions russes", date(2026, 1, 1)).words


def _best(text: str) -> object:
    return best_sentences(text, marks(_OBUS, text), [1.0] * 3)


def _ignoring_value_errors(read: Callable[[str], object]) -> Callable[[str], object]:
    """The same function; it gives None instead of a ValueError."""

    def call(text: str) -> object:
        try:
            return read(text)
        except ValueError:
            return None

    return call


def _bytes(text: str) -> Iterator[bytes]:
    yield text.encode(errors="replace")


def answered(article: Article) -> Hits:
    """An answer with one article, whose snippet is the whole text."""
    body = article.body
    snippet = Snippet(body, 0, len(body), None)
    hit = Hit(article, 1.0, Passage(body, 0, len(body)), snippet, ((0, 4),), ())
    return Hits(article.title, article.title, Mode.HYBRID, (hit,), 1, "g", 1.0)


def _exported(text: str) -> object:
    article = Article(text, text, text, "2023", text, text, text, text, text)
    return [export_hits(answered(article), form) for form in ExportFormat], citation(article)


STEPS: dict[str, Callable[[str], object]] = {
    "clean_text": clean_text,
    "first_sentence": first_sentence,
    "read_dispatch": lambda text: list(read_dispatch(_bytes(f"date 2023 {text}"))),
    "read_markdown": lambda text: list(read_markdown(_bytes(f"# {text}"))),
    "front matter": _ignoring_value_errors(lambda text: list(read_markdown(_bytes(f"---\n{text}\n---\n")))),
    "decode": _ignoring_value_errors(lambda text: decode(text.encode("cp1252", errors="replace"))),
    "normalise": normalise,
    "fold": fold,
    "tokenise": lambda text: list(tokenise(text)),
    "paragraph_spans": paragraph_spans,
    "sentence_spans": sentence_spans,
    "marks": lambda text: marks(_OBUS, text),
    "best_sentences": _best,
    "snippet_span": lambda text: snippet_span(text, ((0, 1),), 280),
    "partial_date": _ignoring_value_errors(partial_date),
    "clean": clean,
    "flat": flat,
    "export": _exported,
}
"""The steps that every text goes through, from a file to an answer."""


def seconds(step: Callable[[str], object], text: str) -> float:
    """The processor time of a step for a text."""
    started = time.process_time()
    step(text)
    return time.process_time() - started


def slowest(size: int) -> list[tuple[float, str, str]]:
    """The seconds of each step for each repeat of ``size`` characters, the slowest first."""
    texts = [(repeat, (repeat * size)[:size]) for repeat in REPEATS]
    results = [(seconds(step, text), name, repeat) for name, step in STEPS.items() for repeat, text in texts]
    return sorted(results, reverse=True)


def steep(size: int) -> list[tuple[float, str, str]]:
    """The steps that take more than eight times as long for a text four times as long, with that ratio.

    Only steps that take long are measured a second time.
    """
    suspects = [(name, repeat) for duration, name, repeat in slowest(size) if duration > _SLOW]
    results = []
    for name, repeat in suspects:
        long, short = ((repeat * length)[:length] for length in (size, size // 4))
        ratio = min(seconds(STEPS[name], long) for _ in range(2)) / seconds(STEPS[name], short)
        results += [(ratio, name, repeat)] * (ratio > _STEEP)
    return results


def commanding(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """The outputs of ``count`` hostile articles that have a control character, with their format."""
    generator = random.Random(seed)  # noqa: S311 - nothing secret
    for _ in range(count):
        title, body, source, url = (
            "".join(generator.choices(PIECES, k=generator.randint(0, 12))) for _ in range(4)
        )
        article = Article(title, title, f"obus {body}", "2023-09-12", source, source, f"https://x.fr/{url}")
        for form in ExportFormat:
            if CONTROL.search(written := export_hits(answered(article), form)):
                yield form, written


def main() -> None:
    """Print the results; exit code 1 if there is a fault."""
    parser = argparse.ArgumentParser(prog="scripts/stress security", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="hostile articles that are written")
    parser.add_argument("--size", type=int, default=200_000, help="characters of a hostile repeat")
    parser.add_argument("--seed", type=int, default=1, help="of the articles")
    options = parser.parse_args()
    faulty = list(commanding(options.count, options.seed))
    _print(
        f"{options.count} hostile articles in {len(ExportFormat)} formats: "
        f"{len(faulty)} outputs hold a control character"
    )
    steps = f"{len(STEPS)} steps over {len(REPEATS)} repeats of"
    too_steep = steep(40_000)
    _print(f"{steps} 40,000 characters: {len(too_steep)} take over {_STEEP} times as long as of a quarter")
    duration, name, repeat = slowest(options.size)[0]
    _print(f"{steps} {options.size:,} characters: at most {duration:.1f} s ({name}, {repeat!r})")
    for fault in (*faulty, *too_steep):
        _print(repr(fault))
    sys.exit(bool(faulty or too_steep))


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
