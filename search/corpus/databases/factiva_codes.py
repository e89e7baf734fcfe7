"""The two-letter codes of Factiva, which are the same in every language, as fields of ours."""

import re
from collections.abc import Mapping

from search.corpus.databases.bylines import names
from search.corpus.record import Omission, RawRecord
from search.errors import Translatable

CODES = frozenset(
    "AN ART BY CLM CO CR CT CX CY DLN ED ET GC HD IN IPC IPD LA LP NGC NS PD PG PUB RE RF RST SC SE SN TD "
    "VOL WC".split()
)
"""All codes; LP is the beginning of the text, and TD is the rest of it."""

_OURS = {
    "HD": "title",
    "PD": "date",
    "ET": "time",
    "SN": "source",
    "ED": "edition",
    "PG": "page",
    "WC": "word_count",
    "DLN": "place",
}
ELEMENTS = {
    "date": "PD",
    "time": "ET",
    "source": "SN",
    "section": "SE",
    "page": "PG",
    "edition": "ED",
    "word_count": "WC",
    "keywords": "NS and IPD",
    "place": "DLN",
}
"""Where fields lie in each format with codes."""

_NOT_HANDED_ON = frozenset(("AN", "BY", "CY", "IPD", "LA", "LP", "NS", "SE", "TD", *_OURS))
_IN_FIGURES = re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]")
_SUBJECT_CODE = re.compile(r"^\S+ : ")


def record(codes: Mapping[str, str], label: str, language: str = "") -> RawRecord | Omission:
    """A record from the values of the codes; an Omission where there is no text.

    ``language`` is that of the article as the wrapper has it; it goes before the name in LA.
    """
    text = "\n\n".join(filter(None, (codes.get("LP", ""), codes.get("TD", ""))))
    if not text:
        return Omission(
            "document without text", Translatable("{}document without text ({})", label, codes.get("SN", ""))
        )
    fields: dict[str, object] = {name: codes.get(code, "") for code, name in _OURS.items()}
    fields |= {
        "id": codes.get("AN", "").rpartition(" ")[2],
        "text": text,
        "author": names(codes.get("BY", "")),
        "section": codes.get("SE", "") or codes.get("CLM", ""),
        "date": _IN_FIGURES.sub(r"\1-\2-\3", codes.get("PD", "")),
        "lang": language or codes.get("LA", ""),
        "keywords": [*_subjects(codes.get("NS", "")), *_subjects(codes.get("IPD", ""))],
    }
    others = {code: value for code, value in codes.items() if code not in _NOT_HANDED_ON}
    return RawRecord(others | fields, label=label)


def _subjects(descriptors: str) -> list[str]:
    """The names in ``gvote : Elections | gpol : Domestic Politics``."""
    return [_SUBJECT_CODE.sub("", part.strip()) for part in descriptors.split("|") if part.strip()]
