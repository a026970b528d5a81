"""One package per receiver: client, mapping, and a contract.md that says what its messages cannot hold."""
