"""The peers of Dépêche in contests; runs in their own environment, see ``trial``."""

from collections.abc import Mapping

from benchmarks import hybrid_peers, keyword_peers
from benchmarks.trial import Contestant, main

PEERS: Mapping[str, type[Contestant]] = {
    "whoosh": keyword_peers.Whoosh,
    "fts5": keyword_peers.Fts5,
    "bm25s": keyword_peers.Bm25s,
    "bm25s-numba": keyword_peers.Bm25sNumba,
    "tantivy": keyword_peers.Tantivy,
    "txtai": hybrid_peers.Txtai,
    "lancedb": hybrid_peers.LanceDb,
    "fts5+numpy": hybrid_peers.Fts5AndNumpy,
    "whoosh+sentence-transformers": hybrid_peers.WhooshAndSentenceTransformers,
}

if __name__ == "__main__":
    main(PEERS)
