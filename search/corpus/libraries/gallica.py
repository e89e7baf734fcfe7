"""The plain text of Gallica ("texteBrut"): a catalogue entry, then the recognised text of the document.

It lies as text, as a web page, or in a table whose columns are the entry and the text.
"""

import re
from collections.abc import Iterable, Iterator

from search.corpus.encodings import decode, read_text
from search.corpus.format import Format, Records
from search.corpus.libraries.ark import ark, gallica_address
from search.corpus.markup import text_of
from search.corpus.names import natural
from search.corpus.record import FIELDS, BadRecord, Fault, RawRecord
from search.corpus.source import Source
from search.corpus.streams import read_all
from search.corpus.tables import read_table
from search.corpus.values import by_name
from search.errors import Translatable
from search.text.line_breaks import MARKS, is_cut, join_lines

_ENTRIES, _TEXT = ("entete", "en_tete"), "textebrut"
_HEADER_LIMIT = 100_000  # characters of the longest entry
_REQUEST = "Rappel de votre demande"
_ENTRY = "Notice complète"
_END_OF_ENTRY = re.compile(r"En savoir plus sur l['’]OCR[ \t]*")
_ACCURACY = re.compile(r"Le texte affiché peut comporter[^\n]*\n?")
_LINE = re.compile(r"^[ \t]*(?P<name>[^\W\d_][^\n:]{0,40}):(?P<value>[^\n]*)", re.MULTILINE)
_TITLE_END = re.compile(r" : | / | = |, puis | \[")
_PLACE = re.compile(r"\(([^()]+)\)[ .]*$")
_CUT = re.compile(rf"(?<=\w[{MARKS}])[ \t\r]*\n\s*")
_SENTENCE_END = re.compile(r"[.!?…][ \u00a0]?[»\")\]]*$")
_LANGUAGE = "language.label."
_LEFT_OVER = ("Contributeur", "Type", "Droits", "Description", "Éditeur", "Date de mise en ligne")


def is_gallica(source: Source) -> bool:
    """Whether a file is a catalogue entry with a recognised text below."""
    return _REQUEST in source.opening and "Notice compl" in source.opening


def is_gallica_table(source: Source) -> bool:
    """Whether a table has a column of entries and a column of recognised texts."""
    return _TEXT in source.names and not source.names.isdisjoint(_ENTRIES)


def is_gallica_list(source: Source) -> bool:
    """Whether a table lists documents of Gallica and has no column of text."""
    is_table = source.extension in (".csv", ".tsv") and not source.names.isdisjoint(("identifier", "ark"))
    return is_table and bool(ark(source.opening)) and source.names.isdisjoint((*FIELDS["text"], _TEXT))


def read_gallica(source: Source) -> Records:
    """Read one document; raises BadRecord where it cannot be read."""
    text = _text_of_page(source) if source.opening.lstrip().startswith("<") else read_text(source)
    yield _record(text)


def read_gallica_table(source: Source) -> Records:
    """Read one document from each row."""
    for row in read_table(source):
        if isinstance(row, Fault):
            yield row
        else:
            values = {name: str(value) for name, value in by_name(row.fields).items()}
            header = "\n".join(values[name] for name in _ENTRIES if name in values)
            yield _from_entry(_entry(header), values[_TEXT], row.line)


def read_gallica_list(source: Source) -> Records:
    """Raise BadRecord: titles alone are no articles."""
    raise BadRecord(
        "a list of documents of Gallica without their texts; fetch these (address.texteBrut) and index them"
    )


def _text_of_page(source: Iterator[bytes]) -> str:
    """The text of a web page, where each paragraph is a line; lines end at cut words too."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    page = _CUT.sub("<br>", decode(read_all(source)))
    try:
        root = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise BadRecord(Translatable("not a web page: {}", error)) from error
    return text_of(root).replace("\n\n", "\n")


def _record(text: str) -> RawRecord:
    """The record of a document; what comes before its text is its entry."""
    accuracy = _ACCURACY.search(text, 0, _HEADER_LIMIT)
    end = _END_OF_ENTRY.search(text, 0, _HEADER_LIMIT) or accuracy
    if not end:
        raise BadRecord("the catalogue entry has no end; no recognised text follows it")
    return _from_entry(_entry(text[: (accuracy or end).start()]), text[end.end() :])


def _from_entry(entry: dict[str, list[str]], text: str, line: int = 0) -> RawRecord:
    def first(name: str) -> str:
        return next(iter(entry.get(name, ())), "")

    title = first("Titre")
    key = ark(first("Identifiant"))
    is_serial = any("série" in kind for kind in entry.get("Type", ["série"]))
    fields: dict[str, object] = {
        "id": key,
        "title": title,
        "text": "\n\n".join(_paragraphs(text.split("\n"))),
        "date": first("Date d'édition"),
        "source": _TITLE_END.split(title)[0].strip() if is_serial else "",
        "author": [natural(name) for name in entry.get("Auteur", ())],
        "place": _place(entry.get("Éditeur", [])),
        "lang": first("Langue").removeprefix(_LANGUAGE),
        "url": gallica_address(key),
    }
    # Their own names are kept apart from ours: "Description" is a number of the paper, no standfirst.
    left_over = {f"notice {name}": entry[name] for name in _LEFT_OVER if name in entry}
    return RawRecord(fields | left_over, line)


def _entry(header: str) -> dict[str, list[str]]:
    """The values of a catalogue entry by their names; a name may come several times."""
    entry: dict[str, list[str]] = {}
    for line in _LINE.finditer(header[header.find(_ENTRY) + len(_ENTRY) :] if _ENTRY in header else header):
        if line["value"].strip():
            entry.setdefault(line["name"].strip().replace("’", "'"), []).append(line["value"].strip())
    return entry


def _place(publishers: Iterable[str]) -> str:
    return next((match[1] for name in publishers if (match := _PLACE.search(name))), "")


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """Join lines of print to paragraphs; headings in capitals, and what ends with a sentence, stay apart."""
    paragraph: list[str] = []
    is_over = False
    for line in map(str.strip, lines):
        if not line:
            is_over = True
            continue
        last = paragraph[-1] if paragraph else ""
        if last and not is_cut(last, line) and (is_over or _is_end(last, line)):
            yield join_lines(paragraph)
            paragraph.clear()
        paragraph.append(line)
        is_over = False
    yield join_lines(paragraph)


def _is_end(line: str, following: str) -> bool:
    if line.isupper() != following.isupper():
        return True
    return bool(_SENTENCE_END.search(line)) and not following[0].islower()


_ELEMENTS = {
    "title": "Titre :",
    "source": "Titre :",
    "date": "Date d'édition :",
    "author": "Auteur :",
    "place": "Éditeur : … (…)",
    "lang": "Langue :",
    "id": "Identifiant :",
    "text": "En savoir plus sur l'OCR",
}
GALLICA = Format("Gallica", is_gallica, read_gallica, _ELEMENTS)
GALLICA_TABLE = Format("Gallica table", is_gallica_table, read_gallica_table, _ELEMENTS)
GALLICA_LIST = Format("list of Gallica", is_gallica_list, read_gallica_list)
