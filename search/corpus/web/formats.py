"""The formats of what comes from the web, in the order in which they are tried."""

from search.corpus.format import Format
from search.corpus.web.fundus import FUNDUS
from search.corpus.web.mhtml import is_mhtml, read_mhtml
from search.corpus.web.minet import MINET
from search.corpus.web.news_api import NEWS_API
from search.corpus.web.news_please import NEWS_PLEASE
from search.corpus.web.trafilatura_records import TRAFILATURA, TRAFILATURA_TABLE
from search.corpus.web.wacz import is_wacz, read_wacz
from search.corpus.web.warc import is_warc, read_warc
from search.corpus.web.wordpress import WORDPRESS

WEB = (
    Format("WARC", is_warc, read_warc),
    Format("WACZ", is_wacz, read_wacz),
    Format("MHTML", is_mhtml, read_mhtml),
    *(shape.format for shape in (MINET, NEWS_PLEASE, FUNDUS, NEWS_API, WORDPRESS, TRAFILATURA)),
    TRAFILATURA_TABLE,
)
