"""The main window: rail, search box, status bar, panels, and moving between screens."""
