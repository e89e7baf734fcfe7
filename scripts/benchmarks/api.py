"""How ``depeche serve`` answers many clients, for ``scripts/measure_api INDEX``.

A server is started afresh for each line. All clients ask the same 200 queries, each in its own order:
- one: a client alone asks them one after the other;
- many: 16 clients ask them at once, each the next as soon as it has an answer;
- people: 16 clients who read for a second, on average, before they ask the next; 40 queries each;
- distinct: as many, but no two clients ask the same. As many cores as there are share all the work.
Every answer must be that of one client alone. Prints milliseconds for each line, and p95 against that of one.
"""

import json
import os
import random
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import islice
from typing import Any
from urllib.parse import quote

import search

Document = dict[str, Any]
CLIENTS, REQUESTS, PEOPLE_ASK, READING = 16, 200, 40, 1.0
TOKEN = "measured-by-scripts-measure-api-only"  # noqa: S105 - of this measurement


def queries(index: str, count: int) -> list[str]:
    """The first words of titles from the whole archive."""
    with search.open(index) as opened:
        step = max(1, len(opened) // (2 * count))
        titles = (article.title for article in islice(opened.iter_articles(), 0, None, step))
        words = (re.findall(r"\w{3,}", title)[:4] for title in titles)
        return list(islice(dict.fromkeys(" ".join(each) for each in words if len(each) > 2), count))


class Server:
    """A server of its own."""

    def __init__(self, index: str) -> None:
        command = [sys.executable, "-m", "search", "serve", "--port=0", f"--index={index}"]
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            command, stderr=subprocess.PIPE, text=True, env={**os.environ, "DEPECHE_TOKEN": TOKEN}
        )
        first_line = self.process.stderr.readline() if self.process.stderr else ""
        self.port = int(re.findall(r"127\.0\.0\.1:(\d+)", first_line)[0])

    def __enter__(self) -> "Server":
        self.ask(HTTPConnection("127.0.0.1", self.port), "essai")  # the model is loaded
        time.sleep(3)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.communicate()

    def ask(self, connection: HTTPConnection, query: str) -> tuple[float, Document]:
        """Seconds, and the answer without its own time."""
        started = time.perf_counter()
        path = f"/api/v1/find?query={quote(query)}"
        connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
        response = connection.getresponse()
        body = response.read()
        took = time.perf_counter() - started
        if response.status != HTTPStatus.OK:
            raise RuntimeError(body.decode())
        document = json.loads(body)
        document.pop("took_ms")
        return took, document

    def client(self, asked: list[str], reading: float, seed: int) -> tuple[list[float], dict[str, Document]]:
        """The times and the answers of one client."""
        chance, times, answers = random.Random(seed), [], {}  # noqa: S311
        order = chance.sample(asked, len(asked)) if seed else asked
        connection = HTTPConnection("127.0.0.1", self.port)
        for query in order:
            if reading:
                time.sleep(chance.expovariate(1 / reading))
            took, answers[query] = self.ask(connection, query)
            times.append(took)
        connection.close()
        return times, answers


def measure(
    index: str, asked: list[list[str]], reading: float = 0.0
) -> tuple[list[float], dict[str, Document]]:
    """All clients at once: their times and answers, which must agree."""
    answers: dict[str, Document] = {}
    times: list[float] = []
    with Server(index) as server, ThreadPoolExecutor(len(asked)) as clients:
        seeds = range(len(asked))
        for each, got in clients.map(server.client, asked, [reading] * len(asked), seeds):
            times += each
            for query, document in got.items():
                if answers.setdefault(query, document) != document:
                    raise RuntimeError(f"two answers to {query}")
    return times, answers


def percentile(times: list[float], share: float) -> float:
    """Milliseconds that this share of the requests did not exceed."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def main(index: str) -> None:
    """Measure and print."""
    every = queries(index, REQUESTS)
    few = queries(index, CLIENTS * PEOPLE_ASK)
    parts = [few[place::CLIENTS] for place in range(CLIENTS)]
    alone, truth = measure(index, [every])
    lines = {
        "one": (alone, truth),
        "many": measure(index, [every] * CLIENTS),
        "people": measure(index, [every[:PEOPLE_ASK]] * CLIENTS, READING),
        "people, distinct": measure(index, parts, READING),
        "many, distinct": measure(index, parts),
    }
    for name, (times, answers) in lines.items():
        wrong = [query for query in answers.keys() & truth.keys() if answers[query] != truth[query]]
        p50, p95 = percentile(times, 0.5), percentile(times, 0.95)
        ratio = p95 / percentile(alone, 0.95)
        figures = f"p50 {p50:7.1f}  p95 {p95:7.1f}  {ratio:5.2f}x  wrong {len(wrong)}"
        sys.stdout.write(f"{name:18} {len(times):5} requests  {figures}\n")


if __name__ == "__main__":
    main(sys.argv[1])
