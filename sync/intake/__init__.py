"""A small receiving portal that speaks the QĐ 831 contract: demo, training, tests, a district LAN."""

from sync.intake.accounts import add_station
from sync.intake.server import Limits, create_app, serve

__all__ = ["Limits", "add_station", "create_app", "serve"]
