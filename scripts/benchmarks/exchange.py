"""What every engine of a contest is given, through a folder: each runs in a process of its own."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Question:
    """A query: the set it belongs to, its id in there, and its vector (float32, length 1)."""

    set: str
    id: str
    text: str
    vector: Floats


@dataclass(frozen=True, slots=True)
class Passages:
    """What is indexed: texts and their unit vectors, by row.

    ``source`` is the file of articles that they were cut from. There may be no texts and vectors: then
    Dépêche's are made of that file.
    """

    texts: list[str]
    vectors: Floats
    source: Path


class Exchange:
    """The folder; written by the contest, read by every engine."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def give_passages(self, passages: Passages) -> None:
        """Write what is to be indexed."""
        np.save(self.folder / "vectors.npy", passages.vectors)
        self._write("texts", passages.texts)
        self._write("source", str(passages.source))

    def give_articles(self, articles: Sequence[str]) -> None:
        """Write the ids of the articles, by row."""
        self._write("articles", list(articles))

    def give_questions(self, questions: Iterable[Question]) -> None:
        """Write what is to be asked."""
        asked = list(questions)
        np.save(self.folder / "questions.npy", np.stack([question.vector for question in asked]))
        self._write("questions", [(question.set, question.id, question.text) for question in asked])

    def passages(self) -> Passages:
        """What is to be indexed."""
        vectors: Floats = np.load(self.folder / "vectors.npy")
        return Passages(self._read("texts"), vectors, Path(self._read("source")))

    def articles(self) -> list[str]:
        """The ids of the articles, by row."""
        found: list[str] = self._read("articles")
        return found

    def questions(self) -> list[Question]:
        """What is to be asked, in order."""
        vectors: Floats = np.load(self.folder / "questions.npy")
        asked = zip(self._read("questions"), vectors, strict=True)
        return [Question(name, number, text, vector) for (name, number, text), vector in asked]

    def _write(self, name: str, value: object) -> None:
        (self.folder / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")

    def _read(self, name: str) -> Any:  # noqa: ANN401 - what JSON holds
        return json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
