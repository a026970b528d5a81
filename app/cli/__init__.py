"""`hoso831`: one module per command group, thin over the services."""
