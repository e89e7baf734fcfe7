"""The long versions of the tests of faults, bad input and load, each a module that ``scripts/torture`` runs."""
