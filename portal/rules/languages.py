"""The languages of the portal, each by its own name."""

LANGUAGE_NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
