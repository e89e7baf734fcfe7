"""What comes from the web: pages, crawls, and the records of programs that collect articles."""
