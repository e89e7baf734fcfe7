"""Which METS file reads an ALTO file."""

import posixpath
from pathlib import Path

import pytest

from search.corpus.libraries.package import mets_around, path_beside
from search.corpus.reading import FileReading, readings
from search.corpus.source import Source

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def _mets(path: str) -> str:
    return f"<mets {XLINK}><fileSec><file ID='A'><FLocat xlink:href='{path}'/></file></fileSec></mets>"


class _Folder:
    """The files around ``issue/alto/1.xml``."""

    def __init__(self, files: dict[str, str]) -> None:
        self._files = {Path(name): text.encode() for name, text in files.items()}
        self._own = Path("issue/alto")

    def _path(self, relative: str) -> Path:
        return Path(posixpath.normpath(self._own / relative))

    def beside(self, relative: str) -> bytes | None:
        return self._files.get(self._path(relative))

    def neighbours(self, relative: str = ".") -> frozenset[str]:
        return frozenset(path.name for path in self._files if path.parent == self._path(relative))


@pytest.mark.parametrize(
    ("files", "mets"),
    [
        ({"issue/issue-mets.xml": _mets("alto/1.xml")}, "../issue-mets.xml"),
        ({"issue/19011121.xml": _mets("file://./ALTO/../alto/1.xml")}, "../19011121.xml"),
        ({"issue/alto/METS.xml": _mets("1.xml")}, "METS.xml"),
        ({"issue/alto/mets.xml": _mets("lost/1.xml")}, "mets.xml"),
        ({"mets.xml": _mets("issue/alto/1.xml")}, "../../mets.xml"),
        ({"issue/mets.xml": _mets("other/1.xml"), "issue/other/1.xml": "", "issue/other/2.xml": ""}, ""),
        ({"issue/mets.xml": _mets("alto/2.xml")}, ""),
        (
            {f"issue/alto/{day}-mets.xml": _mets(f"{day}.xml") for day in range(50, 100)}
            | {f"issue/alto/{day}-mets.xml": _mets("1.xml") for day in (1, 30)},
            "1-mets.xml",
        ),
        ({"issue/mets.xml": "<mets"}, ""),
        ({"issue/notes.xml": "<notes>alto/1.xml mets</notes>"}, ""),
        ({}, ""),
    ],
)
def test_the_file_that_names_it_reads_it(files: dict[str, str], mets: str) -> None:
    source = Source("1.xml", iter([b"<alto/>"]), _Folder({"issue/alto/1.xml": "", **files}))

    assert mets_around(source) == mets


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("file://./ALTO/1.xml", "ALTO/1.xml"),
        ("ALTO\\1.xml", "ALTO/1.xml"),
        ("../ocr/1.xml", "../ocr/1.xml"),
        ("/etc/1.xml", ""),
        ("file:///etc/1.xml", ""),
        ("../../../1.xml", ""),
        ("https://exemple.fr/1.xml", ""),
        ("C:\\1.xml", ""),
    ],
)
def test_paths_stay_in_the_surroundings(written: str, path: str) -> None:
    assert path_beside(written) == path


def test_files_on_disk_know_each_other(tmp_path: Path) -> None:
    (tmp_path / "alto").mkdir()
    (tmp_path / "alto" / "1.xml").write_text("<alto/>")
    (tmp_path / "mets.xml").write_text(_mets("alto/1.xml"))

    names = {
        Path(file.path).name: file.format.name
        for file in readings([str(tmp_path)])
        if isinstance(file, FileReading)
    }

    assert names == {"1.xml": "ALTO", "mets.xml": "METS with ALTO"}
