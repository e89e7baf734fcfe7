"""``python -m search`` is the command ``depeche``."""

from search.cli import main

main()
