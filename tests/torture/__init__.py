"""The long versions of the tests of faults, bad input and load; ``scripts/torture`` runs each module."""
