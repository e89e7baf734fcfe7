"""The formats of press databases, in the order in which they are tried."""

from search.corpus.databases.europresse import EUROPRESSE
from search.corpus.databases.europresse_2012 import EUROPRESSE_2012
from search.corpus.databases.factiva_html import FACTIVA_HTML
from search.corpus.databases.factiva_rtf import FACTIVA_RTF
from search.corpus.databases.factiva_xml import FACTIVA_XML
from search.corpus.databases.nexis_docx import NEXIS_DOCX
from search.corpus.databases.nexis_html import NEXIS_HTML
from search.corpus.databases.nexis_txt import NEXIS_TXT
from search.corpus.format import Format

DATABASES: tuple[Format, ...] = (
    EUROPRESSE,
    EUROPRESSE_2012,
    FACTIVA_HTML,
    FACTIVA_RTF,
    FACTIVA_XML,
    NEXIS_HTML,
    NEXIS_TXT,
    NEXIS_DOCX,
)
