"""Issues in METS with ALTO; the sample ``mets_alto`` has a whole one."""

import zipfile
from pathlib import Path

import pytest

from search.build_types import PassedOver, Rejected
from search.corpus import read
from search.types import Article

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def _alto(*blocks: str) -> str:
    texts = "".join(
        f'<TextBlock ID="B{number}"><TextLine><String ID="W{number}" CONTENT="{text}"/>'
        "</TextLine></TextBlock>"
        for number, text in enumerate(blocks, 1)
    )
    page = f'<Page ID="P" PHYSICAL_IMG_NR="3"><PrintSpace ID="S">{texts}</PrintSpace></Page>'
    return f"<alto><Layout>{page}</Layout></alto>"


def _mets(logical: str = "", path: str = "alto/1.xml", more: str = "") -> str:
    issue = (
        "<dmdSec ID='I'><mods><titleInfo><title>Gazette</title></titleInfo>"
        "<originInfo><dateIssued>1901-11-21</dateIssued></originInfo></mods></dmdSec>"
    )
    files = f"<fileSec><file ID='A1'><FLocat xlink:href='{path}'/></file></fileSec>"
    map_ = (
        f"<structMap TYPE='LOGICAL'><div TYPE='Issue' DMDID='I'>{logical}</div></structMap>"
        if logical
        else ""
    )
    return f"<mets {XLINK}>{issue}{files}{map_}{more}</mets>"


def _article(*areas: str, kind: str = "Article", label: str = "") -> str:
    pointers = "".join(f"<fptr><area FILEID='A1' {area}/></fptr>" for area in areas)
    return f"<div ID='D1' TYPE='{kind}' LABEL='{label}'>{pointers}</div>"


def _write(folder: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(folder)


def _articles(path: str) -> list[Article]:
    return [item for item in read([path]) if isinstance(item, Article)]


@pytest.mark.parametrize(
    ("area", "body"),
    [
        ("BEGIN='B2'", "deux"),
        ("BEGIN='B1' END='B3'", "un\n\ndeux\n\ntrois"),
        ("BEGIN='B3' END='B1'", ""),
        ("BEGIN='W2' END='W3'", "deux\n\ntrois"),
        ("BEGIN='S'", "un\n\ndeux\n\ntrois"),
        ("", "un\n\ndeux\n\ntrois"),
        ("BEGIN='B9'", ""),
    ],
)
def test_an_area_is_a_block_a_range_a_container_or_a_page(tmp_path: Path, area: str, body: str) -> None:
    mets = _mets(_article(area, label="Le bac"))
    path = _write(tmp_path, {"mets.xml": mets, "alto/1.xml": _alto("un", "deux", "trois")})

    bodies = [article.body.replace("\n\n", " ").split() for article in _articles(path)]

    assert bodies == ([body.split()] if body else [])


def test_pages_are_articles_where_the_issue_has_none(tmp_path: Path) -> None:
    path = _write(tmp_path, {"manifest.xml": _mets(), "alto/1.xml": _alto("un", "deux")})

    (article,) = _articles(path)

    assert (article.body, article.published, article.source, article.page) == (
        "un\n\ndeux",
        "1901-11-21",
        "Gazette",
        "3",
    )


def test_a_section_without_articles_is_one_and_one_with_articles_names_them(tmp_path: Path) -> None:
    inner = _article("BEGIN='B2'", label="Le bac")
    logical = _article("BEGIN='B1'", kind="SECTION", label="Faits") + (
        f"<div TYPE='Section' LABEL='Annonces'><fptr><area FILEID='A1' BEGIN='B3'/></fptr>{inner}</div>"
    )
    path = _write(tmp_path, {"mets.xml": _mets(logical), "alto/1.xml": _alto("un", "deux", "trois")})

    items = list(read([path]))

    articles = [(item.title, item.section, item.body) for item in items if isinstance(item, Article)]
    assert articles == [("Faits", "", "un"), ("Le bac", "Annonces", "deux")]
    assert "text outside articles" in [item.kind for item in items if isinstance(item, PassedOver)]


def test_an_article_of_a_heading_alone_is_read(tmp_path: Path) -> None:
    heading = "<div TYPE='HEADING'><fptr><area FILEID='A1' BEGIN='B1'/></fptr></div>"
    logical = f"<div TYPE='Article'>{heading}</div>"
    path = _write(tmp_path, {"mets.xml": _mets(logical), "alto/1.xml": _alto("un")})

    assert [(article.title, article.body) for article in _articles(path)] == [("un", "un")]


def test_links_lead_from_articles_to_blocks(tmp_path: Path) -> None:
    physical = (
        "<structMap TYPE='PHYSICAL'><div ID='p1' ORDERLABEL='12'><fptr FILEID='A1'/>"
        "<div ID='x'><fptr><area FILEID='A1' BEGIN='B2'/></fptr></div></div></structMap>"
        "<structLink><smLinkGrp><smLocatorLink xlink:href='#D1'/><smLocatorLink xlink:href='#x'/></smLinkGrp>"
        "</structLink>"
    )
    mets = _mets(_article(label="Le bac"), more=physical)
    path = _write(tmp_path, {"a_mets.xml": mets, "alto/1.xml": _alto("un", "deux")})

    assert [(article.body, article.page) for article in _articles(path)] == [("deux", "12")]


def test_a_missing_page_is_told(tmp_path: Path) -> None:
    path = _write(tmp_path, {"mets.xml": _mets(_article("BEGIN='B1'", label="Le bac"))})

    reasons = [item.reason for item in read([path]) if isinstance(item, Rejected)]

    assert reasons == [
        "1.xml: this page is not there; its text is missing",
        "Le bac: no page has the text of this article",
    ]


def test_the_same_text_is_not_given_without_end(tmp_path: Path) -> None:
    mets = _mets(_article("", label="Le bac") * 3000)
    path = _write(tmp_path, {"mets.xml": mets, "alto/1.xml": _alto("un", "deux")})

    items = list(read([path]))

    assert sum(isinstance(item, Article) for item in items) < 1000
    assert "too many articles" in next(item.reason for item in items if isinstance(item, Rejected))


def test_an_issue_in_an_archive_is_read_once(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("n/1/alto/1.xml", _alto("un"))
        archive.writestr("n/1/1-mets.xml", _mets(_article("BEGIN='B1'", label="Le bac")))

    items = list(read([str(tmp_path / "a.zip")]))

    assert [item.body for item in items if isinstance(item, Article)] == ["un"]
    assert [item.kind for item in items if isinstance(item, PassedOver)] == ["read with its METS file"]
