"""The text of a letter, without what mail programs and senders put around it."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from search.corpus.markup import text_of

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_ADDRESS = re.compile(r"[<(\[]?\s?\b(?:https?://|mailto:)\S+(?:[ \t][>)\]])?", re.IGNORECASE)
_SOFT_BREAK = re.compile(r"(?<=\S) \n(?=\S)")
# In these patterns a space is any gap, and ' any apostrophe. Case does not count.
_LETTER = "(?:courriel|e-mail|email|infolettre|lettre d'information|lettre|mail|message|newsletter)s?"
_THIS = "(?:ce|ces|cet|cette|la|le|les|nos|notre|votre)"
_LEAVE = "(?:désabonner|désinscrire|désabonnement|désinscription|unsubscribe)"
_LINES = (
    rf"(?:me |se |vous )?{_LEAVE}(?: ici)?(?: (?:à|de) {_THIS} [^.]{{0,40}})?",
    r"(?:désabonnez|désinscrivez)-vous(?: ici| en un clic)?",
    r"(?:gérer|modifier|mettre à jour) (?:mes|mon|vos|votre) (?:abonnement|alerte|préférence|profil)s?",
    rf"(?:afficher|consulter|lire|ouvrir|voir)(?: {_THIS})?(?: {_LETTER}| version)?"
    r" (?:(?:dans (?:le|mon|un|votre) )?navigateur|en ligne)",
    r"version (?:en ligne|web)",
    r"cliquez ici",
    r"view (?:this [a-z]+ )?in (?:your |a )?browser",
)
_BEGINNINGS = (
    rf"vous (?:recevez|avez reçu) {_THIS} {_LETTER}",
    rf"{_THIS} {_LETTER} vous (?:a été|est) (?:adressée?|destinée?|envoyée?)",
    rf"{_THIS} {_LETTER} (?:a été|est) (?:adressée?|destinée?|envoyée?) à \S{{1,80}}@",
    rf"si vous ne (?:désirez|souhaitez|voulez) plus recevoir (?:{_THIS}|de) {_LETTER}",
    rf"(?:cliquez ici )?pour (?:vous {_LEAVE}|ne plus recevoir (?:{_THIS}|de) {_LETTER})",
    rf"pour (?:gérer vos|être sûre? de recevoir (?:{_THIS}|de) {_LETTER})",
    rf"si (?:ce|cet|cette) {_LETTER} ne s'affiche pas",
    r"vous ne (?:visualisez|voyez) pas (?:correctement )?(?:ce|cet|cette|les images)",
    r"(?:ajoutez|pensez à ajouter) [^.]{0,80}carnet d'adresses",
    r"conformément (?:à la loi (?:du 6 janvier|informatique|n ?°)|au rgpd|au règlement (?:\(ue\)|général))",
)
# A line with such words is for subscribers only near the beginning and the end of a letter.
_AT_EDGES = (
    rf"vous {_LEAVE}|(?:désabonnez|désinscrivez)-vous|lien de {_LEAVE}",
    rf"(?:cliquez|cliquer|ici|souhaite|veux)\b[^.]{{0,60}}\b(?:me|se) {_LEAVE}",
    rf"^\W*(?:me |se )?{_LEAVE}\b[^.]{{0,80}}$",
)
_EDGE = 8  # lines at the beginning and at the end of a letter
_LONGEST = 400  # characters


def _any_of(patterns: Iterable[str]) -> str:
    return "|".join(patterns).replace(" ?", r"\s*").replace(" ", r"\s+").replace("'", "['’]")


_WHOLE = re.compile(rf"\W*(?:{_any_of(_LINES)})\W*", re.IGNORECASE)
_BEGINNING = re.compile(rf"\W{{0,10}}(?:{_any_of(_BEGINNINGS)})", re.IGNORECASE)
_AT_EDGE = re.compile(_any_of(_AT_EDGES), re.IGNORECASE)
_MENU = re.compile(r"\s[|•·–—]\s")


def html_text(html: str) -> str:
    """The text that readers of an HTML part see, a blank line between paragraphs."""
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = lxml_html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):  # it holds nothing
        return ""
    for element in list(root.iter("*")):
        if _HIDDEN.search(element.get("style") or "") or element.get("hidden") is not None:
            _take_out(element)
    return text_of(root)


def plain_text(text: str, *, flowed: bool) -> str:
    """The text of a plain part, without addresses of links; lines that flow on are joined."""
    return _ADDRESS.sub("", _SOFT_BREAK.sub(" ", text) if flowed else text)


def letter_text(text: str) -> str:
    """A text without the lines that are only for subscribers."""
    lines = text.split("\n")
    written = [number for number, line in enumerate(lines) if line.strip()]
    edges = frozenset((*written[:_EDGE], *written[-_EDGE:]))
    return "\n".join(_kept(lines, edges)).strip()


def without_addresses(text: str, addresses: Iterable[str]) -> str:
    """A text without these addresses of e-mail."""
    for address in addresses:
        text = re.sub(rf"(?<![\w.+-])<?{re.escape(address)}>?", "", text, flags=re.IGNORECASE)
    return text.strip()


def _kept(lines: list[str], edges: frozenset[int]) -> Iterator[str]:
    for number, line in enumerate(lines):
        text = line.strip()
        if not text:
            yield ""
        elif any(map(str.isalnum, text)) and not _is_service(text, at_edge=number in edges):
            yield line


def _is_service(line: str, *, at_edge: bool) -> bool:
    if len(line) > _LONGEST:
        return False
    if _BEGINNING.match(line) or any(map(_WHOLE.fullmatch, _MENU.split(line))):
        return True
    return at_edge and _AT_EDGE.search(line) is not None


def _take_out(element: Any) -> None:  # noqa: ANN401 - an element of lxml, which is untyped
    if element.getparent() is not None:
        element.drop_tree()
