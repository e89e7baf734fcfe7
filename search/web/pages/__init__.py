"""The pages: what is shown of an archive, of an answer and of an article, and the addresses of all of it."""
