"""The steps of a build that are the same for a folder and for servers."""
