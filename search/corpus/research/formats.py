"""The formats of researchers, in the order in which they are tried.

Any text can be one of a corpus of TXM: it comes last, after all that are recognised by their content.
"""

from search.corpus.format import Format
from search.corpus.research.bibtex import BIBTEX
from search.corpus.research.iramuteq import IRAMUTEQ
from search.corpus.research.ris import RIS
from search.corpus.research.txm import TXM, TXM_METADATA

RESEARCH: tuple[Format, ...] = (IRAMUTEQ, RIS, BIBTEX, TXM_METADATA, TXM)
