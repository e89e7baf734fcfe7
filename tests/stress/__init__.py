"""Long versions of the tests of faults, bad input and load; ``scripts/stress`` runs each module."""
