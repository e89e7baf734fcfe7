"""What belongs to one user: history, saved searches and the state of the interface."""
