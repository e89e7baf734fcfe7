"""Asks strange queries: each must soon give an answer or a QueryError, and no other exception."""

import argparse
import faulthandler
import heapq
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from search.config import Settings
from search.errors import QueryError
from search.index import open_index
from search.query.filters import filters_of, text_without_filter
from search.query.parser import parse
from search.query.printer import to_text, understood
from search.query.relaxation import relaxations
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.types import Mode
from tests.fakes import build_index
from tests.press import PRESS

LIMIT = 2.0
"""Seconds of processor time that a query may take."""
TODAY = date(2023, 9, 15)
REAL = (
    "munitions Russie",
    '"obus d\'artillerie" ET Moscou SAUF Ukraine',
    "+munitions -Ukraine titre:Kim",
    'source:"Agence Nord" depuis:3m (grève* OU trains)^3',
    'L’Élysée "livraisons armes"~8 date:2023-09-01..2023-09-30',
    "munitiosn~2 r?ssie U.R.S.S. 3,5 10 000 nord-coréen",
    "pourquoi la Corée du Nord livre-t-elle des obus à Moscou ?",
)
_SHAPES = (
    "*** *e* +*es* e*s*e*s*t*r* a*b*c*d*e* *es**on* aeiou~2 +l~ ??a (a+)+$ [a-z]{9} mot~9 a^1e9 a^0 ß* İ~"
)
_DATES = (
    "date:99999999 date:2023..1 depuis:9999a avant:0001 date:>9999 date:٢٠٢٣ date:.. depuis:²j date:0000-13"
)
PATHOLOGICAL = (
    *_SHAPES.split(),
    *_DATES.split(),
    *'( ) " « ((((( )( OU OU_OU titre: -'.split(),
    "“ ”",
    "a\0b",
    "\u202etxt\u202c",
    "e" + "\u0301" * 1000,
    "a" + "\u0301\u0316" * 500,
    "\ud800a*",
    "titre:(source:a)",
    "de la le",
    "mot " * 400,
    '"' + "de la " * 100 + '"',
    '"de la les"~9999',
    "http://" + "a" * 999,
    "a-" * 999,
    "l'" * 999 + "a",
    "A." * 999,
)
_OPERATORS = (
    'ET OU SAUF AND NOT + - ( ) " « » “ ~ ~2 ^3 * ? : .. titre: source: rubrique: date: depuis:7j avant: foo:'
)
_LEAVES = "munitions Russie l'été nord-coréen U.R.S.S. 3,5 de la #a @b œuf date:2023 muni* r?ssie obsu~1 *on*"
_ODD = "\t \n \0 \x1b[31m \u202e \u200b \u0301 \ufeff \ud83d 😀 中文 عربي ﬁ ½ ﷺ"
_PIECES = [*_OPERATORS.split(), *_LEAVES.split(), *_ODD.split(" ")]


def typed(random: Random) -> str:
    """A query as people, programs and attackers type it."""
    return random.choice(_WAYS)(random)


def _sentence(random: Random) -> str:
    """Pieces of queries in random order."""
    return random.choice((" ", " ", "")).join(random.choices(_PIECES, k=random.randint(1, 25)))


def _formula(random: Random, depth: int = 0) -> str:
    """A query that the grammar mostly allows."""
    if depth > 5 or random.random() < 0.4:
        return random.choice((*_LEAVES.split(), '"deux mots"', '"a b"~4'))
    parts = [_formula(random, depth + 1) for _ in range(random.randint(1, 4))]
    joined = random.choice((" ET ", " OU ", " SAUF ", " ", " -", " +")).join(parts)
    return random.choice(("{}", "({})", "-({})", "titre:({})", "({})^2", "+{}")).format(joined)


def _noise(random: Random) -> str:
    return random.randbytes(random.randint(1, 60)).decode(errors="surrogateescape")


def _unicode(random: Random) -> str:
    return "".join(
        chr(random.choice((random.randrange(0x110000), random.randrange(0x3000)))) for _ in range(20)
    )


def _damaged(random: Random) -> str:
    """A real query after some changes."""
    text = random.choice(REAL)
    for _ in range(random.randint(1, 5)):
        start = random.randint(0, len(text))
        end = min(len(text), start + random.randint(0, 6))
        between = random.choice(("", random.choice(_PIECES), text[start:end] * random.randint(2, 5)))
        text = text[:start] + between + text[end:]
    return text


def _repeated(random: Random) -> str:
    """Many repetitions of a piece."""
    piece = random.choice((*PATHOLOGICAL, *_PIECES)) + random.choice(("", " ", " OU ", " ET "))
    return (piece * random.choice((1, 2, 10, 300, 10_000)))[
        : random.choice((50, 1000, 9_999, 10_001, 50_000))
    ]


_WAYS: tuple[Callable[[Random], str], ...] = (
    *(_sentence, _sentence, _formula, _formula, _damaged, _damaged, _noise, _unicode),
    _repeated,
)


@dataclass
class Outcome:
    """The results of the queries."""

    answered: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, str]] = field(default_factory=list)

    def add(self, engine: Engine, text: str, mode: Mode) -> None:
        """Ask a query; check that there is an answer, or an error that says where and what to write."""
        started = time.process_time()
        faulthandler.dump_traceback_later(60, exit=True)
        try:
            _ask(engine, text, mode)
            self.answered += 1
        except QueryError as error:
            self.refused[getattr(error.message, "template", error.message)] += 1
            is_helpful = 0 <= error.position <= len(text) and error.suggestion
            assert is_helpful, text
        except BaseException as error:
            error.add_note(repr(text))
            raise
        faulthandler.cancel_dump_traceback_later()
        seconds = time.process_time() - started
        self.slowest = heapq.nlargest(10, [*self.slowest, (seconds, text[:60])])
        assert seconds < LIMIT, (seconds, text[:200], len(text))


def _ask(engine: Engine, text: str, mode: Mode) -> None:
    """Do with a query everything that the interface does."""
    request = Request(parse(text, TODAY), mode)
    result = engine.search(request)
    assert len({one.article.id for one in result.hits}) == len(result.hits) <= result.total
    understood(request.query).encode()
    again = parse(to_text(request.query), TODAY)
    assert (again.words, again.constraint) == (request.query.words, request.query.constraint), text
    engine.suggest(request.query)
    if not result.hits:
        relaxations(request.query)
    for one in filters_of(request.query)[:2]:
        text_without_filter(request.query, one, TODAY)
    if result.hits:
        engine.explain(request, result.hits[0])


def fuzz(engine: Engine, mode: Mode, count: int, seed: int) -> Outcome:
    """Ask ``count`` queries, the pathological ones first."""
    outcome = Outcome()
    for text in PATHOLOGICAL:
        outcome.add(engine, text, mode)
    for number in range(count - len(PATHOLOGICAL)):
        outcome.add(engine, typed(Random(seed * 1_000_003 + number)), mode)  # noqa: S311
    return outcome


def main() -> None:
    """Run with the options of the command line, and print the figures."""
    parser = argparse.ArgumentParser(prog="scripts/stress queries", description=__doc__)
    parser.add_argument("--count", type=int, default=200_000, help="queries (200,000)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--index", help="an index to ask; else a small one is made")
    parser.add_argument("--mode", type=Mode, default=Mode.KEYWORD)
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        if options.index is None:
            build_index(Path(name), PRESS)
        settings = Settings(index=options.index or name)
        with open_index(settings) as index:
            outcome = fuzz(index.engine, options.mode, options.count, options.seed)
    refused = outcome.refused.total()
    sys.stdout.write(f"{outcome.answered} queries answered, {refused} refused; the slowest, in seconds:\n")
    sys.stdout.writelines(f"{seconds:6.2f}  {text!r}\n" for seconds, text in outcome.slowest)
    sys.stdout.writelines(f"{count:7}  {message}\n" for message, count in outcome.refused.most_common())


if __name__ == "__main__":
    main()
