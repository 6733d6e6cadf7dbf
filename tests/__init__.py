"""Tests of the portal; the folders mirror ``portal/``."""
