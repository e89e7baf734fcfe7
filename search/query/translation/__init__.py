"""Queries of other press databases, written in the query language; see ``translator.translate``."""
