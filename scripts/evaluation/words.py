"""Measures the analysis of French words, end to end: which word of a pair finds the other in an index.

python -m evaluation.words PAIRS.tsv. Each line of PAIRS.tsv is ``together`` or ``apart`` and two words.
"""

import argparse
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import search
from evaluation.markdown import table

_SENTENCE = "Une note du jour cite {} sans autre précision."
_WITHOUT = "without a word"  # an article of the sentence alone: no word may find it


class Kind(StrEnum):
    """What the words of a pair must do: find each other, or neither find the other."""

    TOGETHER = "together"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words as they are written within a sentence, and what they must do."""

    kind: Kind
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether each word of a pair finds the other."""

    pair: Pair
    finds_second: bool
    finds_first: bool

    @property
    def right(self) -> bool:
        """Whether both words do what they must."""
        wanted = self.pair.kind is Kind.TOGETHER
        return self.finds_second is wanted and self.finds_first is wanted


def read_pairs(lines: Iterable[str]) -> list[Pair]:
    """Read ``kind⇥word⇥word`` a line; raises ValueError for another line."""
    rows = (line.split() for line in lines if line.strip())
    return [Pair(Kind(kind), first, second) for kind, first, second in rows]


def judge(pairs: Sequence[Pair], retrieved: Mapping[str, AbstractSet[str]]) -> list[Verdict]:
    """The verdict of each pair; ``retrieved`` are by word the words whose article it finds."""
    return [
        Verdict(pair, pair.second in retrieved[pair.first], pair.first in retrieved[pair.second])
        for pair in pairs
    ]


def retrieve_by_word(words: Iterable[str], folder: Path) -> dict[str, set[str]]:
    """By word, the words whose article it finds by keywords, in an index of one article a word.

    The index is built in this folder. An article is one sentence that holds the word. Raises ValueError when
    a word finds the sentence itself.
    """
    asked = sorted(set(words))
    articles = folder / "articles.jsonl"
    articles.write_text(
        "".join(_article(word, _SENTENCE.format(word)) for word in asked)
        + _article(_WITHOUT, _SENTENCE.format("rien"))
    )
    search.build(articles, index=folder / "index")
    retrieved = {}
    with search.open(folder / "index") as index:
        for word in asked:
            hits = index.search(word, mode="keyword", limit=len(asked) + 1, copies="listed")
            retrieved[word] = {hit.article.id for hit in hits}
            if _WITHOUT in retrieved[word]:
                raise ValueError(f"{word!r} finds {_SENTENCE!r}, so it says nothing of other words")
    return retrieved


def report(verdicts: Sequence[Verdict]) -> str:
    """How many pairs of each kind are right, and the others, as Markdown."""
    right = {kind: [verdict.right for verdict in verdicts if verdict.pair.kind is kind] for kind in Kind}
    counts = table(["pairs", "right", "of"], [[kind, sum(own), len(own)] for kind, own in right.items()])
    return "\n".join([counts, "", *(f"- {_fault(verdict)}" for verdict in verdicts if not verdict.right)])


def main() -> None:
    """Measure the pairs of a file, and print the report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path)
    pairs = read_pairs(parser.parse_args().pairs.read_text().splitlines())
    with tempfile.TemporaryDirectory() as folder:
        retrieved = retrieve_by_word(
            (word for pair in pairs for word in (pair.first, pair.second)), Path(folder)
        )
    print(report(judge(pairs, retrieved)))  # noqa: T201 - the report is what this program is for


def _article(name: str, text: str) -> str:
    return json.dumps({"id": name, "title": "", "text": text}, ensure_ascii=False) + "\n"


def _fault(verdict: Verdict) -> str:
    first, second = verdict.pair.first, verdict.pair.second
    finds = [
        f"`{asked}` {'finds' if does else 'does not find'} `{other}`"
        for asked, other, does in (
            (first, second, verdict.finds_second),
            (second, first, verdict.finds_first),
        )
    ]
    return f"{verdict.pair.kind}: {', '.join(finds)}"


if __name__ == "__main__":
    main()
