"""Readers of the formats in which libraries publish digitised newspapers."""
