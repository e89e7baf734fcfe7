"""Names of people as catalogues and references have them."""

import re

_LIFE = re.compile(r"\s*\((?:\d{3,4}|\?|\.{2,}|[^)]*-[^)]*)\).*$")


def natural(name: str) -> str:
    """A name as it is spoken: "Modèle, Jeanne (1850-1920). Directrice" is "Jeanne Modèle".

    A name without comma stays as it is, and so does one with several.
    """
    plain = _LIFE.sub("", name).strip()
    last, comma, first = (part.strip() for part in plain.partition(","))
    return f"{first} {last}" if comma and first and "," not in first else plain
