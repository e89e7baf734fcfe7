"""Readers of the formats in which researchers keep their corpora and their references."""
