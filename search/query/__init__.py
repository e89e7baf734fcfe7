"""The query language: from what the user typed to a tree of our own, or an error with its place."""
