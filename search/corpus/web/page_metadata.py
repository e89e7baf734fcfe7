"""What a page says of its article outside the text: JSON-LD before meta elements, both before its address."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from search.corpus.prose import collapsed
from search.corpus.web.linked_data import article_data, breadcrumb, is_false, names
from search.text.published import parse_published

_DATES = (
    *("article:published_time", "og:article:published_time", "datepublished", "article.published"),
    *("date", "pubdate", "publish-date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date"),
    *(
        "cxenseparse:recs:publishtime",
        "parsely-pub-date",
        "sailthru.date",
        "citation_publication_date",
        "publication_date",
    ),
)
_SECTIONS = ("article:section", "og:article:section")
_KEYWORDS = ("news_keywords", "keywords")
_DESCRIPTIONS = ("og:description", "description")
_TIERS = ("article:content_tier", "og:article:content_tier")
# A date that readers see, as "Publié le 1er août 2024 à 9h30".
_SEEN = re.compile(
    r"(?P<day>(?:1er|\d{1,2}) [^\W\d_]{3,9}\.? \d{4}|\d{1,2}/\d{1,2}/\d{4})"
    r"(?:(?: à|,| -)? \d{1,2} ?[h:] ?\d{2})?",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"\s*(?:mis(?:e)? à jour|modifié|actualisé)", re.IGNORECASE)
_DATED = re.compile(
    r"(?:^|[\s_-])(?:date|dateline|pubdate|publi\w*|time|timestamp|meta|byline|info)(?:$|[\s_-])"
)
_SEEN_LENGTH = 200
_FRONT_PAGE = ("", "à la une", "une", "home", "accueil")
_ADDRESS = re.compile(r"^https?://(?:www\.)?|/+$")
_BY = re.compile(r"^(?:par|auteure?s?|by|von)\b[\s:]+", re.IGNORECASE)
_MARKS = ("|", "-", "–", "—", "·")  # between a title and the name of a site
_SITE = re.compile(r"\s[|–—•·-]\s(?:(?!\s-\s)[^|–—•·]){1,40}$")

_SAVED_FROM = re.compile(
    r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(?P<address>https?://\S+)"
)
_HEAD = 5_000  # characters


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """The fields of a page, ``""`` where it does not say them; ``locked`` where it is for subscribers only.

    ``published`` is as the page writes it; it can be read. ``other_url`` is the address that JSON-LD gives.
    """

    published: str
    authors: list[str]
    section: str
    keywords: list[str]
    source: str
    url: str
    other_url: str
    description: str
    locked: bool


def page_metadata(tree: Any, scope: Any) -> PageMetadata:  # noqa: ANN401 - elements of lxml, which is untyped
    """The metadata of a page; ``scope`` is the element around the article, where dates can be seen."""
    linked, metas = article_data(tree), _metas(tree)
    publisher = names(linked.get("publisher"))
    source = _ADDRESS.sub("", _first(metas, ("og:site_name",)) or (publisher[0] if publisher else ""))
    dates = [linked.get("datePublished"), *_all(metas, _DATES), *_marked_dates(tree), *_seen_dates(scope)]
    listed = (*names(linked.get("articleSection")), *_all(metas, _SECTIONS), *breadcrumb(tree)[1:-1])
    sections = [part.strip() for section in listed for part in section.split(",")]
    return PageMetadata(
        published=_published(date.strip() for date in dates if isinstance(date, str)),
        authors=[name for name in names(linked.get("author")) if name != source],
        section=next((section for section in sections if section.lower() not in _FRONT_PAGE), ""),
        keywords=_keywords(linked, metas),
        source=source,
        url=_canonical(tree),
        other_url=_linked_address(linked),
        description=_first(metas, _DESCRIPTIONS),
        locked=is_false(linked.get("isAccessibleForFree")) or _first(metas, _TIERS) in ("locked", "metered"),
    )


def page_title(tree: Any, extracted: str, source: str) -> str:  # noqa: ANN401
    """The title of a page without the name of its site; ``extracted`` is the one of trafilatura.

    It cuts the element ``title`` at any mark; a colon belongs to the title.
    """
    element = tree.find(".//head/title")
    whole = "" if element is None else collapsed(element.text_content())
    headings = [collapsed(heading.text_content()) for heading in tree.iter("h1")]
    for heading in headings:
        if heading and extracted.startswith((f"{heading} | ", f"{heading} - ", f"{heading} – ")):
            return heading
    # After a point, as in "Armeil. Vote : récit - La Gazette", it takes what is behind the last mark.
    is_rest = whole.endswith(f" {extracted}") and extracted not in _metas(tree).get("og:title", [])
    title = extracted
    if extracted not in headings and (is_rest or whole.startswith(f"{extracted} ")):
        for mark in _MARKS:
            whole = whole.removeprefix(f"{source} {mark} ") if source else whole
        title = _SITE.sub("", whole)
    for mark in _MARKS:
        title = title.removesuffix(f" {mark} {source}") if source else title
    return title


def saved_from(html: str) -> str:
    """The address that a browser or SingleFile wrote at the head of a saved page; ``""`` without it."""
    saved = _SAVED_FROM.search(html[:_HEAD])
    return saved["address"] if saved else ""


def cleaned_author(author: str, source: str) -> str:
    """The author that trafilatura found in the page, without "Par"; ``""`` where it is the paper."""
    name = _BY.sub("", author)
    return "" if name == source else name


def _metas(tree: Any) -> Mapping[str, list[str]]:  # noqa: ANN401
    """The contents of the meta elements by their name, in lower case."""
    metas: dict[str, list[str]] = {}
    for meta in tree.iterfind(".//meta[@content]"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if content := meta.get("content").strip():
            metas.setdefault(name.lower(), []).append(content)
    return metas


def _all(metas: Mapping[str, list[str]], wanted: tuple[str, ...]) -> Iterator[str]:
    return (content for name in wanted for content in metas.get(name, ()))


def _first(metas: Mapping[str, list[str]], wanted: tuple[str, ...]) -> str:
    return next(_all(metas, wanted), "")


def _keywords(linked: Mapping[str, object], metas: Mapping[str, list[str]]) -> list[str]:
    given = names(linked.get("keywords")) or metas.get("article:tag", [])
    if len(given) <= 1:
        listed = given[0] if given else _first(metas, _KEYWORDS)
        given = [part.strip() for part in re.split("[,;]", listed)]
    return list(dict.fromkeys(filter(None, given)))


def _canonical(tree: Any) -> str:  # noqa: ANN401
    link = tree.find('.//link[@rel="canonical"]')
    address = "" if link is None else (link.get("href") or "").strip()
    return address if address.startswith(("http://", "https://")) else ""


def _linked_address(linked: Mapping[str, object]) -> str:
    page = linked.get("mainEntityOfPage")
    candidates = (linked.get("url"), page.get("@id") if isinstance(page, dict) else page, linked.get("@id"))
    addresses = (text.partition("#")[0] for text in candidates if isinstance(text, str))
    return next((address for address in addresses if address.startswith("http")), "")


def _marked_dates(tree: Any) -> Iterator[str]:  # noqa: ANN401
    """The dates of elements that say that they hold the day of publication."""
    for element in tree.iterfind('.//*[@itemprop="datePublished"]'):
        yield element.get("datetime") or element.get("content") or ""
    for element in tree.iterfind(".//time[@datetime]"):
        if element.get("pubdate") is not None or "publi" in (element.get("class") or ""):
            yield element.get("datetime")


def _seen_dates(scope: Any) -> Iterator[str]:  # noqa: ANN401
    """The dates that readers see around the article, in elements that are for dates."""
    for element in scope.iter("time", "p", "span", "div", "li"):
        if element.tag != "time" and not _DATED.search((element.get("class") or "").lower()):
            continue
        text = collapsed(element.text_content())
        if len(text) > _SEEN_LENGTH or _CHANGED.match(text):
            continue
        if seen := _SEEN.search(text):
            yield seen[0]
            yield seen["day"]
        if element.tag == "time":
            yield element.get("datetime") or ""


def _published(dates: Iterator[str]) -> str:
    """The first date that can be read, or a later one of the same day that has its hour."""
    best, day = "", ""
    for date in dates:
        try:
            published = parse_published(date)
        except ValueError:
            continue
        if published.endswith("T00:00"):  # a day whose hour the page does not know
            date = published = published[:10]
        if not day:
            best, day = date, published
        if published.startswith(f"{day[:10]}T") and len(day) >= len("2024-01-01"):
            return date
    return best
