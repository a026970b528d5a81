"""A scripted working day through the real windows: demo without a display, screenshots, canary test."""
