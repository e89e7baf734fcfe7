"""XML as a tree, without DTD, without network, and within libxml2's own limits of depth and size."""

from collections.abc import Iterator
from typing import Any

from search.corpus.record import BadRecord
from search.corpus.streams import read_all


def parse_xml(source: Iterator[bytes]) -> Any:  # noqa: ANN401 - an element of lxml, which is untyped
    """The root element of an XML file; raises BadRecord where it is too large or not XML.

    Entities of a DTD are not expanded, and nothing is fetched.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(read_all(source), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadRecord(f"not XML: {error}") from error
