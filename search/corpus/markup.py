"""Text out of markup: HTML in a field, and elements of a page or an XML file."""

import html
import re
from collections.abc import Container
from html.entities import html5
from typing import Any

# Words in angle brackets that only markup has: "si a < b et b > c" stays as it is.
_TAG = re.compile(
    r"</?(?:a|abbr|article|aside|b|blockquote|br|center|cite|code|dd|div|dl|dt|em|figcaption|figure|font|footer"
    r"|h[1-6]|header|hr|i|iframe|img|ins|li|mark|ol|p|pre|q|s|script|section|small|span|strike|strong|style|sub"
    r"|sup|table|tbody|td|th|tr|u|ul|video)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|(?P<name>[A-Za-z][A-Za-z0-9]{1,30}));")
_BLOCKS = frozenset(
    "abstract address article aside block blockquote body body.content center dd div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hedline hl1 hl2 hr li main nav ol p pre section "
    "table tbody tr ul".split()
)
_CELLS = frozenset(("td", "th"))
_SILENT = frozenset(("head", "iframe", "noscript", "object", "script", "style", "svg", "template", "video"))


def plain(text: str) -> str:
    """The text of a field: tags become paragraphs, entities become characters.

    Text in which angle brackets and ampersands are no markup stays as it is.
    """
    if _TAG.search(text):
        return text_of(_fragment(_COMMENT.sub("", text)))
    return _ENTITY.sub(_character, text) if "&" in text else text


def text_of(root: Any, skipped: Container[str] = frozenset()) -> str:  # noqa: ANN401 - an element of lxml, which is untyped
    r"""The text of an element of lxml, a blank line between paragraphs, without scripts and styles.

    Elements whose local name is in ``skipped`` are left out. Gaps become one space; no-break spaces stay.
    """
    from lxml import etree

    parts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event in ("comment", "pi"):
            parts.append(_tail(element, root))
            continue
        name = local_name(element)
        gap = "\n\n" if name in _BLOCKS else "\n" if name == "br" else " " if name in _CELLS else ""
        if event == "start":
            parts.append(gap)
            if name in _SILENT or name in skipped:
                walk.skip_subtree()
            else:
                parts.append(_single_spaced(element.text or ""))
        else:
            parts += (gap if name != "br" else "", _tail(element, root))
    text = "\n".join(line.strip(" ") for line in _without_double_spaces("".join(parts)).split("\n"))
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip("\n")


def local_name(element: Any) -> str:  # noqa: ANN401 - an element of lxml, which is untyped
    """The name of an element without its namespace, in lower case; ``""`` for a comment or an entity."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _tail(element: Any, root: Any) -> str:  # noqa: ANN401
    return "" if element is root else _single_spaced(element.tail or "")


def _single_spaced(text: str) -> str:
    """A text with one space for each gap. Replacements take a fifth of the time of an expression here."""
    for gap in "\t\r\n\f":
        text = text.replace(gap, " ")
    return _without_double_spaces(text)


def _without_double_spaces(text: str) -> str:
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def _fragment(text: str) -> Any:  # noqa: ANN401
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, encoding="utf-8")
    return lxml_html.fromstring(f"<div>{text}</div>".encode("utf-8", "replace"), parser=parser)


def _character(entity: re.Match[str]) -> str:
    name = entity["name"]
    return html.unescape(entity[0]) if name is None or f"{name};" in html5 else entity[0]
