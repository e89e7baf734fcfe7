"""No cache grows without end: the program runs all day."""

import pkgutil
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from importlib import import_module
from types import ModuleType
from typing import Any

import search

LARGEST = 1 << 13
UNBOUNDED = {
    "search.postgres.dask_encoding._encoder",  # of a Dask worker, for the model of its build
    "search.operations.reading.schema_of",  # of the records of parameters, which are few
    "search.query.translation.translator._grammar",  # of the services, which are two
    "search.query.beginnings._folding",  # the others have no parameter
    "search.query.beginnings._irregular",
    "search.query.parser._grammar",
    "search.text.analyzer._latin_letters",
    "search.text.analyzer.fingerprint",
    "search.text.stemmer._snowball",
    "search.text.typo_costs._substitution_costs",
    "search.web.pages.templates._environment",
}


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(search.__path__, "search."):
        if not found.name.endswith("__main__"):
            yield import_module(found.name)


def caches() -> dict[str, "_lru_cache_wrapper[Any]"]:
    """The cached functions by their names."""
    members = (
        member
        for module in modules()
        for owner in (module, *filter(lambda value: isinstance(value, type), vars(module).values()))
        for member in vars(owner).values()
    )
    cached = (getattr(member, "__func__", member) for member in members)
    return {
        f"{function.__module__}.{function.__name__}": function
        for function in cached
        if isinstance(function, _lru_cache_wrapper) and function.__module__.startswith("search.")
    }


def test_every_cached_function_has_a_bound() -> None:
    sizes = {name: function.cache_parameters()["maxsize"] for name, function in caches().items()}
    assert "search.text.stemmer.stem" in sizes
    assert {name for name, size in sizes.items() if size is None} == UNBOUNDED
    assert max(size for size in sizes.values() if size is not None) <= LARGEST
