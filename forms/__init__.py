"""The official forms as data: definitions, validation, calculation. Standard library only."""
