"""What belongs to one user: history, saved searches, preferences."""
