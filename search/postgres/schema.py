"""The SQL that creates and publishes the tables of a generation.

The coordinator has the tables ``lexicon`` and ``extent``. Every shard has the other tables for its own
articles. The coordinator sees these as one table each, through postgres_fdw, partitioned by hash of the
article key. Only a shard has ``posting``, which is made from its tables and the lexicon. Each of its records
is about one term: how many articles and rows of the whole archive have it, which of the shard's own do, and
the score of each by it, without the idf.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from search.indexing.article_store import ARTICLE_FIELDS
from search.keyword.fields import NAMES

FORMAT = 4
DIMENSIONS = 1_000_000_000
"""The most dimensions of a sparse vector in pgvector; the dimension of a term is its number."""
NONZERO = 16_000
"""The most values of a sparse vector in pgvector."""

_ID = re.compile(r"depeche_g[0-9a-f]{12}")


class Field(StrEnum):
    """The fields of terms of the lexicon; see ``search.keyword.fields``."""

    TITLE = "title"
    BODY = "body"
    EXACT = "exact"
    TITLE_STEMS = "title_stems"
    TITLE_EXACT = "title_exact"
    SPELLED = "spelled"
    SOURCE = "source"
    SECTION = "section"
    AUTHOR = "author"
    PAGE = "page"
    PLACE = "place"
    KEYWORD = "keyword"


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
_ARTICLE = ", ".join(
    f"{name} {'int' if name == 'word_count' else 'text'} NOT NULL" for name in ARTICLE_FIELDS
)
_NAMES = ", ".join(f"{name} text NOT NULL" for name in NAMES)
_TABLES = {
    "article": f"(key int NOT NULL, {_ARTICLE})",
    "words": """(key int NOT NULL, terms int[] NOT NULL, scores real[] NOT NULL, first_day int NOT NULL,
        last_day int NOT NULL)""",
    "written": f"""(key int NOT NULL, counts sparsevec NOT NULL, halves real[] NOT NULL, exact text NOT NULL,
        title_exact text NOT NULL, {_NAMES})""",
    "passage": """(key int NOT NULL, "row" int NOT NULL, ordinal int NOT NULL, starts int NOT NULL,
        ends int NOT NULL, hash bytea NOT NULL)""",
    "passage_words": """(key int NOT NULL, "row" int NOT NULL, terms int[] NOT NULL, scores real[] NOT NULL,
        counts sparsevec NOT NULL, half real NOT NULL)""",
    "vector": """(key int NOT NULL, "row" int NOT NULL, meaning halfvec({dimension}) NOT NULL)""",
}
TABLES = tuple(_TABLES)
"""The tables that are distributed over the shards by article key."""
POSTING = "posting"
"""The table that a shard makes from its other tables."""
_WITHIN = """
CREATE FUNCTION {id}.within(written text, terms text[], distance int) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH occurrences AS (
        SELECT word, number FROM unnest(string_to_array(written, ' ')) WITH ORDINALITY AS each (word, number)
        WHERE word = ANY (terms))
    SELECT EXISTS (SELECT 1 FROM occurrences AS last WHERE NOT EXISTS (
        SELECT 1 FROM unnest(terms) AS term WHERE NOT EXISTS (
            SELECT 1 FROM occurrences AS other WHERE other.word = term
            AND other.number BETWEEN last.number - distance AND last.number)))
$$;
"""
_INLINE = """
ALTER TABLE {id}.words SET (toast_tuple_target = 8160);
ALTER TABLE {id}.passage_words SET (toast_tuple_target = 8160);
"""  # queries read these columns of many records, so they are not compressed and not stored separately
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
    keys bytea STORAGE EXTERNAL NOT NULL, scores bytea STORAGE EXTERNAL NOT NULL,
    in_rows bytea STORAGE EXTERNAL NOT NULL, row_scores bytea STORAGE EXTERNAL NOT NULL);
SET LOCAL enable_nestloop = off;  -- the planner cannot know the number of terms
INSERT INTO {id}.posting
WITH of_articles AS (
    SELECT number, string_agg(int4send(key), ''::bytea ORDER BY key) AS keys,
        string_agg(float4send(score), ''::bytea ORDER BY key) AS scores
    FROM {id}.words, unnest(terms, scores) AS each (number, score) GROUP BY number),
of_passages AS (
    SELECT number, string_agg(int4send("row"), ''::bytea ORDER BY "row") AS in_rows,
        string_agg(float4send(score), ''::bytea ORDER BY "row") AS row_scores
    FROM {id}.passage_words, unnest(terms, scores) AS each (number, score) GROUP BY number)
SELECT field, term, number, articles, rows, keys,
    CASE WHEN field IN ('title', 'body', 'exact') THEN scores ELSE '' END,
    coalesce(in_rows, ''), coalesce(row_scores, '')
FROM of_articles JOIN {id}.lexicon USING (number) LEFT JOIN of_passages USING (number);
ALTER TABLE {id}.posting ADD PRIMARY KEY (field, term);
"""  # a GIN index could only give the same keys by reading every article that has the term
_LEXICON_INDEXES = """
CREATE UNIQUE INDEX IF NOT EXISTS lexicon_term ON {id}.lexicon (field, term text_pattern_ops);
CREATE INDEX IF NOT EXISTS lexicon_alike ON {id}.lexicon USING gin (term gin_trgm_ops);
"""


def checked_id(generation: str) -> str:
    """The same id, safe as the name of a schema; raises ValueError for anything that is not an id."""
    if not _ID.fullmatch(generation):
        raise ValueError(f"{generation!r} is no id of a generation")
    return generation


def coordinator_tables(generation: str) -> str:
    """Create the schema and the own tables of the coordinator."""
    return _COORDINATOR.format(id=checked_id(generation))


def shard_tables(generation: str, dimension: int) -> str:
    """Create the tables of a shard, with their keys."""
    name = checked_id(generation)
    tables = (f"CREATE TABLE {name}.{table} {_TABLES[table]};" for table in TABLES)
    create_tables = "".join(tables).format(dimension=dimension)
    return f"CREATE SCHEMA IF NOT EXISTS {name};{create_tables}" + (_INLINE + _WITHIN + _KEYS).format(id=name)


def partitioned_tables(generation: str, dimension: int, servers: Sequence[str]) -> str:
    """Create the tables by which the coordinator sees those of the shards, partitioned over these servers."""
    name = checked_id(generation)
    statements = []
    for table in TABLES:
        columns = _TABLES[table].format(dimension=dimension)
        statements.append(f"CREATE TABLE {name}.{table} {columns} PARTITION BY HASH (key);")
        statements += [
            f"CREATE FOREIGN TABLE {name}.{table}_{number} PARTITION OF {name}.{table} "
            f"FOR VALUES WITH (MODULUS {len(servers)}, REMAINDER {number}) "
            f"SERVER {server} OPTIONS (schema_name '{name}', table_name '{table}');"
            for number, server in enumerate(servers)
        ]
    return "".join(statements)


def empty_lexicon(generation: str) -> str:
    """Create the lexicon, or empty it."""
    return _LEXICON.format(id=checked_id(generation))


def shard_indexes(generation: str) -> str:
    """Create the indexes and the postings of a shard, when all its tables and the lexicon are loaded."""
    return (_INDEXES + _POSTINGS).format(id=checked_id(generation))


def drop_lexicon(generation: str) -> str:
    """Drop the lexicon of a shard; its postings have what it needs."""
    return f"DROP TABLE {checked_id(generation)}.lexicon"


def lexicon_indexes(generation: str) -> str:
    """Create the indexes of the lexicon, when it is loaded."""
    return _LEXICON_INDEXES.format(id=checked_id(generation))


def publish(generation: str) -> str:
    """Make the views show a generation; run this in one transaction."""
    name = checked_id(generation)
    return f"""
UPDATE depeche.generation SET state = CASE id WHEN '{name}' THEN 'published' ELSE 'before' END
WHERE state = 'published' OR id = '{name}';
CREATE OR REPLACE VIEW depeche.published AS SELECT * FROM depeche.generation WHERE id = '{name}';
CREATE OR REPLACE VIEW depeche.article AS SELECT * FROM {name}.article;
"""
