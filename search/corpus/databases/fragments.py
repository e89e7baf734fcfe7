"""One item of an HTML export as a tree, and its elements by their classes."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from search.corpus.format import Records
from search.corpus.markup import text_of
from search.corpus.record import BadRecord, Fault, Omission, RawRecord
from search.errors import Translatable


class Fragment:
    """A piece of HTML, parsed by itself: what is broken in it harms no other piece.

    Elements are found by the words of their ``class``, or by their ``id`` written as ``#id``. Raises
    BadRecord where nothing of the piece can be parsed.
    """

    def __init__(self, html: str) -> None:
        self.root = _parsed(html)
        self.position: dict[Any, int] = {}
        self._named: dict[str, list[Any]] = {}
        for number, element in enumerate(self.root.iter("*")):
            self.position[element] = number
            for name in _names(element):
                self._named.setdefault(name, []).append(element)

    def all(self, name: str) -> list[Any]:
        """The elements of this class or id, in the order of the document."""
        return self._named.get(name, [])

    def first(self, *names: str) -> Any:  # noqa: ANN401 - an element of lxml, which is untyped
        """The first element of the first of these names that occurs; None where none does."""
        return next((self._named[name][0] for name in names if name in self._named), None)

    def text(self, *names: str) -> str:
        """The text of ``first``; ``""`` where there is none."""
        element = self.first(*names)
        return "" if element is None else text_of(element)


def read_fragments(pieces: Sequence[str], record: Callable[[Fragment, str], RawRecord | Omission]) -> Records:
    """Read the pieces of an export with ``record``, which takes a label for messages too.

    A piece that cannot be read is a Fault. Raises BadRecord where there is no piece.
    """
    if not pieces:
        raise BadRecord("no document in it")
    for number, html in enumerate(pieces, 1):
        try:
            yield record(Fragment(html), Translatable("document {}: ", number))
        except BadRecord as error:
            yield Fault(Translatable("document {}: {}", number, error.reason))


def written_text(element: Any) -> str:  # noqa: ANN401
    r"""The text of an element with all its gaps, ``\n`` for a line break; ``""`` for None."""
    return "" if element is None else "".join(_written(element))


def _written(element: Any) -> Iterator[str]:  # noqa: ANN401
    yield element.text or ""
    for child in element:
        yield "\n" if child.tag == "br" else ""
        yield from _written(child)
        yield child.tail or ""


def _names(element: Any) -> Iterator[str]:  # noqa: ANN401
    yield from element.get("class", "").split()
    if identifier := element.get("id"):
        yield f"#{identifier}"


def _parsed(html: str) -> Any:  # noqa: ANN401
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        # An element around it: the parser would wrap words that stand alone in a paragraph.
        root = etree.fromstring(b"<div>" + html.encode("utf-8", "replace"), parser)
    except etree.LxmlError as error:
        raise BadRecord(Translatable("the HTML is too broken to read ({})", error)) from error
    if root is None:
        raise BadRecord("no HTML element in it")
    return root
