"""The backend that keeps an index in a folder."""
