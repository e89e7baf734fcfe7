"""NewsML 1: news items as a tree of components, as AFP and the Swiss agency send them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from search.corpus.agencies.conventions import authors, place_of, story, unindented
from search.corpus.agencies.elements import Element, child, children, value, values
from search.corpus.agencies.nitf import nitf_fields, nitf_text
from search.corpus.format import Format, Records
from search.corpus.markup import plain, text_of
from search.corpus.record import Fault, Omission, RawRecord
from search.corpus.source import Source
from search.corpus.xml_tree import recovered_xml
from search.errors import Translatable

_MEDIA = frozenset(
    "animation audio caption graphic image infographic photo picture preview quicklook sketch sound still "
    "thumbnail video videographic".split()
)
_TITLES = frozenset(("headline", "title"))
_STANDFIRSTS = frozenset(("abstract", "lead", "standfirst", "summary"))
_PROVIDER_ONLY = 3
"""Parts of ``urn:newsml:exemple.fr``, which names a provider and no item."""


@dataclass(frozen=True, slots=True)
class _Content:
    """A content with a text, and the role of its component in small letters: ``lead``, ``body``."""

    role: str
    element: Element
    text: str


@dataclass(frozen=True, slots=True)
class _Story:
    """The texts of one article, and its components from the inner to the outer."""

    components: tuple[Element, ...]
    contents: list[_Content]


@dataclass(slots=True)
class _Parts:
    """What lies in a component: articles of their own, texts that need a title, and media.

    Media are components, or contents beside a text.
    """

    stories: list[_Story] = field(default_factory=list)
    contents: list[_Content] = field(default_factory=list)
    media: list[Element] = field(default_factory=list)


def read_newsml(source: Source) -> Records:
    """Read the items of a file in their order; raises BadRecord where it is no XML.

    What can be read of broken XML is read, and the error is a Fault. An item with several components that
    have a headline and a text gives several articles; one that has only a headline is a flash. Pictures and
    other media, and items without text, are omissions.
    """
    root, error = recovered_xml(source)
    sent = value(root, "NewsEnvelope/DateAndTime")
    for item in root.iter("{*}NewsItem"):
        yield from _item(item, sent)
    if error:
        yield Fault(error)


def _item(item: Element, sent: str) -> Records:
    whole = _Parts()
    for component in children(item, "NewsComponent"):
        parts = _parts(component, (component,))
        whole.stories += parts.stories
        whole.media += parts.media
        if parts.contents:
            whole.stories.append(_Story((component,), parts.contents))
    # Once for each component: the articles of an item share the outer ones.
    components = {one for article in whole.stories for one in article.components}
    keywords = {component: _keywords(component) for component in components}
    for number, article in enumerate(whole.stories):
        words = list(dict.fromkeys(word for one in article.components for word in keywords[one]))
        yield RawRecord(
            {**_fields(item, article, sent), "id": _id(item, article, number), "keywords": words},
            line=item.sourceline or 0,
        )
    for medium in whole.media:
        yield Omission(_medium(medium), "it is no text", medium.sourceline or 0)
    if not (whole.stories or whole.media):
        yield Omission(
            "item without text", Translatable("no text in {}", _id(item, None, 0)), item.sourceline or 0
        )


def _parts(component: Element, chain: tuple[Element, ...]) -> _Parts:
    """Sort what lies in a component; a headline makes one article of all texts below it that have none."""
    if _is_media(component):
        return _Parts(media=[component])
    role, contents = value(component, "Role@FormalName").lower(), children(component, "ContentItem")
    parts = _Parts(
        contents=[_Content(role, one, text) for one in contents if (text := _text(one))],
        media=[one for one in contents if _kind(one) in _MEDIA],
    )
    inner = [_parts(one, (one, *chain)) for one in children(component, "NewsComponent")]
    for one in inner:
        parts.stories += one.stories
        parts.media += one.media
    texts = [one.contents for one in inner if one.contents]
    alternatives = component.get("EquivalentsList") == "yes"
    parts.contents += [content for group in (texts[:1] if alternatives else texts) for content in group]
    if value(component, "NewsLines/HeadLine") and (parts.contents or _is_flash(component)):
        parts.stories.insert(0, _Story(chain, parts.contents))
        parts.contents = []
    return parts


def _is_flash(component: Element) -> bool:
    """Whether nothing but the headline of a component can be its text."""
    inside = ("NewsComponent", "NewsItem", "NewsItemRef", "ContentItem[@Href]")
    return all(child(component, name) is None for name in inside)


def _is_media(component: Element) -> bool:
    """Whether a component is a picture, a sound, or the caption of one.

    The text beside a picture is its caption, unless it is an item of NITF.
    """
    if value(component, "Role@FormalName").lower() in _MEDIA:
        return True
    contents = children(component, "ContentItem")
    has_media = any(_kind(content) in _MEDIA for content in contents)
    return has_media and not any(child(content, "DataContent//nitf") is not None for content in contents)


def _medium(element: Element) -> str:
    """What a component or a content is, as ``photo``; else its role."""
    types = [*values(element, "MediaType@FormalName"), *values(element, ".//MediaType@FormalName")]
    named = (name for name in map(str.lower, types) if name in _MEDIA)
    return next(named, "") or value(element, "Role@FormalName").lower() or "media"


def _kind(content: Element) -> str:
    return (
        value(content, "MediaType@FormalName") or value(content, "MimeType@FormalName").split("/")[0]
    ).lower()


def _text(content: Element) -> str:
    """The text of a content: NITF, other elements, or text that may hold HTML; ``""`` for media."""
    data = child(content, "DataContent")
    if data is None or _kind(content) in _MEDIA:
        return ""
    nitf = child(data, ".//nitf")
    if nitf is not None:
        return nitf_text(nitf)
    if len(data):
        return story(text_of(data))
    return story(unindented(plain(data.text or "")))


def _fields(item: Element, article: _Story, sent: str) -> Mapping[str, object]:
    """What an item says of one article, by our fields; the inner component goes before the outer."""
    nitf = _nitf(article)
    inside = nitf_fields(nitf) if nitf is not None else {}
    title = _first(article, "NewsLines/HeadLine") or inside.get("title") or _part(article, _TITLES)
    return {
        "title": title,
        "chapo": _part(article, _STANDFIRSTS)
        or _first(article, "NewsLines/SubHeadLine")
        or inside.get("chapo"),
        "text": story("\n\n".join(_bodies(article)), str(title)),
        "date": value(item, "NewsManagement/ThisRevisionCreated", "NewsManagement/FirstCreated")
        or _first(article, "DescriptiveMetadata/DateLineDate")
        or value(item, "Identification/NewsIdentifier/DateId")
        or sent,
        "source": _first(
            article,
            "AdministrativeMetadata/Provider/Party@FormalName",
            "AdministrativeMetadata/Source/Party@FormalName",
            "NewsLines/CreditLine",
        )
        or value(item, "Identification/NewsIdentifier/ProviderId"),
        "section": _section(article),
        "place": _place(article) or inside.get("place"),
        "author": authors(_first(article, "NewsLines/ByLine")) or inside.get("author"),
        "lang": _first(article, "DescriptiveMetadata/Language@FormalName", "@xml:lang")
        or value(item, "@xml:lang"),
        "word_count": _words(article),
        "SlugLine": _first(article, "NewsLines/SlugLine"),
        "Urgency": value(item, "NewsManagement/Urgency@FormalName"),
        "Status": value(item, "NewsManagement/Status@FormalName"),
    }


def _first(article: _Story, *places: str) -> str:
    return next((text for component in article.components if (text := value(component, *places))), "")


def _nitf(article: _Story) -> Element:
    inside = (child(content.element, "DataContent//nitf") for content in article.contents)
    return next((nitf for nitf in inside if nitf is not None), None)


def _part(article: _Story, roles: frozenset[str]) -> str:
    return next((content.text for content in article.contents if content.role in roles), "")


def _bodies(article: _Story) -> Iterator[str]:
    return (one.text for one in article.contents if one.role not in _TITLES | _STANDFIRSTS)


def _section(article: _Story) -> str:
    """The category of the first subject that has one; a code of figures alone says nothing to a reader."""
    category = _first(article, "DescriptiveMetadata/SubjectCode/*@cat")
    codes = (
        code
        for component in article.components
        for code in values(component, "DescriptiveMetadata/SubjectCode/*@FormalName")
    )
    return category or next((code for code in codes if not code.isdigit()), "")


def _place(article: _Story) -> str:
    city = "Property[@FormalName='City']@Value"
    return _first(
        article,
        f"DescriptiveMetadata/Location[@HowPresent='Origin']/{city}",
        f"DescriptiveMetadata/Location/{city}",
    ) or place_of(_first(article, "NewsLines/DateLine"))


def _keywords(component: Element) -> list[str]:
    """The keywords of a component itself, and its catchwords."""
    lines = values(component, "DescriptiveMetadata/Property[@FormalName='Keyword']@Value")
    lines += values(component, "NewsLines/KeywordLine")
    for line in children(component, "NewsLines/NewsLine"):
        if value(line, "NewsLineType@FormalName").lower() == "catchword":
            lines += values(line, "NewsLineText")
    return [word.strip() for line in lines for word in line.split(";")]


def _words(article: _Story) -> str:
    return next(
        (
            words
            for one in article.contents
            if (words := value(one.element, "Characteristics/Property[@FormalName='Words']@Value"))
        ),
        "",
    )


def _id(item: Element, article: _Story | None, number: int) -> str:
    """The public identifier of an item; more articles of the same item add the name of their component."""
    known = "Identification/NewsIdentifier"
    public = value(item, f"{known}/PublicIdentifier")
    if len(public.split(":")) <= _PROVIDER_ONLY:
        parts = (
            value(item, f"{known}/{name}") for name in ("ProviderId", "DateId", "NewsItemId", "RevisionId")
        )
        public = ":".join(filter(None, parts)) if value(item, f"{known}/NewsItemId") else ""
    if not (public and article and number):
        return public
    return f"{public}#{article.components[0].get('Duid') or number + 1}"


def _is_newsml(source: Source) -> bool:
    return source.root == "newsml"


NEWSML = Format(
    "NewsML 1",
    _is_newsml,
    read_newsml,
    {
        "id": "PublicIdentifier",
        "title": "HeadLine",
        "chapo": "SubHeadLine, p/@lede",
        "text": "DataContent",
        "date": "ThisRevisionCreated",
        "source": "Provider/Party/@FormalName",
        "section": "SubjectCode/*/@cat",
        "place": "City of Location, DateLine",
        "author": "ByLine",
        "lang": "Language/@FormalName",
        "keywords": "Keyword of Property, KeywordLine",
        "word_count": "Words of Characteristics",
    },
)
