"""Archival Resource Keys, by which libraries name documents and pages."""

import re

_ARK = re.compile(r"ark:/?\d{5}/[A-Za-z0-9]+(?:/f\d+)?")
_GALLICA = "ark:/12148/"


def ark(text: str) -> str:
    """The first key in a text, with the page where it names one; ``""`` where there is none."""
    match = _ARK.search(text)
    return match[0] if match else ""


def gallica_address(key: str) -> str:
    """The address of a document of Gallica; ``""`` for the key of another library."""
    return f"https://gallica.bnf.fr/{key}" if key.startswith(_GALLICA) else ""
