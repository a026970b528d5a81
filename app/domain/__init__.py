"""Plain dataclasses that cross threads: records, summaries, change sets. Frozen, no I/O."""
