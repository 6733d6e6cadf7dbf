"""Texts of the area ``mail``."""

TEXTS: dict[str, str] = {}
