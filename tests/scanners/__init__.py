"""Scanners nobody here wrote, each against a planted fault first and then against the portal: ``script/scan``."""
