"""Texts of the area ``staff``."""

TEXTS: dict[str, str] = {}
