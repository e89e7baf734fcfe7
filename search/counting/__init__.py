"""Counts of answers: trends over time, concordances, words that mark an answer, words near a word."""
