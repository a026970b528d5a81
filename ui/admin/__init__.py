"""Quản trị: this station, the portal, the look, and one's own password."""
