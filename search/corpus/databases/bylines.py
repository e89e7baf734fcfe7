"""The names in a byline."""

import re

_BY = re.compile(r"(?:(?:Propos r|R)ecueillis? par|By|BY|Par|PAR|Por|POR|Von|VON) (?=[A-ZÀ-Ý]\S* \S)")


def names(byline: str) -> list[str]:
    """The authors in a byline such as ``Par Jeanne Modèle;Paul Témoin``."""
    return [name.strip() for name in _BY.sub("", byline.strip(), count=1).split(";") if name.strip()]
