"""QĐ 831 XML to a provincial portal over transport B. What the message cannot hold: contract.md."""

from sync.channels.qd831.client import Qd831Channel, qd831_channels

__all__ = ["Qd831Channel", "qd831_channels"]
