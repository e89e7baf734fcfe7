"""Exports of press databases: many articles a file, with what the database knows of each."""
