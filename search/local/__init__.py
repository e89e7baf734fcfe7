"""Generations: build, validate, publish, open, collect; the only place that knows the layout of index/."""
