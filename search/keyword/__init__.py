"""The keyword retriever: an inverted index of articles and passages. Only this package imports Whoosh."""
