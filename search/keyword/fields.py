"""The fields of the keyword index.

Two kinds of document: the articles, document number = key, on which constraints are decided and an
article's BM25F is computed; and the passages, document number = row, in a field of their own so that
statistics do not mix.

``title`` is empty when the body repeats it, so that its words do not rank twice; constraints on the
title look in ``title_stems`` and ``title_exact``. ``exact`` holds title and body. ``body`` is not kept:
it is what the passages say, together.
"""

BODY = "body"
"""The field of an article's stems but for its title."""

PASSAGES = "passage"
"""The one field whose documents are rows."""
STEMMED = ("title", "title_stems", PASSAGES)
"""Fields of stems, without stop words or positions."""
WRITTEN = "exact"
"""The field of the words of title and body as they are written."""
EXACT = (WRITTEN, "title_exact", "source", "section")
"""Fields of words as written, with their positions."""
FIRST_ROWS = "first_rows"
"""The array of each article's first row."""
DAYS = "days"
"""The array of the first and the last day of each article's date, as ordinals; 0 for one without."""
SEPARATOR = "\x1f"
"""Stands between title and body in a field that holds both."""
GAP = 100
"""Positions left free at a separator, so that no phrase straddles it."""
