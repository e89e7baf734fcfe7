"""Dépêche: full-text and semantic search for French press articles."""

__version__ = "0.1.0"
