"""The tables of a generation, and what a coordinator remembers of generations.

``lexicon`` and ``extent`` are the coordinator's. The other tables are every shard's own; the coordinator has
them as one, partitioned by hash of the article key, through postgres_fdw. ``posting``, made of them and of
the lexicon, is the shard's alone: of a term, how many articles and rows of the whole archive hold it, and
which of the shard's own.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

FORMAT = 2
DIMENSIONS = 1_000_000_000
"""Of the sparse vectors of words: the most that pgvector takes; a term's dimension is its number."""
NONZERO = 16_000
"""Terms that a sparse vector of pgvector can tell."""

_ID = re.compile(r"depeche_g[0-9a-f]{12}")


class Field(StrEnum):
    """What a term of the lexicon is a word of; see ``search.keyword.fields``."""

    TITLE = "title"
    BODY = "body"
    EXACT = "exact"
    TITLE_STEMS = "title_stems"
    TITLE_EXACT = "title_exact"
    SOURCE = "source"
    SECTION = "section"


GENERATIONS = """
CREATE EXTENSION IF NOT EXISTS vector;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;
CREATE SCHEMA IF NOT EXISTS depeche;
CREATE TABLE IF NOT EXISTS depeche.generation (
    id text PRIMARY KEY, state text NOT NULL, digest text NOT NULL, manifest bytea,
    begun timestamptz NOT NULL DEFAULT now());
"""
_COORDINATOR = """
CREATE SCHEMA {id};
CREATE TABLE {id}.extent (articles int NOT NULL, rows int NOT NULL, first_rows bytea NOT NULL,
                          families bytea NOT NULL);
"""
_LEXICON = """
CREATE TABLE IF NOT EXISTS {id}.lexicon (number int NOT NULL, field text NOT NULL, term text NOT NULL,
                                         articles int NOT NULL, rows int NOT NULL);
TRUNCATE {id}.lexicon;
"""
_TABLES = {
    "article": """(key int NOT NULL, id text NOT NULL, title text NOT NULL, body text NOT NULL,
        published text NOT NULL, source text NOT NULL, section text NOT NULL, url text NOT NULL,
        lang text NOT NULL, place text NOT NULL)""",
    "words": """(key int NOT NULL, terms int[] NOT NULL, bm sparsevec NOT NULL, first_day int NOT NULL,
        last_day int NOT NULL)""",
    "written": """(key int NOT NULL, counts sparsevec NOT NULL, halves real[] NOT NULL, exact text NOT NULL,
        title_exact text NOT NULL, source text NOT NULL, section text NOT NULL)""",
    "passage": """(key int NOT NULL, "row" int NOT NULL, ordinal int NOT NULL, starts int NOT NULL,
        ends int NOT NULL, hash bytea NOT NULL)""",
    "passage_words": """(key int NOT NULL, "row" int NOT NULL, terms int[] NOT NULL, bm sparsevec NOT NULL,
        counts sparsevec NOT NULL, half real NOT NULL)""",
    "vector": """(key int NOT NULL, "row" int NOT NULL, meaning halfvec({dimension}) NOT NULL)""",
}
TABLES = tuple(_TABLES)
"""The tables that are spread over the shards, all by the article's ``key``."""
POSTING = "posting"
"""The table of a shard that is made of what it has been given."""
_WITHIN = """
CREATE FUNCTION {id}.within(written text, terms text[], distance int) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH stands AS (
        SELECT word, place FROM unnest(string_to_array(written, ' ')) WITH ORDINALITY AS each (word, place)
        WHERE word = ANY (terms))
    SELECT EXISTS (SELECT 1 FROM stands AS last WHERE NOT EXISTS (
        SELECT 1 FROM unnest(terms) AS term WHERE NOT EXISTS (
            SELECT 1 FROM stands AS other WHERE other.word = term
            AND other.place BETWEEN last.place - distance AND last.place)))
$$;
"""
_INLINE = """
ALTER TABLE {id}.words SET (toast_tuple_target = 8160);
ALTER TABLE {id}.passage_words SET (toast_tuple_target = 8160);
"""  # what every query reads of many records is neither compressed nor stored apart
_KEYS = """
ALTER TABLE {id}.article ADD PRIMARY KEY (key);
CREATE UNIQUE INDEX ON {id}.article (id);
ALTER TABLE {id}.words ADD PRIMARY KEY (key);
ALTER TABLE {id}.written ADD PRIMARY KEY (key);
ALTER TABLE {id}.passage ADD PRIMARY KEY ("row");
CREATE INDEX ON {id}.passage (hash);
ALTER TABLE {id}.passage_words ADD PRIMARY KEY ("row");
ALTER TABLE {id}.vector ADD PRIMARY KEY ("row");
"""
_INDEXES = """
CREATE INDEX IF NOT EXISTS words_terms ON {id}.words USING gin (terms);
CREATE INDEX IF NOT EXISTS words_days ON {id}.words (first_day, last_day, key);
CREATE INDEX IF NOT EXISTS passage_words_terms ON {id}.passage_words USING gin (terms);
CREATE INDEX IF NOT EXISTS vector_meaning ON {id}.vector USING hnsw (meaning halfvec_ip_ops);
"""
_POSTINGS = """
DROP TABLE IF EXISTS {id}.posting;
CREATE TABLE {id}.posting (
    field text NOT NULL, term text NOT NULL, number int NOT NULL, articles int NOT NULL, rows int NOT NULL,
    keys bytea STORAGE EXTERNAL NOT NULL, in_rows bytea STORAGE EXTERNAL NOT NULL);
SET LOCAL enable_nestloop = off;  -- how many terms there are nobody knows before
INSERT INTO {id}.posting
WITH of_articles AS (SELECT number, string_agg(int4send(key), ''::bytea ORDER BY key) AS keys
                     FROM {id}.words, unnest(terms) AS number GROUP BY number),
     of_passages AS (SELECT number, string_agg(int4send("row"), ''::bytea ORDER BY "row") AS in_rows
                     FROM {id}.passage_words, unnest(terms) AS number GROUP BY number)
SELECT field, term, number, articles, rows, keys, coalesce(in_rows, '')
FROM of_articles JOIN {id}.lexicon USING (number) LEFT JOIN of_passages USING (number);
ALTER TABLE {id}.posting ADD PRIMARY KEY (field, term);
"""  # GIN knows who holds a term, but cannot tell it without reading every article that does
_LEXICON_INDEXES = """
CREATE UNIQUE INDEX IF NOT EXISTS lexicon_term ON {id}.lexicon (field, term text_pattern_ops);
CREATE INDEX IF NOT EXISTS lexicon_alike ON {id}.lexicon USING gin (term gin_trgm_ops);
"""


def checked(generation: str) -> str:
    """The id of a generation, which becomes the name of a schema; raises ValueError for anything else."""
    if not _ID.fullmatch(generation):
        raise ValueError(f"{generation!r} is no id of a generation")
    return generation


def coordinator(generation: str) -> str:
    """The coordinator's own tables."""
    return _COORDINATOR.format(id=checked(generation))


def shard(generation: str, dimension: int) -> str:
    """The tables of a shard, with their keys."""
    name = checked(generation)
    tables = (f"CREATE TABLE {name}.{table} {_TABLES[table]};" for table in TABLES)
    made = "".join(tables).format(dimension=dimension)
    return f"CREATE SCHEMA IF NOT EXISTS {name};{made}" + (_INLINE + _WITHIN + _KEYS).format(id=name)


def spread(generation: str, dimension: int, servers: Sequence[str]) -> str:
    """The shards' tables as the coordinator sees them: one, partitioned by hash over these servers."""
    name = checked(generation)
    made = []
    for table in TABLES:
        columns = _TABLES[table].format(dimension=dimension)
        made.append(f"CREATE TABLE {name}.{table} {columns} PARTITION BY HASH (key);")
        made += [
            f"CREATE FOREIGN TABLE {name}.{table}_{number} PARTITION OF {name}.{table} "
            f"FOR VALUES WITH (MODULUS {len(servers)}, REMAINDER {number}) "
            f"SERVER {server} OPTIONS (schema_name '{name}', table_name '{table}');"
            for number, server in enumerate(servers)
        ]
    return "".join(made)


def lexicon(generation: str) -> str:
    """The table of terms, empty."""
    return _LEXICON.format(id=checked(generation))


def indexes(generation: str) -> str:
    """What makes a shard quick; once everything is loaded, and the lexicon is there."""
    return (_INDEXES + _POSTINGS).format(id=checked(generation))


def without_lexicon(generation: str) -> str:
    """Drop the lexicon from a shard, whose postings tell what it needs of it."""
    return f"DROP TABLE {checked(generation)}.lexicon"


def lexicon_indexes(generation: str) -> str:
    """What makes the lexicon quick; once it is loaded."""
    return _LEXICON_INDEXES.format(id=checked(generation))


def publish(generation: str) -> str:
    """Switch the views to a generation; to be run in one transaction."""
    name = checked(generation)
    return f"""
UPDATE depeche.generation SET state = CASE id WHEN '{name}' THEN 'published' ELSE 'before' END
WHERE state = 'published' OR id = '{name}';
CREATE OR REPLACE VIEW depeche.published AS SELECT * FROM depeche.generation WHERE id = '{name}';
CREATE OR REPLACE VIEW depeche.article AS SELECT * FROM {name}.article;
"""
