"""The formats of libraries, in the order in which they are tried."""

from search.corpus.format import Format
from search.corpus.libraries.alto import ALTO
from search.corpus.libraries.gallica import GALLICA, GALLICA_LIST, GALLICA_TABLE
from search.corpus.libraries.mets import METS

LIBRARIES: tuple[Format, ...] = (METS, ALTO, GALLICA_TABLE, GALLICA_LIST, GALLICA)
