"""All formats of agencies and feeds, in the order in which they are tried."""

from search.corpus.agencies.feeds import FEED
from search.corpus.agencies.iptc7901 import IPTC7901
from search.corpus.agencies.newsml import NEWSML
from search.corpus.agencies.newsml_g2 import NEWSML_G2
from search.corpus.agencies.ninjs import NINJS
from search.corpus.agencies.nitf import NITF

AGENCIES = (NEWSML, NEWSML_G2, NITF, NINJS, IPTC7901, FEED)
