"""French text: dates, words, sentences, passages and snippets, as pure functions."""
