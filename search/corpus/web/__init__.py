"""Records of programs that collect articles on the web: each program has names of its own."""
