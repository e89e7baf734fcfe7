"""What programs may ask of an index, read only: the HTTP API and the tools for assistants are made of it."""
