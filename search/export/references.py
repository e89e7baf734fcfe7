"""What references of an article have in common: the parts of its date, its summary, its key, its address."""

import hashlib
import re

from search.export.content import Content, Export
from search.text.sanitize import clean, flat
from search.types import VALUE_SEPARATOR, Article, Hit

_NO_KEY = re.compile(r"[^A-Za-z0-9_.-]+")
_LINK = re.compile(r"https?://\S+")
_LONGEST_KEY = 100


def date_parts(published: str) -> list[str]:
    """Year, month and day of a date, as far as they are known."""
    return published[:10].split("-") if published else []


def summary(export: Export, hit: Hit) -> str:
    """The standfirst; where there is none and no whole text is written, the excerpt that answers."""
    if hit.article.standfirst or export.content is Content.WHOLE_TEXTS:
        return clean(hit.article.standfirst)
    return clean(hit.snippet.text)


def notes(export: Export, hit: Hit) -> list[str]:
    """The whole text where it is asked for, and the note of the user."""
    whole = [clean(hit.article.body)] if export.content is Content.WHOLE_TEXTS else []
    return [*whole, *filter(None, [clean(export.note(hit.article))])]


def safe_key(article_id: str) -> str:
    """The id, where it has only letters without accent, digits, ``_``, ``.`` and ``-``; else one made of it.

    Two ids have two keys, also where letter case does not count.
    """
    if article_id and not _NO_KEY.search(article_id) and len(article_id) <= _LONGEST_KEY:
        return article_id
    digest = hashlib.sha256(article_id.encode(errors="surrogatepass")).hexdigest()[:12]
    return f"{_NO_KEY.sub('-', article_id)[:40].strip('-.')}-{digest}".lstrip("-")


def address(article: Article) -> str:
    """The address of the article on the web, ``""`` where it is none."""
    url = flat(article.url).strip()
    return url if _LINK.fullmatch(url) else ""


def keywords(article: Article) -> list[str]:
    """The keywords of an article."""
    return [word for word in flat(article.keywords).split(VALUE_SEPARATOR) if word.strip()]


def language_tag(article: Article) -> str:
    """The language as references have it: French is that of France."""
    return "fr-FR" if article.lang in ("", "fr") else flat(article.lang)
