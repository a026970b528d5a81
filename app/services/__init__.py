"""Use cases: one function per intention. They take a Context, return results and a ChangeSet."""
