"""Texts of the area ``audit``."""

TEXTS: dict[str, str] = {}
