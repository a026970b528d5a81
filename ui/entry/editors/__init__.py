"""One small editor per field type; which one a field gets is decided in `ui.entry.editors.choose`."""
