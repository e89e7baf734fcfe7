"""RTF to text, by striprtf."""

import re

from search.corpus.record import BadRecord
from search.errors import Translatable

# striprtf would write the address of a link behind its words, and looks for links in quadratic time.
_LINK = re.compile(r"\{\\field(?=\{)")
_PARSER_ERRORS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def rtf_text(rtf: str) -> str:
    r"""The text of RTF: ``\n`` ends a paragraph or a row of a table, ``|`` a cell.

    Raises BadRecord where it is too broken to read.
    """
    from striprtf.striprtf import rtf_to_text

    try:
        text: str = rtf_to_text(_LINK.sub("{", rtf), errors="replace")  # type: ignore[no-untyped-call]
    except _PARSER_ERRORS as error:
        raise BadRecord(Translatable("the RTF is too broken to read ({})", repr(error))) from error
    # Letters beyond the first 65,536 are written as two halves.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
