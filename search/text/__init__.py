"""French text, pure: dates, words, sentences, passages, snippets."""
