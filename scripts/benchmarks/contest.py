"""Engines compared on the same passages, vectors and questions, by turns, each in processes of its own."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import numpy as np

from benchmarks.entrants import Entrant, Process, Report, say
from benchmarks.exchange import Exchange, Floats, Passages, Question
from benchmarks.trial import WARMING
from search.local.reader import open_current
from search.retrieval.evaluation import JudgedQuery, Judgments
from search.text.chunking import encoded_text

BLOCK = 20
"""Questions that an engine is asked before it is another's turn."""
_REST = 0.2  # seconds in which the threads of the engine before come to rest
_MEASURE = "nDCG@10"
_WARMING = (
    "conseil municipal de la ville",
    "prix du blé",
    "le tour de France cycliste",
    "élection du président de la République",
    "accident de train",
)


def give_passages(exchange: Exchange, index: Path, articles: Path) -> None:
    """Take passages, vectors and ids from an index built of a file of articles; raises IndexProblem."""
    with closing(open_current(index)) as generation:
        found = list(generation.store.passages())
        vectors = generation.vectors.of_rows(np.arange(len(found)))
    texts = [encoded_text(article, chunk.start, chunk.end) for article, chunk in found]
    exchange.give_passages(Passages(texts, np.asarray(vectors, np.float32), articles))
    exchange.give_articles([article.id for article, _ in found])


def give_questions(
    exchange: Exchange, sets: Mapping[str, Sequence[JudgedQuery]], encode: Callable[[str], Floats]
) -> None:
    """Write sets of queries, each with the vector that ``encode`` gives it, and some to warm up with."""
    warming = [JudgedQuery(text, text) for text in _WARMING]
    exchange.give_questions(
        Question(name, query.id, query.text, encode(query.text))
        for name, queries in (*sets.items(), (WARMING, warming))
        for query in queries
    )


def run(entrants: Sequence[Entrant], exchange: Exchange, work: Path, block: int = BLOCK) -> dict[str, Report]:
    """Let every engine build, then all answer by turns; by name what it took. Raises TrialFailed.

    An index that stands in ``work`` is used as it is, with the figures of its building if they are there.
    """
    reports = {entrant.name: built(entrant, exchange, work) for entrant in entrants}
    questions = [question for question in exchange.questions() if question.set != WARMING]
    with ExitStack() as stack:
        processes = {
            entrant.name: stack.enter_context(entrant.open(exchange, work / entrant.index))
            for entrant in entrants
        }
        measured = _by_turns(processes, questions, block)
        for name, process in processes.items():
            reports[name] |= _by_set(questions, measured[name]) | process.tell("memory")
            reports[name]["scores"] = process.tell("scores")
    return reports


def figures(report: Report) -> Report:
    """What of a report is kept and printed: all but the answers and their scores."""
    return {key: value for key, value in report.items() if key not in ("answers", "scores")}


def built(entrant: Entrant, exchange: Exchange, work: Path) -> Report:
    """The figures of an engine's building, which is done unless its index stands; raises TrialFailed."""
    folder, figures = work / entrant.index, work / f"{entrant.index}.json"
    if not folder.exists():
        say(f"{entrant.name}: builds")
        folder.mkdir(parents=True)
        figures.write_text(json.dumps(entrant.build(exchange, folder)), encoding="utf-8")
    found: Report = json.loads(figures.read_text(encoding="utf-8")) if figures.exists() else {}
    return found


def turns(names: Sequence[str], questions: Sequence[Question], block: int) -> Iterator[tuple[str, int, int]]:
    """Whose turn it is, and from which question up to which: blocks of a set, asked of every engine in turn.

    Another engine begins each block, so that none always follows the same one.
    """
    for number, (start, end) in enumerate(_blocks(questions, block)):
        first = number % len(names)
        for name in (*names[first:], *names[:first]):
            yield name, start, end


def ndcg(answers: Mapping[str, Sequence[str]], judged: Judgments) -> float:
    """Mean nDCG@10 over the questions asked; ``answers`` are ids of articles, best first, by question."""
    import ir_measures

    runs = {query: {a: -float(rank) for rank, a in enumerate(ids)} for query, ids in answers.items()}
    relevant = {query: judged[query] for query in answers if query in judged}
    measure = ir_measures.parse_measure(_MEASURE)
    found = ir_measures.calc_aggregate([measure], relevant, runs)[measure]
    return round(float(found), 4)


def percentiles(times: Sequence[float]) -> dict[str, float]:
    """The median of some times, ``p50``, and ``p95``."""
    return {f"p{share}": round(float(np.percentile(times, share)), 3) for share in (50, 95)}


def _blocks(questions: Sequence[Question], block: int) -> Iterator[tuple[int, int]]:
    start = 0
    for _, group in groupby(questions, key=attrgetter("set")):
        end = start + len(list(group))
        yield from ((first, min(first + block, end)) for first in range(start, end, block))
        start = end


def _by_turns(
    processes: Mapping[str, Process], questions: Sequence[Question], block: int
) -> dict[str, Report]:
    measured: dict[str, Report] = {name: defaultdict(list) for name in processes}
    asked = None
    for name, first, last in turns(list(processes), questions, block):
        if questions[first].set != asked:
            asked = questions[first].set
            say(f"{asked}: all answer by turns")
        time.sleep(_REST)
        for key, values in processes[name].tell(f"ask {first} {last}").items():
            measured[name][key].extend(values)
    return measured


def _by_set(questions: Sequence[Question], measured: Report) -> Report:
    """The times of each set as percentiles, and answers by set and question."""
    found: Report = {"latency_ms": {}, "cpu_ms": {}, "answers": {}}
    for name in dict.fromkeys(question.set for question in questions):
        places = [place for place, question in enumerate(questions) if question.set == name]
        for key, times in (("latency_ms", "took_ms"), ("cpu_ms", "cpu_ms")):
            found[key][name] = percentiles([measured[times][place] for place in places])
        found["answers"][name] = {questions[place].id: measured["answers"][place] for place in places}
    return found
