import json
import logging
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import search
from search.build_types import LostField, Rejected
from search.types import Article

from .conftest import Write
from .placeless import read

ROOT = Path(search.__file__).parents[1]
PARAGRAPHS = (
    "La participation a progressé de trois points dimanche, selon la préfecture, qui a publié ses chiffres.",
    "Les bureaux de vote ont fermé à vingt heures, et les résultats seront proclamés lundi dans la matinée.",
)
PAGE = f"""<!doctype html>
<html lang="fr-FR"><head><meta charset="CHARSET"><title>Élections : la hausse | Gazette</title>
<meta property="og:title" content="Élections : la hausse">
<meta property="og:site_name" content="Gazette Exemple">
<meta property="article:published_time" content="2023-09-11T18:30:00+02:00">
<link rel="canonical" href="https://exemple.fr/elections.html">
<link rel="stylesheet" href="https://exemple.fr/a.css">
<script src="https://exemple.fr/a.js"></script></head>
<body><nav><a href="/">Accueil</a></nav><article><h1>Élections : la hausse</h1><img src="https://exemple.fr/a.png">
<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></article><footer>Mentions légales</footer></body></html>"""


def no_network(*args: object) -> None:
    raise AssertionError("a reader opened a connection")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("name", ["page.html", "PAGE.HTM"])
def test_the_article_of_a_page(
    write: Write, monkeypatch: pytest.MonkeyPatch, name: str, encoding: str
) -> None:
    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    (record,) = read([write(name, PAGE.replace("CHARSET", encoding).encode(encoding))])
    assert isinstance(record, Article)
    assert record == Article(
        id=record.id,
        title="Élections : la hausse",
        body="\n\n".join(PARAGRAPHS),
        published="2023-09-11T18:30",
        source="Gazette Exemple",
        url="https://exemple.fr/elections.html",
        lang="fr",
    )


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ("lxml_html_clean", "lxml.html.clean module is now a separate project lxml_html_clean"),
        ("trafilatura", "import of trafilatura halted; None in sys.modules"),
    ],
)
def test_a_library_that_is_not_installed_is_told(write: Write, missing: str, reason: str) -> None:
    program = f"import sys; sys.modules[{missing!r}] = None; from search.cli import main; main()"
    page = write("page.html", PAGE.encode())
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", program, "build", page, "--dry-run", "--language", "en"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        f"depeche: Web pages cannot be read: {reason}. Type `pip install trafilatura lxml_html_clean`, "
        "or give other files than .html and .htm.\n"
    )


def test_a_date_in_the_prose_is_not_the_date_of_the_page(write: Write) -> None:
    page = (
        f"<html><head><title>T</title></head><body><p>{PARAGRAPHS[0]} Le 3 mars 2019, déjà.</p></body></html>"
    )
    (record,) = read([write("page.html", page)])
    assert isinstance(record, Article)
    assert record.published == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no article found in the page"),
        ("des mots sans page", "no article found in the page"),
        ("<html><body></body></html>", "no article found in the page"),
        (
            "<html><head><title>Le vote</title></head><body><p>Le vote</p></body></html>",
            "the page holds no more than its title",
        ),
        ("<svg><p></p><title><a:b>", "the page is too broken to read (AssertionError())"),
    ],
)
def test_a_page_without_article_is_rejected_in_silence(
    write: Write, capfd: pytest.CaptureFixture[str], content: str, reason: str
) -> None:
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, []
    path = write("page.html", content)
    try:
        assert list(read([path])) == [Rejected(path, 0, reason)]
    finally:
        root.handlers = handlers
    assert capfd.readouterr() == ("", "")


BODY = f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>"


def page(write: Write, head: str = "", body: str = f"<article><h1>Le vote</h1>{BODY}</article>") -> Article:
    content = f"<!doctype html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    *_, record = read([write("page.html", content)])
    assert isinstance(record, Article)
    return record


def linked(**fields: object) -> str:
    data = {"@type": "NewsArticle", "headline": "Le vote", **fields}
    return (
        f'<script type="application/ld+json">{json.dumps({"@graph": [{"@type": "WebSite"}, data]})}</script>'
    )


@pytest.mark.parametrize(
    ("body", "author"),
    [
        ("<span class='author'>Par Jeanne Modèle</span>", "Jeanne Modèle"),
        ("<span class='author'>Gazette Exemple</span>", ""),
    ],
)
def test_the_author_that_readers_see(write: Write, body: str, author: str) -> None:
    head = '<meta property="og:site_name" content="Gazette Exemple">'
    assert page(write, head, f"<article><h1>Le vote</h1>{body}{BODY}</article>").author == author


@pytest.mark.parametrize(
    ("said", "section"),
    [("À la une,Région", "Région"), (["Région", "Vote"], "Région"), ("À la une", ""), (None, "")],
)
def test_the_section_is_not_the_front_page(write: Write, said: object, section: str) -> None:
    assert page(write, linked(articleSection=said)).section == section


def test_the_way_from_the_front_page_gives_the_section(write: Write) -> None:
    steps = [{"item": {"name": "Accueil"}}, {"item": {"name": "Région"}}, {"name": "Le vote"}]
    trail = json.dumps({"@type": "BreadcrumbList", "itemListElement": steps})
    head = f'<script type="application/ld+json">{trail}</script>'
    assert page(write, head).section == "Région"
    assert page(write, head + linked(articleSection="Vote")).section == "Vote"


def test_authors_may_be_names_of_one_person(write: Write) -> None:
    said = linked(author={"@type": "Person", "name": ["Jeanne Modèle", "Paul Essai"]})
    assert page(write, said).author == "Jeanne Modèle; Paul Essai"


def test_a_source_that_is_an_address_is_its_name(write: Write) -> None:
    assert (
        page(write, '<meta property="og:site_name" content="https://www.exemple.fr/">').source == "exemple.fr"
    )


def test_the_metadata_of_a_page_are_kept(write: Write) -> None:
    record = page(
        write,
        linked(
            datePublished="2024-03-01T18:05:00+01:00",
            dateModified="2024-03-02T09:00:00+01:00",
            author=[{"name": "Jeanne Modèle"}, {"name": "Paul Essai"}, {"name": "Gazette Exemple"}],
            articleSection=["Politique", "Région"],
            keywords="vote, préfecture",
            publisher={"name": "Gazette Exemple"},
        ),
    )
    assert (record.published, record.author) == ("2024-03-01T18:05", "Jeanne Modèle; Paul Essai")
    assert (record.section, record.keywords) == ("Politique", "vote; préfecture")
    assert record.source == "Gazette Exemple"


@pytest.mark.parametrize(
    ("head", "seen", "published"),
    [
        ('<meta property="article:published_time" content="1987-06-05">', "", "1987-06-05"),
        ('<meta name="date" content="1944-08-26">', "", "1944-08-26"),
        ("", "<p class='article__date'>Publié le 1er août 2024</p>", "2024-08-01"),
        ("", "<span class='publi-date'>Par J. M., le 1er août 2024 à 9h05</span>", "2024-08-01T09:05"),
        (
            "",
            "<p class='meta'>Publié le 01 mars 2024 à 18h05, modifié le 2 mars 2024</p>",
            "2024-03-01T18:05",
        ),
        (linked(datePublished="2024-03-01"), "<p class='date'>Mis à jour le 2 mars 2024</p>", "2024-03-01"),
        ("", "<time datetime='2024-03-01T18:05'>1er mars 2024</time>", "2024-03-01T18:05"),
        ("", "<time datetime='2024-03-01T18:05' class='publié'>vendredi</time>", "2024-03-01T18:05"),
        (linked(datePublished="2024-03-01"), "<time>1er mars 2024 à 18:05</time>", "2024-03-01T18:05"),
        (linked(datePublished="2024-03-01"), "<time>2 mars 2024 à 18:05</time>", "2024-03-01"),
        (linked(datePublished="2024-03-01T00:00:00Z"), "", "2024-03-01"),
        ("", "<span class='date'>Publié le 01/03/2024 à 18:05</span>", "2024-03-01T18:05"),
        ('<meta name="cXenseParse:recs:publishtime" content="2024-03-01T18:05Z">', "", "2024-03-01T18:05"),
        (linked(datePublished="demain", dateModified="2024-03-02"), "", ""),
        ("<script type='application/ld+json'>{cassé</script>", "", ""),
    ],
)
def test_the_date_of_a_page(write: Write, head: str, seen: str, published: str) -> None:
    assert page(write, head, f"<article><h1>Le vote</h1>{seen}{BODY}</article>").published == published


def test_what_a_page_says_goes_before_its_address(write: Write) -> None:
    link = '<link rel="canonical" href="https://exemple.fr/2024/03/05/vote.html">'
    said = '<meta property="article:published_time" content="2024-03-01T18:05:00+01:00">'
    assert page(write, link).published == "2024-03-05"
    assert page(write, link + said).published == "2024-03-01T18:05"
    assert page(write, link + said).url == "https://exemple.fr/2024/03/05/vote.html"


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (linked(mainEntityOfPage={"@id": "https://exemple.fr/vote"}), "https://exemple.fr/vote"),
        (
            linked(mainEntityOfPage=True, **{"@id": "https://exemple.fr/vote#article"}),
            "https://exemple.fr/vote",
        ),
        ("<!-- saved from url=(0023)https://exemple.fr/vote -->", "https://exemple.fr/vote"),
        (
            "<!--\n Page saved with SingleFile \n url: https://exemple.fr/vote \n saved date: 2024 -->",
            "https://exemple.fr/vote",
        ),
        ("<meta property='og:url' content='/vote'>", ""),
    ],
)
def test_the_address_of_a_page_without_canonical_one(write: Write, head: str, url: str) -> None:
    assert page(write, head).url == url


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Vote : trois points de plus</title>", "Vote : trois points de plus"),
        ("<title>Vote : trois points de plus - Gazette Exemple</title>", "Vote : trois points de plus"),
        ("<title>Vote : trois points | Gazette</title>", "Vote : trois points"),
        (
            "<title>Armeil. Vote : la hausse, « enfin » : récit</title>",
            "Armeil. Vote : la hausse, « enfin » : récit",
        ),
        ("<title>Armeil. Vote : la hausse : récit - La Gazette</title>", "Armeil. Vote : la hausse : récit"),
        (
            '<title>La Gazette | Vote : la hausse</title><meta property="og:site_name" content="La Gazette">',
            "Vote : la hausse",
        ),
        (
            '<title>DIRECT. Vote - hausse - La Gazette</title><meta property="og:title" '
            'content="DIRECT. Vote - hausse">',
            "DIRECT. Vote - hausse",
        ),
        ('<meta property="og:title" content="Le vote | Vidéo et plus">', "Le vote | Vidéo et plus"),
        (
            '<meta property="og:title" content="Vote - hausse - La Gazette"><meta property="og:site_name" '
            'content="La Gazette">',
            "Vote - hausse",
        ),
    ],
)
def test_a_colon_belongs_to_the_title(write: Write, head: str, title: str) -> None:
    assert page(write, head, f"<article>{BODY}</article>").title == title


def test_a_title_is_the_heading_that_it_begins_with(write: Write) -> None:
    assert page(write, '<meta property="og:title" content="Le vote | Gazette | Région">').title == "Le vote"


def test_a_page_for_subscribers_is_told(write: Write) -> None:
    content = (
        f"<html><head>{linked(isAccessibleForFree='False')}</head><body><h1>Le vote</h1>{BODY}</body></html>"
    )
    path = write("page.html", content)
    lost, record = read([path])
    assert isinstance(record, Article)
    reason = "text: the page is for subscribers: what was saved may be only the beginning"
    assert lost == LostField(path, 0, "text", reason)


@pytest.mark.parametrize(
    "content",
    [
        "<h1>{{ article.title }}</h1><p>{{ article.lead }}</p><div>{{{ article.body }}}</div>",
        f"<h1>Le vote</h1>{BODY}<p>{{{{ a }}}}</p><p>{{{{ b }}}}</p><p>{{{{ c }}}}</p>",
        f"<html><head><title>{{{{ titre }}}}</title></head><body><article>{BODY}</article></body></html>",
    ],
)
def test_a_page_that_is_a_template_is_rejected(write: Write, content: str) -> None:
    path = write("page.html", content)
    reason = "the page is a template: it was saved before its script had filled it"
    assert list(read([path])) == [Rejected(path, 0, reason)]


def test_a_template_in_a_script_is_no_text(write: Write) -> None:
    script = "<script type='text/template'><p>{{ a }}</p>{{ b }}{{ c }}{{ d }}</script>"
    assert page(write, script).body == "\n\n".join(PARAGRAPHS)


def test_an_article_that_shows_a_placeholder_is_read(write: Write) -> None:
    body = f"<article><h1>Le vote</h1>{BODY}<p>Le site affichait « {{{{ total }}}} » dimanche.</p></article>"
    assert "« {{ total }} »" in page(write, "", body).body


HIDDEN = "Le mot de passe du coffre est tournesol, et personne ne doit le lire dans un article de presse."
HOSTILE = {
    "external entity": '<!DOCTYPE html [<!ENTITY x SYSTEM "file://SECRET">]>PAGE&x;',
    "external parameter entity": '<!DOCTYPE html [<!ENTITY % x SYSTEM "file://SECRET"> %x;]>PAGE',
    "document type elsewhere": '<!DOCTYPE html SYSTEM "http://x.test/a.dtd">PAGE',
    "xml": '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file://SECRET">]>'
    '<html xmlns="http://www.w3.org/1999/xhtml">PAGE<p>&x;</p></html>',
    "xinclude": '<html xmlns:xi="http://www.w3.org/2001/XInclude">PAGE'
    '<xi:include href="file://SECRET" parse="text"/></html>',
    "stylesheet": '<?xml-stylesheet type="text/xsl" href="file://SECRET"?>PAGE',
    "frames": '<base href="http://x.test/">PAGE<iframe src="file://SECRET"></iframe>'
    '<object data="file://SECRET"></object><embed src="http://x.test/a">'
    '<link rel="import" href="file://SECRET"><meta http-equiv="refresh" content="0;url=http://x.test/">',
    "laughs": "<!DOCTYPE html [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    + "]>PAGE&a11;",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_is_fetched_for_a_page_nor_included(
    write: Write, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    secret = write("secret.txt", HIDDEN)
    page = f"<title>Titre</title><body><article><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>"
    (record,) = read([write("page.html", HOSTILE[kind].replace("SECRET", secret).replace("PAGE", page))])

    assert isinstance(record, Article)
    assert PARAGRAPHS[1] in record.body
    assert "tournesol" not in repr(record)
    assert len(record.body) < 1000
