"""The sets of articles that a user keeps, as conditions of a query: dossiers, and what was read.

A query names them; before an index is asked, they become keys of articles.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Protocol

from search.errors import QueryError, Translatable
from search.query.ast import Among, And, ArticleKeys, ArticleSet, InDossier, Node, Not, Or, Query, Read
from search.query.boolean import conjuncts, leaves
from search.query.printer import to_text
from search.text.analyzer import fold
from search.text.sanitize import flat

_LISTED = 5  # names that an error lists


class ArticleSets(Protocol):
    """The sets of one user in one index, by the ids of articles. They do not change."""

    @property
    def read(self) -> frozenset[str]:
        """The articles that the user has read."""

    @property
    def dossiers(self) -> Mapping[str, frozenset[str]]:
        """By name, the articles of each dossier."""


KnownSets = Callable[[], ArticleSets | None]
"""Gives the sets of the user as they are now; None where they are not known."""


def no_sets() -> None:
    """A ``KnownSets`` where the sets of the user are not known."""


def dossier_key(name: str) -> str:
    """The name of a dossier as it is compared: without case, accents, repeated blanks and invisible signs."""
    return " ".join(fold(flat(name)).split())


def sets_named(query: Query) -> tuple[ArticleSet, ...]:
    """The sets that a query names, each once, in order."""
    every = (leaf for node in conjuncts(query.constraint) for leaf in leaves(node))
    return tuple(dict.fromkeys(leaf for leaf in every if isinstance(leaf, ArticleSet)))


def bind(query: Query, sets: ArticleSets | None, keys: Callable[[frozenset[str]], ArticleKeys]) -> Query:
    """The query with the keys of articles in the place of the sets that it names.

    ``keys`` gives the articles of an index that have these ids. Raises QueryError for a dossier that
    is not there, and where ``sets`` is None.
    """
    named = sets_named(query)
    if not named or query.constraint is None:
        return query
    if sets is None:
        raise QueryError("Dossiers and read articles are not known here.", 0, "leave out dossier: and lu:")
    by_set = {each: keys(_ids(each, sets, query.raw)) for each in named}
    return replace(query, constraint=_bound(query.constraint, by_set))


def text_renaming_dossier(query: Query, name: str, other: str) -> str:
    """The query's text with another name for a dossier; the typed text where it does not name it."""
    renamed: dict[ArticleSet, Node] = {
        each: InDossier(other)
        for each in sets_named(query)
        if isinstance(each, InDossier) and dossier_key(each.name) == dossier_key(name)
    }
    if not renamed or query.constraint is None:
        return query.raw
    return to_text(replace(query, constraint=_bound(query.constraint, renamed)))


def unknown_dossier(name: str, names: Collection[str]) -> tuple[Translatable, Translatable]:
    """What to say where no dossier has this name: a message, and an advice with near names."""
    message = Translatable("There is no dossier {}.", name)
    near = get_close_matches(dossier_key(name), list(map(dossier_key, names)), n=_LISTED)
    if near:
        by_key = {dossier_key(each): each for each in names}
        return message, Translatable("did you mean {}?", ", ".join(by_key[key] for key in near))
    if names:
        return message, Translatable("the dossiers are: {}", ", ".join(list(names)[:_LISTED]))
    return message, Translatable("there is no dossier yet")


def _ids(named: ArticleSet, sets: ArticleSets, raw: str) -> frozenset[str]:
    if isinstance(named, Read):
        return sets.read
    if named.name == "*":
        return frozenset().union(*sets.dossiers.values())
    for name, ids in sets.dossiers.items():
        if dossier_key(name) == dossier_key(named.name):
            return ids
    message, advice = unknown_dossier(named.name, sets.dossiers)
    raise QueryError(message, _place(named.name, raw), advice)


def _place(name: str, raw: str) -> int:
    """Where a field of the typed text has this name; 0 where the name is spelt otherwise."""
    spelling = r"\s+".join(map(re.escape, name.split()))
    written = re.search(rf":[^:]*?(?<!\w)({spelling})(?!\w)", raw)
    return written.start(1) if written else 0


def _bound(node: Node, by_set: Mapping[ArticleSet, Node]) -> Node:
    match node:
        case And(nodes):
            return And(tuple(_bound(part, by_set) for part in nodes))
        case Or(nodes):
            return Or(tuple(_bound(part, by_set) for part in nodes))
        case Among(nodes, count):
            return Among(tuple(_bound(part, by_set) for part in nodes), count)
        case Not(negated):
            return Not(_bound(negated, by_set))
        case InDossier() | Read():
            return by_set.get(node, node)
        case _:
            return node
