"""WACZ: a ZIP file around the WARC files of one crawl, with their index."""

from search.corpus.archives import member_names, member_source, open_zip
from search.corpus.format import Records
from search.corpus.record import Omission
from search.corpus.source import Source
from search.corpus.web.warc import read_warc
from search.errors import Translatable

_FOLDER = "archive/"
_DESCRIPTION = "datapackage.json"


def is_wacz(source: Source) -> bool:
    """Whether a file is a ZIP file with what WACZ has."""
    return _DESCRIPTION in source.members and any(map(_is_warc, source.members))


def read_wacz(source: Source) -> Records:
    """Read the pages of all WARC files in it; raises BadRecord where it is broken."""
    with open_zip(source.whole) as archive:
        for name in member_names(archive):
            if _is_warc(name):
                yield from read_warc(member_source(archive, name))
            else:
                yield Omission("WACZ index", Translatable("{}: it describes the crawl", name))


def _is_warc(name: str) -> bool:
    return name.startswith(_FOLDER) and name.endswith((".warc", ".warc.gz"))
