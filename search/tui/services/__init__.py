"""Background work and access to the index; no widgets."""
