"""What holds for every format: names, streams, files."""

import csv
import io
import json
import resource
import stat
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from search.errors import UsageError
from search.export import (
    Content,
    Export,
    ExportFormat,
    Format,
    check_absent,
    export_file,
    export_hits,
    format_named,
    format_of_file,
    formats,
)
from search.types import Hit

from .sample import ARTICLES, answer_of, hits_of, written

every_format = pytest.mark.parametrize("format_", formats(), ids=lambda each: each.name)


def test_formats_have_names_and_extensions_of_their_own() -> None:
    names = [each.name for each in formats()]
    extensions = [extension for each in formats() for extension in each.extensions]
    assert len({*names}) == len(names) == 11
    assert len({*extensions}) == len(extensions)
    for each in formats():
        assert format_named(each.name) is each
        assert all(format_of_file(f"a.b.{extension.upper()}") is each for extension in each.extensions)
    with pytest.raises(UsageError, match="no export format 'pdf'; the formats are: csv, md"):
        format_named("pdf")
    assert format_of_file("a.pdf") is None
    assert format_of_file("csv") is None


@pytest.mark.parametrize("form", ExportFormat)
@pytest.mark.parametrize("content", Content)
def test_a_stream_is_what_one_page_of_an_answer_is(form: ExportFormat, content: Content) -> None:
    notes = {ARTICLES[0].id: "à vérifier"}
    expected = export_hits(answer_of(), form, notes=notes, content=content)
    assert written(form.value, content, notes=notes).decode() == expected
    assert expected.count("Sans date") >= 1


def test_ranks_begin_after_the_offset_of_the_answer() -> None:
    answer = replace(answer_of(), offset=20)
    stream = io.BytesIO()
    format_named("csv").write(Export(iter(answer.hits), answer), stream)
    rows = csv.reader(io.StringIO(stream.getvalue().decode()))
    assert [row[0] for row in rows] == ["rank", "21", "22", "23", "24"]


def test_the_json_of_no_hit_is_an_object() -> None:
    document = json.loads(written("json", articles=()))
    assert (document["results"], document["query"]) == ([], "eau")


class _Unseekable(io.RawIOBase):
    """A pipe: it takes bytes and keeps none."""

    size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        size = len(memoryview(data))  # type: ignore[arg-type]
        self.size += size
        return size


def _many(count: int) -> Iterator[Hit]:
    (hit,) = hits_of([replace(ARTICLES[0], body="Les nappes baissent. " * 500)])
    for number in range(count):
        yield replace(hit, article=replace(hit.article, id=f"id-{number}"))


@every_format
def test_memory_does_not_grow_with_the_hits_and_a_pipe_will_do(format_: Format) -> None:
    pipe = _Unseekable()
    tracemalloc.start()
    try:
        format_.write(Export(_many(1000), answer_of(), content=Content.WHOLE_TEXTS), pipe)  # type: ignore[arg-type]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert pipe.size > 20_000
    assert peak < 5_000_000  # the texts are 10 MB


def _export() -> Export:
    answer = answer_of()
    return Export(iter(answer.hits), answer)


@every_format
def test_a_file_is_private_and_whole(format_: Format, tmp_path: Path) -> None:
    path = tmp_path / f"a.{format_.extension}"
    export_file(path, format_, _export())
    assert path.read_bytes()[:50] == written(format_.name, Content.EXCERPTS)[:50]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@every_format
@pytest.mark.parametrize("error", [KeyboardInterrupt, UsageError("a server is gone")])
def test_an_interrupt_leaves_what_was_there(
    format_: Format, tmp_path: Path, error: type[BaseException] | BaseException
) -> None:
    path = tmp_path / f"a.{format_.extension}"
    path.write_text("before")

    def hits() -> Iterator[Hit]:
        yield from answer_of().hits
        raise error

    with pytest.raises((KeyboardInterrupt, UsageError)):
        export_file(path, format_, Export(hits(), answer_of()))
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


@every_format
def test_a_full_disk_leaves_what_was_there(format_: Format, tmp_path: Path) -> None:
    path = tmp_path / f"a.{format_.extension}"
    path.write_text("before")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, limits[1]))
    try:
        with pytest.raises(UsageError, match="cannot be written: File too large; give another path"):
            export_file(path, format_, _export())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_there_is_refused(tmp_path: Path) -> None:
    check_absent(tmp_path / "a.csv")
    (tmp_path / "a.csv").symlink_to("nowhere")
    with pytest.raises(UsageError, match=r"a\.csv exists already; type --overwrite"):
        check_absent(tmp_path / "a.csv")
