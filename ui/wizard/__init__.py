"""First start: a new station, step by step, or the demo station."""
