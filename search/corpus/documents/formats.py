"""The formats of documents, in the order in which they are tried."""

from search.corpus.documents.epub import EPUB
from search.corpus.documents.opendocument import OPENDOCUMENT
from search.corpus.documents.pdf import PDF
from search.corpus.documents.rtf import RTF
from search.corpus.documents.word import WORD
from search.corpus.format import Format

DOCUMENTS: tuple[Format, ...] = (PDF, WORD, OPENDOCUMENT, EPUB, RTF)
