"""Texts of the area ``people``."""

TEXTS: dict[str, str] = {}
