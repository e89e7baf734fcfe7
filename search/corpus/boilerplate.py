"""Lines around an article: rights, paywall, advertising, links to other articles, letters, stamps.

Only a whole line goes, and only one that can be nothing else: a sentence that holds the same words stays.
"""

import re
from typing import NamedTuple

_LENGTH_LIMIT = 250  # characters of a line that may go

# In these patterns a space is any gap on one line, and ' any apostrophe. Case does not count.
_READERS = "(?:aux|à nos) abonnés"
_READ_ON = "(?:lire (?:la suite|l'intégralité|cet article)|(?:continuer|poursuivre) (?:la|votre) lecture)"
_ENDS_HERE = (
    r"il vous reste \d{1,3}(?:[.,]\d+)? ?% de (?:cet |l')article[^\n]*",
    rf"la suite(?: de (?:cet |l')article)?(?: est)? réservée {_READERS}",
    rf"(?:cet article est réservé {_READERS}[.,!] )?(?:abonnez|connectez|inscrivez)-vous"
    rf" pour {_READ_ON}[^.:\n]*",
    rf"pour {_READ_ON}[^.:\n]*,? (?:abonnez|connectez|inscrivez)-vous",
)
_ALL_RIGHTS = "(?:tous droits(?: de reproduction[^.\\n]{0,40})? réservés|all rights reserved)"
_RIGHTS = (
    rf"{_ALL_RIGHTS}(?: ?[.,©–—-][^\n]{{0,80}})?",
    rf"(?:©|\(c\)|copyright)[^\n]{{0,150}}{_ALL_RIGHTS}[^\n]{{0,60}}",
    r"© ?(?:\d{4}|(?-i:[A-ZÀ-Þ]))[^\n]{0,120}",
    r"(?:copyright|\(c\))(?: ©| \(c\))? (?:19|20)\d\d\b[^.:;?!\n]{0,60}",
    r"(?:toute )?reproduction(?:,? même partielle,?)?(?: strictement)? interdite(?: sans [^\n]{0,80})?",
    r"le présent document et son usage sont protégés par les lois[^\n]*",
)
_PAYWALL = (
    rf"(?:(?:cet )?(?:article|contenu)(?: est)? )?réservé {_READERS}",
    rf"la lecture de (?:cet article|ce contenu)(?: est)? réservée {_READERS}",
    r"(?:article|contenu) abonnés?",
    r"cet article vous est offert",
    rf"pour lire gratuitement cet article réservé {_READERS}, connectez-vous",
    r"(?:vous êtes )?déjà abonnée? ?\?(?: (?:connectez-vous|identifiez-vous|se connecter|je me connecte))?",
)
_ADVERTISING = (r"(?:passer la |(?:la )?suite après (?:la|cette) )?publicité", r"contenu sponsorisé")
_READ = "(?:[àa] )?(?:re)?(?:lire|lisez|voir|écouter|regarder|découvrir)"
_ALSO = "(?:aussi|également)"
_KIND = (
    "(?:analyse|article|chronique|critique|décryptage|dossier|enquête|entretien|interview|portrait|récit"
    "|reportage|témoignage|tribune|vidéo|éditorial)s?"
)
_MARK = r"(?: \([^)\n]*\))? ?[:|►▶→>•]"
# A headline after "Lire aussi" begins with a capital and has no full stop: a sentence has both.
_HEADLINE = r"""(?![^\n]*\.[^\S\n]*$)(?-i:[A-ZÀ-ÞŒ0-9«"“])[^\n]*"""
_PAGES = r"(?:pages?|p\.) ?\d+(?:(?: et | à |-)\d+)?"
_OTHER_ARTICLES = (
    rf"{_READ} {_ALSO}(?:{_MARK}[^\n]*|(?: [–—-])? {_HEADLINE})?",
    rf"{_READ}(?: {_ALSO})? (?:le |la |les |l'|notre |nos ){_KIND}{_MARK}[^\n]*",
    rf"{_READ}(?: {_ALSO})?(?: (?:nos|notre) [^.\n]{{1,60}})? (?:en )?{_PAGES}",
    r"lire la suite(?: de (?:cet |l')article)?",
    r"(?:écouter|partager) (?:cet |l')article",
    r"(?:sur le même sujet|nos autres articles|articles liés)(?: ?:)?",
)
_LETTER = r"(?:newsletter|infolettre|lettre d'information)s?"
_LETTERS = (
    rf"(?:inscrivez-vous|abonnez-vous|recevez) [^\n]*{_LETTER}\b[^\n]*",
    rf"(?:abonnez-vous|je m'(?:abonne|inscris)|s'(?:abonner|inscrire))(?: à (?:la|notre|nos) {_LETTER})?",
    r"suivez-nous sur [^.\n]{1,60}",
)

_DAY = (
    r"(?: le)?(?: [a-z]{3,5}di| dimanche)? (?:(?:1er|\d{1,2}) [^\W\d_]{3,9}\.? \d{4}|\d{1,2}/\d{1,2}/\d{4})"
)
_STAMP = rf"(?:publié|mis à jour|modifié|actualisé){_DAY}(?:,? (?:à )?\d{{1,2}} ?[h:] ?(?:\d{{2}})?)?"
_STAMPS = (
    rf"{_STAMP}(?: ?[,|·•–—-]? ?{_STAMP})?",
    r"temps de lecture ?: ?\d{1,3} ?min(?:utes?)?",
    r"\d{1,3} ?min(?:utes?)? de lecture",
)


def _compiled(*patterns: str) -> re.Pattern[str]:
    """Whole lines of these patterns, also in brackets, as an item of a list, and with a full stop."""
    text = "|".join(patterns).replace(" ?", r"[^\S\n]*").replace(" ", r"[^\S\n]+").replace("'", "['’]")
    return re.compile(
        rf"^[-–—*•>»|(\[ \t\u00a0]{{0,5}}(?:{text})[-–—*•|)\]. \t\u00a0]{{0,5}}$",
        re.IGNORECASE | re.MULTILINE,
    )


_CUT = _compiled(*_ENDS_HERE)
_LINE = _compiled(*_ENDS_HERE, *_RIGHTS, *_PAYWALL, *_ADVERTISING, *_OTHER_ARTICLES, *_LETTERS, *_STAMPS)
_GAPS = re.compile(r"\n{3,}")


class Stripped(NamedTuple):
    """A text without boilerplate; ``cut`` is the line that says that it goes on elsewhere, else ``""``."""

    text: str
    cut: str


def strip_boilerplate(text: str) -> Stripped:
    r"""Take the lines out of a clean text that are not the article's.

    A text without such lines comes back as it is. Idempotent.
    """
    lines = [match for match in _LINE.finditer(text) if len(match[0]) <= _LENGTH_LIMIT]
    if not lines:
        return Stripped(text, "")
    kept, position = [], 0
    for line in lines:
        kept.append(text[position : line.start()])
        position = line.end()
    rest = _GAPS.sub("\n\n", "".join((*kept, text[position:]))).strip("\n")
    cut = next((line[0] for line in lines if _CUT.fullmatch(line[0])), "")
    return Stripped(rest, cut.strip())
