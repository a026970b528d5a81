"""Data that ships with the product: code lists, fonts, icons, licences. Read it with importlib.resources."""
