"""Texts of the area ``register``."""

TEXTS: dict[str, str] = {}
