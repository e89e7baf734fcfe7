"""All shapes of records, as formats."""

from search.corpus.web.fundus import FUNDUS
from search.corpus.web.minet import MINET
from search.corpus.web.news_api import NEWS_API
from search.corpus.web.news_please import NEWS_PLEASE
from search.corpus.web.trafilatura_records import TRAFILATURA, TRAFILATURA_TABLE
from search.corpus.web.wordpress import WORDPRESS

SHAPES = (
    *(shape.format for shape in (MINET, NEWS_PLEASE, FUNDUS, NEWS_API, WORDPRESS, TRAFILATURA)),
    TRAFILATURA_TABLE,
)
