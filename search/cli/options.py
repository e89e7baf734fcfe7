"""Options that several commands share, and the settings they add up to."""

from collections.abc import Mapping

import click

from search import config
from search.config import Settings

index_option = click.option("--index", metavar="DIR", help="Index folder (else DEPECHE_INDEX, else the config file).")
model_option = click.option("--model", metavar="NAME", help="A sentence-transformers model, by name or path.")
format_option = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")


def chosen_settings(flags: Mapping[str, object]) -> Settings:
    """Settings with these flags on top; raises ConfigError."""
    return config.load(flags)
