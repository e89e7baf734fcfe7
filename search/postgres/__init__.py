"""The backend that keeps an index on PostgreSQL servers, for archives that are too large for one machine.

The coordinator is one server. It has the data that is small and global: the lexicon, the first row of each
article, and which generation is published. Shards are further servers. The articles are distributed over them
by hash; each shard has the passages, words and vectors of its articles. Without shards, the coordinator has
everything.
"""
