"""The keyword leg: a Whoosh index of articles and passages (the only place that imports whoosh)."""
