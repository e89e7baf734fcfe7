"""Measures the project on judged data: the rankings on sets of queries, and the words on pairs of words."""
