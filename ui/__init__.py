"""The screens. The only importer of PySide6."""
