"""The encrypted station store. The only importer of SQLAlchemy, sqlcipher3 and alembic.

`vault` creates and opens a store; what it returns implements the ports of `app.ports`.
"""
