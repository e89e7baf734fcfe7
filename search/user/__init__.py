"""What belongs to one user: history, saved searches, dossiers, read articles, the state of the interface."""
