"""Text in which LaTeX writes accents and signs, as bibliographies have it."""

import re
import unicodedata

_COMBINING = dict(
    zip(
        "`'^\"~=.cuvHkr",
        "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u0327\u0306\u030c\u030b\u0328\u030a",
        strict=True,
    )
)
_SIGNS = {
    "og": "« ",
    "fg": " »",
    "par": "\n\n",
    **dict(
        zip(
            "oe OE ae AE o O aa AA ss l L i j guillemotleft guillemotright textquoteleft textquoteright "
            "textquotedblleft textquotedblright textendash textemdash ldots dots textellipsis texteuro euro "
            "textdegree degree S textasciitilde textasciicircum textunderscore textbackslash textbar "
            "textless textgreater textbraceleft textbraceright".split(),
            "œ Œ æ Æ ø Ø å Å ß ł Ł i j « » ‘ ’ “ ” – — … … … € € ° ° § ~ ^ _ \\ | < > { }".split(),
            strict=True,
        )
    ),
}
_PUNCTUATION = {"~": "\u00a0", "--": "–", "---": "—", "``": "“", "''": "”", "{": "", "}": ""}
_MARKUP = re.compile(
    r"\\(?:(?P<accent>[`'^\"~=.])\s*(?:\{\\?(?P<braced>[A-Za-z])\s*\}|\\?(?P<letter>[A-Za-z]))"
    r"|(?P<mark>[cuvHkr])(?:\{\\?(?P<marked>[A-Za-z])\}|[ ](?P<spaced>[A-Za-z]))"
    r"|(?P<command>[A-Za-z]+)(?:\{\}|[ ])?"
    r"|(?P<escaped>.))"
    r"|[{}~]|-{2,3}|``|''",
    re.DOTALL,
)


def without_latex(text: str) -> str:
    r"""The text as it is printed: ``Mod{\`e}le`` is ``Modèle``. Commands without a sign of their own go."""
    return unicodedata.normalize("NFC", _MARKUP.sub(_printed, text))


def _printed(markup: re.Match[str]) -> str:
    if mark := markup["accent"] or markup["mark"]:
        letter = markup["braced"] or markup["letter"] or markup["marked"] or markup["spaced"]
        return letter + _COMBINING[mark]
    if command := markup["command"]:
        return _SIGNS.get(command, "")
    return markup["escaped"] or _PUNCTUATION.get(markup[0], markup[0])
