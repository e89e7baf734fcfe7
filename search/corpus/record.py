"""What readers give: records, faults and omissions; and the names that records give to our fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from search.errors import Translatable, UsageError, translatable

FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "identifiant", "doc_id"),
    "title": ("title", "titre", "headline"),
    "text": (
        *("text", "body", "texte", "contenu", "content", "corps", "maintext", "plaintext"),
        *("fulltext", "full_text", "article_text", "article_body", "articlebody", "body_text", "body_html"),
        *("content_text", "content_html", "raw_text", "texte_integral", "corps_du_texte", "texte_brut"),
    ),
    "chapo": ("chapo", "lead", "lede", "standfirst", "description", "summary", "abstract", "resume"),
    "date": (
        *("date", "published", "published_at", "publishedat", "publication_date", "date_publication"),
        *(
            "date_published",
            "datepublished",
            "date_publish",
            "publish_date",
            "published_date",
            "publishing_date",
            "pubdate",
        ),
        *("date_de_publication", "date_parution"),
    ),
    "time": ("time", "heure"),
    "source": (
        "source",
        "journal",
        "media",
        "publication",
        "publisher",
        "sitename",
        "site_name",
        "media_name",
        "newspaper",
    ),
    "section": ("section", "rubrique", "category", "categorie", "categories"),
    "url": ("url", "link", "lien", "canonical_url", "permalink"),
    "lang": ("lang", "langue", "language"),
    "place": ("place", "lieu", "location", "located"),
    "author": ("author", "authors", "auteur", "auteurs", "byline", "creator", "signature", "journaliste"),
    "page": ("page", "pages"),
    "kicker": ("kicker", "surtitre"),
    "keywords": ("keywords", "keyword", "mots_cles", "mot_cle", "tags"),
    "edition": ("edition",),
    "word_count": ("word_count", "wordcount", "nb_mots", "nombre_de_mots"),
}
"""Our fields, and the names that records may give them, in order of preference.

Case, accents, and the kind of gap between two words are ignored: ``Mots-clés`` is ``mots_cles``.
"""
KNOWN_NAMES = frozenset(name for names in FIELDS.values() for name in names)
"""All names of ``FIELDS``."""


class BadRecord(ValueError):
    """A record or a whole file cannot be read; ``reason`` says why, and can be translated."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = translatable(reason)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the files do not say.

    ``columns`` maps our fields to the names that records use, such as ``{"text": "contenu"}``; raises
    UsageError for a field that does not exist. The defaults replace a blank source or language.
    ``skipped_folders`` are not read, at any depth.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    default_source: str = ""
    default_lang: str = ""
    skipped_folders: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.columns) - set(FIELDS)):
            raise UsageError(
                Translatable("no such field: {}; the fields are {}", ", ".join(unknown), ", ".join(FIELDS))
            )


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record as read from a file; ``label`` names it in messages where there is no line number.

    ``fields`` are its values under their own names, or under ours. A value is text, a number, a list of
    these, or an object as JSON has it. ``aliases`` are names that this format gives to our fields; they go
    before the general ones of ``FIELDS``. A dot leads into an object: ``title.rendered``. ``cut`` says why
    the text is only the beginning of the article; it is ``""`` where the text is whole.
    """

    fields: Mapping[str, object]
    line: int = 0
    label: str = ""
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cut: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A place in a file where a record could not be read."""

    reason: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Omission:
    """A part of a file that is no article, such as a picture; ``kind`` is what it is counted by."""

    kind: str
    reason: str
    line: int = 0
