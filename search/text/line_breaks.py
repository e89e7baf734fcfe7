"""Words that a printer cut at the end of a line: which of them keep their hyphen when they are joined."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

MARKS = "-¬\u00ad"
"""What stands at the end of a line after the first half of a word."""

_CUT = re.compile(rf"\w['’]?[{MARKS}]$")
_HALF = re.compile(r"['’]?\w")
_WORD = re.compile(r"[\w'’-]+")

# All lists are in lower case and have no accents but those of "a", which tell "là" from "la": recognition
# often loses the others.
_ALWAYS = frozenset(
    "afro allers apres arriere austro avant belgo celle celles celui centre ceux chauve chef coffre "
    "commissaire couvre gallo grand grandes grands greco guet hauts hispano hors italo judeo lieutenant "
    "là maitre maitres medico nord ouest petit petits peut plate poids politico premier quarante quatre "
    "quelques rond saint sainte saintes saints sang sans sapeurs savoir science semi sino sociaux "
    "soixante sud tiers timbre tout vice vingt volte week".split()
)
"""First halves after which the hyphen is always printed, as in "grand-mère"."""

_FAMILY = "pere|mere|frere|soeur|sœur|fils|fille|parent|famille"
_BEFORE: Mapping[str, re.Pattern[str]] = {
    first: re.compile(second)
    for first, second in {
        "aide": "(?!ra|ro|re)",
        "aller": "retour",
        **dict.fromkeys(("anglo", "franco", "germano", "russo"), "(?!phon|phil|phob)"),
        "au": "delà|dess|devant|dedans|dehors",
        "bas": "relief|fond|cote|ventre|empire",
        "basse": "cour|fosse",
        "beau": _FAMILY,
        "beaux": f"{_FAMILY}|arts",
        "belle": _FAMILY,
        "belles": f"{_FAMILY}|lettres",
        "bien": "etre|aim|fond|pens|portant",
        "casse": "cou|croute|noi|tete",
        "ci": "apres|contre|dess|devant|gi|inclus|joint",
        "co": "aut|ecri|fond|presid|produ|propri",
        "compte": "rend|gout|tour",
        "contre": "[aàâeiou]|culture|feu|jour|manif|mesure|natur|perf|pied|plan|pouv|product|proj|propos"
        "|revol|terror|torp",
        "court": "metr|circuit|vetu",
        "demi": "(?!lit|n)",
        "dernier": "ne",
        "deux": "(?!ieme)",
        "dix": "(?!ieme|aine)",
        "en": "dess|deçà|deca|dehors",
        "entre": "deux|temps",
        "etat": "major",
        "ex": "[bdfgjlmnrv]|avoc|cadr|candid|capit|champ|chef|colon|compag|conjoint|conseil|homme|patron"
        "|petit|prefet|premi|presid|produc|secret",
        "extreme": "(?!ment)",
        "franc": "mac|tir|parl",
        "francs": "mac|tir|parl",
        "garde": "(?!ra|ro|re|rie)",
        "grande": "(?!ment)",
        "huis": "clos",
        "haut": "(?!bois|ain|eur)",
        "haute": "(?!ment|ur)",
        "lance": "flamme|missile|pierre|roquette|torpille",
        "libre": "(?!ment)",
        "long": "metr|courrier",
        "mi": "aout|avril|careme|chemin|clos|course|decembre|distance|fevrier|hauteur|janvier|journee|juillet"
        "|juin|mai$|mandat|mars$|novembre|octobre|septembre|temps|voix",
        "moins": "value|disant",
        "mort": "ne",
        "neo": "zeland|class|liber|nazi",
        "new": "delh|orle|york",
        "non": "(?!chal|obst|ant|ce|ci)",
        "nouveau": "ne",
        "nouveaux": "ne",
        "oui": "dire",
        "outre": "(?!cuid|pass)",
        "par": "ci$|delà|dess|devant|là$",
        "pare": "brise|choc|balle|feu|soleil",
        "passe": "droit|montagne|partout|plat|temps",
        "pele": "mele",
        "petite": "(?!ment|sse)",
        "petites": "",
        "plus": "value",
        "porte": "(?!feuil|mant|ment|ra|ro|re|rio|ur)",
        "proces": "verb",
        "pseudo": "(?!nym)",
        "quasi": "(?!ment)",
        "social": "democ",
        "soi": "disant",
        "sous": "(?!cri|sign|tra(?:ct|ir|it$|its$|ite$|ient|y))",
        "toute": "puiss",
        **dict.fromkeys(("trente", "cinquante"), "(?!naire)"),
        "ultra": "(?!mont|marin|son)",
    }.items()
}
"""First halves after which the hyphen is printed before some second halves only."""

_AFTER: Mapping[str, re.Pattern[str]] = {
    second: re.compile(first)
    for second, first in {
        **dict.fromkeys(("il", "ils", "elle", "elles", "on"), "[td]$"),
        **dict.fromkeys(("je", "nous", "vous", "y", "meme", "memes", "etre"), ""),
        **dict.fromkeys(("moi", "toi", "lui", "leur", "le", "les", "en"), "(?:ez|ons)$"),
        "tu": "[sx]$",
        "ce": "(?:^|['’])(?:est|sera|serait|etait|fut|soit|sont|etaient|seraient)$",
        "ci": "(?:s|jour|heure|annee|semaine)$",
        "là": "(?<!voi)(?<!^ce)(?<!^de)$",
    }.items()
}
"""Second halves that are whole words, and the first halves after which they are; as in "dit-il"."""

_KEPT = str.maketrans("àâ", "\1\2")
_RESTORED = str.maketrans("\1\2", "àâ")
_VOWELS = frozenset("aàâeiouy")
_LINKS = frozenset("à au aux d de des du en es et l la le les sous sur t".split())
_LINKED = re.compile(r"(?:(?:à|au|aux|de|des|du|en|es|et|la|le|les|sous|sur|t)-|[dl]['’](?!hui|hom))\w|à$")


_LONGEST_WORD = 100


def is_cut(line: str, following: str) -> bool:
    """Whether a word begins at the end of one line and goes on at the beginning of the next."""
    return bool(_CUT.search(line[-3:]) and _HALF.match(following))


def joined(before: str, after: str) -> str:
    """Two texts that a cut word divides, as one.

    ``before`` ends with one of ``MARKS``. The mark goes, but where French writes a hyphen it stays or
    becomes one: "recons-" and "truction du" are "reconstruction du", "grand¬" and "mère" are "grand-mère".
    """
    stem = before[:-1]
    first, second = stem.split()[-1:], _WORD.match(after)
    hyphen = first and second and keeps_hyphen(first[0], second[0])
    return f"{stem}-{after}" if hyphen else stem + after


def join_lines(lines: Iterable[str]) -> str:
    """The lines of one paragraph as one line; words cut at line ends are joined, other lines by a space."""
    paragraph: list[str] = []
    for line in lines:
        text = " ".join(line.split())
        before, _, last = paragraph[-1].rpartition(" ") if paragraph else ("", "", "")
        if len(last) < _LONGEST_WORD and is_cut(last, text):
            paragraph[-1:] = [before] if before else []
            text = joined(last, text)
        paragraph += [text] if text else []
    return " ".join(paragraph)


def keeps_hyphen(first: str, second: str) -> bool:
    """Whether French writes a hyphen between the last word of one line and the first of the next."""
    if first[-1] in "'’" or second[0] in "'’":
        return False
    if first[-1].isdigit() or second[0].isdigit() or (second[0].isupper() and not first.isupper()):
        return True
    return _is_compound(_folded(first), _folded(second))


def _is_compound(first: str, second: str) -> bool:
    hyphens, _, part = first.rpartition("-")
    word = re.split("['’]", part)[-1]
    if hyphens and word in _LINKS:
        return True
    if word in _ALWAYS or _LINKED.match(second):
        return True
    if len(word) == 1 and word not in _VOWELS:  # t-shirt
        return True
    if len(word) > len("nez") and word.endswith("ez"):  # rendez-vous, laissez-passer
        return True
    known_before, known_after = _BEFORE.get(word), _AFTER.get(second)
    return bool((known_before and known_before.match(second)) or (known_after and known_after.search(part)))


def _folded(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFC", word.lower()).translate(_KEPT))
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return letters.translate(_RESTORED)
