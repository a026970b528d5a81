"""Before the store is open: the frame around first start and unlocking."""
