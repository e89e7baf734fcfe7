"""The query language: from the text of the user to a syntax tree, or to an error with its position."""
