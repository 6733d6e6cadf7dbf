"""Newsletters as they are read on pages: how far each is, and its words in every language."""

from __future__ import annotations

from typing import Any

from portal.rules.plain_text import paragraphs
from portal.rules.texts import LOCALES

# How the tag of each state looks.
STATES = {"draft": ("muted", "pencil"), "sending": ("info", "hourglass-split"), "sent": ("ok", "check-circle")}


def shown_words(found: Any) -> dict[str, Any]:
    """What a template is given of a newsletter: its tag, and its words as customers read them."""
    kind, icon = STATES[found.state]
    previews = [
        {"language": language, "subject": words["subject"], "paragraphs": paragraphs(words["text"])}
        for language, words in ((language, found.words[language]) for language in LOCALES)
    ]
    return {"previews": previews, "kind": kind, "icon": icon}
