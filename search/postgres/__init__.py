"""The same search over PostgreSQL servers with pgvector, for archives that outgrow one machine.

A coordinator keeps what is small and global: the lexicon, where each article's rows begin, which generation
is published. Articles are spread by hash over the shards, each with its passages, words and vectors; without
shards the coordinator keeps everything.
"""
