"""BibTeX and BibLaTeX: an entry for each article, in UTF-8."""

import re
from collections.abc import Iterator

from search.export.content import Export
from search.export.names import Name, author_names
from search.export.references import address, date_parts, keywords, notes, safe_key, summary
from search.text.sanitize import flat
from search.types import Hit

_SPECIAL = {
    **{sign: f"\\{sign}" for sign in "&%$#_"},
    "\\": "\\textbackslash{}",
    "{": "\\textbraceleft{}",
    "}": "\\textbraceright{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
}
_SIGNS = re.compile("[" + re.escape("".join(_SPECIAL)) + "]")
_LIGATURE = re.compile(r"([-`'<>,])(?=\1)")  # two of them are another sign in LaTeX
_IN_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})
_LANGUAGES = {"": "french", "fr": "french", "en": "english", "de": "german", "es": "spanish", "it": "italian"}


def bibtex_entries(export: Export) -> Iterator[str]:
    """An ``@article`` for each hit, with the fields of BibTeX and of BibLaTeX.

    A title stands in two pairs of braces: styles change the letter case of others, which is wrong in French.
    """
    for hit in export.hits:
        fields = "".join(
            f"  {name} = {{{value}}},\n" for name, value in _fields(export, hit) if value.strip("{ }")
        )
        yield f"@article{{{safe_key(hit.article.id)},\n{fields}}}\n\n"


def latex(text: str) -> str:
    """The text with a command for each sign that LaTeX would obey; letters stay as they are."""
    parted = _LIGATURE.sub("\\1\0", text.replace("\0", ""))
    return _SIGNS.sub(lambda sign: _SPECIAL[sign[0]], parted).replace("\0", "{}")


def _fields(export: Export, hit: Hit) -> Iterator[tuple[str, str]]:
    article = hit.article
    yield "entrysubtype", "newspaper"
    yield "title", f"{{{latex(flat(article.title))}}}"
    yield "author", " and ".join(map(_name, author_names(article.author)))
    for field in ("journal", "journaltitle"):
        yield field, latex(flat(article.source))
    parts = date_parts(article.published)
    yield "date", "-".join(parts)
    yield from zip(("year", "month", "day"), parts, strict=False)
    yield "pages", latex(flat(article.page))
    yield "location", latex(flat(article.place))
    yield "edition", latex(flat(article.edition))
    yield "section", latex(flat(article.section))
    yield "url", address(article).translate(_IN_ADDRESS)
    yield "keywords", ", ".join(latex(word.replace(",", " ")) for word in keywords(article))
    yield "langid", _LANGUAGES.get(article.lang, latex(flat(article.lang)))
    yield "abstract", latex(summary(export, hit))
    for field, note in zip(("note", "annotation"), notes(export, hit), strict=False):
        yield field, latex(note)


def _name(name: Name) -> str:
    """``de La Fontaine, Jean``; a literal name stands in braces."""
    if not name.family:
        return f"{{{latex(name.literal)}}}"
    gap = "" if name.particle.endswith(("'", "’")) else " "
    family = f"{name.particle}{gap}{name.family}".strip()
    return f"{latex(family)}, {latex(name.given)}".replace(" and ", " {and} ")
