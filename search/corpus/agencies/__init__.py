"""Readers of what news agencies send, and of feeds."""
