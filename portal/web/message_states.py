"""How a message stands, as its tag shows it: in the customer's list and in that of employees."""

from __future__ import annotations

from typing import NamedTuple

from portal.rules.texts import text
from portal.web.language import current_locale

_TAGS = {
    "waiting": ("info", "hourglass-split"),
    "sending": ("info", "hourglass-split"),
    "sent": ("ok", "check-circle"),
    "obsolete": ("muted", "dash-circle"),
    "failed": ("bad", "x-circle"),
}
STATES = tuple(_TAGS)


class ShownState(NamedTuple):
    """A state in the language of the page."""

    code: str
    kind: str
    word: str
    icon: str


def shown_state(code: str) -> ShownState:
    """The tag of a state."""
    kind, icon = _TAGS[code]
    return ShownState(code, kind, text(f"message.state.{code}", current_locale()), icon)
