"""Settings, memory and files of queries that were damaged, or made to break their readers."""

from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.cli.query_file import read_query_file
from search.config import Settings, load
from search.errors import ConfigError, UsageError
from search.types import Mode
from search.user.history import History, HistoryEntry
from search.user.interface_state import InterfaceState, load_state
from search.user.saved_searches import SavedSearch, SavedSearches
from tests.stress.mutation import mutated

CONFIG = b'index = "a"\nlimit = 20\nrecency = "6m"\n[columns]\ntext = "contenu"\n[fusion]\nrrf_k = 50'
HISTORY = b'{"query":"obus","mode":"hybrid","total":3}\n{"query":"b","mode":"keyword","total":0}\n'
SEARCHES = b'[{"name":"a","query":"b","mode":"hybrid","created":"2026-01-01","seen":["x","y"]}]'
INTERFACE = b'{"theme":"dark","mode":"hybrid","sort":"date","filters_shown":true}'
QUERIES = [
    b'{"id":"1","text":"obus"}\n{"id":"2","text":"b"}\n',
    b'id,query\n1,obus\n2,"a b"\n',
    b"obus\na b\n",
]
DEEP = b'{"a":' * 100_000
SEEDS = st.integers(0, 1 << 32)
QUICK = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def damaged(data: bytes, seed: int) -> bytes:
    return mutated(data, Random(seed))  # noqa: S311


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def error_message(config: Path, content: bytes) -> str:
    config.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load({}, {"DEPECHE_CONFIG": str(config)})
    assert str(config) in str(caught.value)
    return str(caught.value)


@QUICK
@given(seed=SEEDS)
def test_a_damaged_configuration_is_read_or_told_with_its_place(config: Path, seed: int) -> None:
    config.write_bytes(damaged(CONFIG, seed))
    message = str(config)
    try:
        assert isinstance(load({}, {"DEPECHE_CONFIG": str(config)}), Settings)
    except ConfigError as error:
        message = str(error)
    assert str(config) in message


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"limit = " + b"9" * 5000, "is not TOML: Exceeds the limit (4300 digits)"),
        (b"limit = " + b"[" * 100_000, "is not TOML: maximum recursion depth exceeded"),
        (b"limit = 1\nmode = 2023-13-99", "(at line 2, column "),
        (b"limit = 1\n\nsource = '\xff'\n", "is not UTF-8 (at line 3)."),
        (
            b'index = "a\\u0000b"',
            r'index = "a\u0000b" cannot be used; it must be a path or a name, in quotes.',
        ),
    ],
)
def test_a_configuration_made_to_break_its_reader_is_told(config: Path, content: bytes, why: str) -> None:
    assert why in error_message(config, content)


@QUICK
@given(seed=SEEDS)
def test_damaged_memory_is_read_or_set_aside(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    folder = tmp_path_factory.mktemp("memory")
    files = {"history.jsonl": HISTORY, "searches.json": SEARCHES, "interface.json": INTERFACE}
    for name, data in files.items():
        (folder / name).write_bytes(damaged(data, seed))
    history, searches = History(folder), SavedSearches(folder)
    history.recent(5)
    searches.all()
    _, notice = load_state(folder)
    for name, message in zip(files, (history.notice, searches.notice, notice), strict=True):
        aside = folder / f"{name}.damaged"
        assert aside.exists() == bool(message)
        assert (aside if message else folder / name).read_bytes() == damaged(files[name], seed)
    history.add(HistoryEntry("chars", Mode.HYBRID, 1))
    searches.save(SavedSearch("n", "q", Mode.HYBRID))
    assert history.recent(1)[0].query == "chars"
    assert searches.all()[-1].name == "n"


@pytest.mark.parametrize("deep", [DEEP, b'[{"name":"a","query":"b","mode":"hybrid","x":' + b"[" * 100_000])
def test_deeply_nested_memory_is_set_aside(tmp_path: Path, deep: bytes) -> None:
    for name in ("history.jsonl", "searches.json", "interface.json"):
        (tmp_path / name).write_bytes(deep)
    history, searches = History(tmp_path), SavedSearches(tmp_path)
    assert (history.recent(5), searches.all(), load_state(tmp_path)[0]) == ([], (), InterfaceState())
    for name in ("history.jsonl", "searches.json", "interface.json"):
        assert (tmp_path / f"{name}.damaged").read_bytes() == deep


def test_what_was_set_aside_before_is_kept(tmp_path: Path) -> None:
    for number, damage in enumerate((b"[1", b"[2", b"[3"), start=1):
        (tmp_path / "searches.json").write_bytes(damage)
        searches = SavedSearches(tmp_path)
        assert searches.all() == ()
        name = "searches.json.damaged" + (f"-{number}" if number > 1 else "")
        assert searches.notice.endswith(f"its content is kept in {name}, in the same folder.")
        assert (tmp_path / name).read_bytes() == damage
    assert (tmp_path / "searches.json.damaged").read_bytes() == b"[1"


@QUICK
@given(seed=SEEDS, data=st.sampled_from(QUERIES))
def test_damaged_files_of_queries_are_read_or_told(seed: int, data: bytes) -> None:
    message = "f.txt"
    try:
        for query in read_query_file(BytesIO(damaged(data, seed)), "f.txt"):
            assert query.text.strip()
            assert query.id.encode()
    except UsageError as error:
        message = str(error)
    assert message.startswith("f.txt")


def test_a_deeply_nested_query_is_told_with_its_line() -> None:
    with pytest.raises(UsageError, match=r"^f, line 2: maximum recursion depth exceeded"):
        read_query_file(BytesIO(QUERIES[0][:25] + DEEP), "f")
