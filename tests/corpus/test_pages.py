import logging
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import search
from search.types import Article, Rejected

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
        published="2023-09-11",
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
        [sys.executable, "-c", program, "build", page, "--dry-run"],
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
