"""How fast, how small and how good Dépêche is, and its peers in the same run; see ``scripts/benchmark``."""
