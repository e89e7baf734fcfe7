"""The command line: the only printer. Results go to stdout, everything else to stderr."""

from search.cli.main import main

__all__ = ["main"]
