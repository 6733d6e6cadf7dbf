"""Announcements as they are read on pages: how far each is, and its words in every language."""

from __future__ import annotations

from typing import Any

from portal.rules.languages import LANGUAGE_NAMES
from portal.rules.plain_text import paragraphs
from portal.rules.texts import LOCALES, text
from portal.web.language import current_locale

# How the tag of each state looks.
STATES = {"draft": ("muted", "pencil"), "sending": ("info", "hourglass-split"), "sent": ("ok", "check-circle")}


def shown_words(found: Any) -> dict[str, Any]:
    """What a template is given of an announcement: its tag, its subject and type in the language of the page, and its
    words as customers read them."""
    kind, icon = STATES[found.state]
    locale = current_locale()
    previews = [
        {
            "language": language,
            "name": LANGUAGE_NAMES[language],
            "subject": words["subject"],
            "paragraphs": paragraphs(words["text"]),
        }
        for language, words in ((language, found.words[language]) for language in LOCALES)
    ]
    subject, type_name = found.words[locale]["subject"], text(f"announcement.type.{found.type}", locale)
    return {"previews": previews, "kind": kind, "icon": icon, "subject": subject, "type_name": type_name}
