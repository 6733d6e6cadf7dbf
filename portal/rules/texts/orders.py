"""Texts of the area ``orders``."""

TEXTS: dict[str, str] = {}
