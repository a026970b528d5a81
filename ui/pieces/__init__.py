"""The pieces every screen is made of (design.md): each one widget, used everywhere."""
