"""The language of a visitor: that of the settings, else the one that the browser asks for first."""

from search.language import ENGLISH, FRENCH, Code, Language


def visitor_code(chosen: str, accepted: str) -> Code:
    """``fr`` or ``en``: the chosen one, else the first of an ``Accept-Language`` header, else ``fr``.

    A browser that asks for other languages only gets English. The header is read as RFC 9110, 12.5.4 says.
    """
    if chosen:
        return "en" if chosen == "en" else "fr"
    tags = [part.partition(";")[::2] for part in accepted.split(",")]
    wanted = [(_quality(parameters), tag.strip().lower().partition("-")[0]) for tag, parameters in tags]
    wanted = [(quality, tag) for quality, tag in wanted if quality and tag]
    for _, tag in sorted(wanted, key=lambda each: -each[0]):
        if tag in ("fr", "*"):
            return "fr"
        if tag == "en":
            return "en"
    return "en" if wanted else "fr"


def language_of(code: Code) -> Language:
    """The messages in this language."""
    return ENGLISH if code == "en" else FRENCH


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
