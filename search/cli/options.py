"""Options that several commands share, and the settings they add up to."""

import os
from collections.abc import Mapping
from datetime import date

import click

from search import config
from search.config import Settings

INDEX_HELP = "Index folder; else DEPECHE_INDEX, else the configuration file."
index_option = click.option("--index", metavar="DIR", help=INDEX_HELP)
model_option = click.option("--model", metavar="NAME", help="A sentence-transformers model, by name or path.")
form_option = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")


def chosen_settings(flags: Mapping[str, object]) -> Settings:
    """Settings with these flags on top, None for one not given; raises ConfigError."""
    return config.load(flags, os.environ)


def today() -> date:
    """The day that relative dates count from."""
    return date.today()
