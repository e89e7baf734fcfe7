"""From a query to hits: pure, over what the protocols give."""
