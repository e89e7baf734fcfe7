"""What the labels of Nexis name, in English, French, German, Spanish and Dutch."""

import re
from collections.abc import Mapping, Sequence

from search.corpus.databases.bylines import names
from search.corpus.record import Omission, RawRecord
from search.corpus.values import comparable
from search.errors import Translatable

_OURS = {
    **dict.fromkeys(("headline", "title", "titre", "titel", "titulo", "kop"), "title"),
    **dict.fromkeys(("byline", "author", "auteur", "autor"), "author"),
    **dict.fromkeys(("section", "rubrique", "rubrik", "seccion", "sectie"), "section"),
    **dict.fromkeys(("length", "longueur", "lange", "longitud", "extension", "lengte"), "word_count"),
    **dict.fromkeys(("highlight", "insert", "encart", "chapeau", "abstract", "resume", "resumen"), "chapo"),
    **dict.fromkeys(("subject", "sujet", "schlagwort", "thema", "tema", "onderwerp"), "keywords"),
    **dict.fromkeys(("language", "langue", "sprache", "idioma", "taal"), "lang"),
    **dict.fromkeys(("dateline", "lieu", "ort"), "place"),
    **dict.fromkeys(("surtitre", "kicker", "dachzeile"), "kicker"),
    **dict.fromkeys(("edition", "ausgabe", "edicion", "editie"), "edition"),
    **dict.fromkeys(("body", "full_text"), "text"),
    **dict.fromkeys(("url", "adresse_url"), "url"),
    **dict.fromkeys(("acc_no", "accession_no", "numero_d'acces"), "id"),
}
ELEMENTS = {
    "author": "BYLINE, AUTEUR",
    "section": "SECTION, RUBRIQUE",
    "page": "SECTION, RUBRIQUE",
    "chapo": "HIGHLIGHT, ENCART",
    "word_count": "LENGTH, LONGUEUR",
    "keywords": "SUBJECT, SUJET",
    "lang": "LANGUAGE, LANGUE",
    "place": "DATELINE",
}
"""Where fields lie in each format with labels in capitals."""

_OTHERS = frozenset(
    (
        *("load_date", "date_chargement", "update", "fecha_de_carga", "publication_type", "type_publication"),
        *(
            "tipo_de_publicacion",
            "journal_code",
            "code_revue",
            "zeitungs_code",
            "graphic",
            "graphique",
            "grafik",
        ),
        *("geographic", "geo_localization", "localisation_geo", "organization", "organisation", "organismo"),
        *("company", "societe", "firma", "empresa", "person", "personne", "persona", "industry", "branche"),
        *("secteur_activite", "activity_sector", "ticker", "symbole_boursier", "stock_symbol"),
        *("correction_date", "document_type", "pub_type"),
    )
)
_CUT = re.compile(r"\s*\(\d{1,3}\s*%\)")
_PAGE = re.compile(
    r"(?:^|[;,]\s*)(?:Pg|Pp|P|Pages?|S|Seiten?|Pág|Pag|blz)\b\.?\s*([A-Z]{0,4}-?\d[\w/-]*(?:, ?\d[\w/-]*)*)",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(\d{1,2}:\d{2})(?::\d{2})?\s*([AP]M)?\b(?:\s*[A-Z]{2,4}(?:[+-]\d{1,2})?)?", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:1[6-9]|20)\d{2}\b")
_WEEKDAY = re.compile(
    r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Montag"
    r"|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag|lunes|martes|miércoles|jueves|viernes"
    r"|sábado|domingo|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)\b",
    re.IGNORECASE,
)
_LONGEST_DATE = 120
_RIGHTS = re.compile(r"\s*(?:©|\(c\)|copyright\b)", re.IGNORECASE)


def names_field(written: str) -> bool:
    """Whether what stands before a colon is a label of Nexis that names a field of ours."""
    return comparable(written) in _OURS


def is_label(written: str) -> bool:
    """Whether what stands before a colon is a label of Nexis; words that begin sentences too are left out."""
    return names_field(written) or comparable(written) in _OTHERS


def without_date(head: Sequence[str]) -> tuple[str, list[str]]:
    """The line with the date among the first lines of a document, and the others, without that of the rights.

    The date is never the first line.
    """
    lines = [line for line in head if not _RIGHTS.match(line)]
    for place, line in enumerate(lines):
        if place and len(line) < _LONGEST_DATE and _YEAR.search(line):
            return line, lines[:place] + lines[place + 1 :]
    return "", lines


def record_of_lines(
    label: str, head: Sequence[str], labelled: Mapping[str, str], body: Sequence[str]
) -> RawRecord | Omission:
    """A record from the first lines of a document, its labelled lines, and its text.

    The first lines are the paper, the date and the title. Others are the beginning of the text where no label
    ends the head. The lines of the rights at the end of the text are left out.
    """
    end = len(body)
    while end and _RIGHTS.match(body[end - 1]):
        end -= 1
    paragraphs = body[:end]
    date, others = without_date(head)
    source, title, *more = [*others, "", ""]
    more = [line for line in more if line]
    if labelled:
        labelled = {**labelled, "HEAD": " ".join(more)}
    else:
        paragraphs = [*more, *paragraphs]
    return record(label, title, source, date, labelled, "\n\n".join(paragraphs))


def record(
    label: str, title: str, source: str, date: str, labelled: Mapping[str, str], text: str
) -> RawRecord | Omission:
    """A record from the head of a document, its labelled lines, and its text.

    ``date`` is the whole line, as ``1 mars 2024 vendredi 18:05``. Without a text, it is an Omission.
    """
    fields = _fields(labelled)
    text = "\n\n".join(filter(None, (fields.pop("text", ""), text)))
    if not (text or fields.get("chapo")):
        return Omission("document without text", Translatable("{}document without text ({})", label, source))
    section = fields.get("section", "")
    page = _PAGE.search(section)
    return RawRecord(
        {"title": title, "source": source, "text": text}
        | _moment(date)
        | fields
        | {
            "section": "; ".join(filter(None, map(str.strip, _PAGE.sub(";", section, count=1).split(";")))),
            "page": page[1] if page else "",
            "author": names(fields.get("author", "")),
            "keywords": [name for part in fields.get("keywords", "").split(";") if (name := _subject(part))],
            "lang": fields.get("lang", "").partition(";")[0],
            "place": _place(fields.get("place", "")),
        },
        label=label,
    )


def _fields(labelled: Mapping[str, str]) -> dict[str, str]:
    """The values under our names; a second label of the same meaning stays under its own."""
    fields: dict[str, str] = {}
    for written, value in labelled.items():
        name = _OURS.get(comparable(written), written)
        if value:
            fields[written if name in fields else name] = value
    return fields


def _subject(part: str) -> str:
    return " ".join(_CUT.sub("", part).split())


def _place(dateline: str) -> str:
    """``BEIRUT, March 14 2013`` without its day."""
    return ", ".join(part.strip() for part in dateline.split(",") if not re.search(r"\d", part))


def _moment(line: str) -> dict[str, str]:
    """The date, time and edition in a line such as ``March 1, 2024 Friday 6:05 PM GMT, Late Edition``."""
    year = _YEAR.search(line)
    if year is None:
        return {"date": line}
    rest = _WEEKDAY.sub(" ", line[year.end() :], count=1)
    clock = _CLOCK.search(rest)
    edition = rest[: clock.start()] + rest[clock.end() :] if clock else rest
    return {
        "date": line[: year.end()].strip(),
        "time": " ".join(filter(None, clock.groups())) if clock else "",
        "edition": " ".join(edition.split()).strip(" ,;.-"),
    }
