"""No-break spaces while text is cut into lines: the libraries that do it end lines at any white space."""

_SPACES = "\u00a0\u202f"
_STAND_INS = "\ufdd0\ufdd1"  # noncharacters: no text means anything by them, and each fills one cell
_HOLD = str.maketrans(_SPACES, _STAND_INS)
_RELEASE = str.maketrans(_STAND_INS, _SPACES)


def hold(text: str) -> str:
    """The text, as long as before, with a stand-in that is no white space for each no-break space."""
    return text.translate(_HOLD)


def release(text: str) -> str:
    """The text with its no-break spaces again."""
    return text.translate(_RELEASE)
