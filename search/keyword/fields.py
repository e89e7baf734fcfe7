"""The names of the fields and arrays of the keyword index.

There are two kinds of documents. Articles are numbered by key; constraints and BM25F use them. Passages are
numbered by row; they have a field of their own, so that statistics do not mix.

``title`` is empty when the body repeats the title, so that its words do not rank twice. Constraints on the
title use ``title_stems`` and ``title_exact``. ``exact`` has the words of title and body. ``body`` is not
stored: it is the sum of the passages.
"""

BODY = "body"
"""The field of the stems of an article's body."""

PASSAGES = "passage"
"""The only field whose documents are rows."""
TITLE_STEMS = "title_stems"
"""The field of the stems of every title."""
STEMMED = ("title", TITLE_STEMS, PASSAGES)
"""Fields of stems, without stop words and positions."""
WRITTEN = "exact"
"""The field of the words of title and body, as written."""
NAMES = ("source", "section", "author", "page", "place", "keyword")
"""Fields of names as written; see ``search.keyword.names``."""
EXACT = (WRITTEN, "title_exact", *NAMES)
"""Fields of words as written, with their positions."""
FIRST_ROWS = "first_rows"
"""The array of each article's first row."""
DAYS = "days"
"""The array of the first and the last day of each article's date, as ordinals; 0 for one without."""
SPELLED = "spelled"
"""The field of the spellings of the words of title and body; see ``search.text.analyzer.accented``."""
SEPARATOR = "\x1f"
"""Separates title and body in a field that has both."""
GAP = 100
"""Number of free positions at a separator, so that no phrase goes across it."""
