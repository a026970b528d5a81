"""Tiếp đón: who is here today, what is unfinished, and everybody who was searched for."""
