"""What is kept of a mail that was sent: every word, and none of the links that would open something (decision 17)."""

from __future__ import annotations

import re

from flask import current_app

from portal.mail.render import Rendered
from portal.rules.texts import text
from portal.rules.tokens import LENGTH

# The rest of an address: a run of exactly as many of a token's signs as a token has, and whatever stands around it.
_REST, _SIGN = r"[^\s\"'<>]*", "[A-Za-z0-9_-]"
_TOKEN_INSIDE = rf"/(?:{_REST}?(?<!{_SIGN}))?{_SIGN}{{{LENGTH}}}(?!{_SIGN}){_REST}"


def without_links(sent: Rendered, language: str) -> Rendered:
    """The mail with a sentence in the place of each address that carries a token, whatever its purpose.

    Addresses are found by their shape, so that a new kind of message needs no line of its own here. What a link was
    called stays; the rest is what was sent, to the letter.
    """
    marker = text("mail.link_not_kept", language)
    address = re.escape(current_app.config["PORTAL_BASE_URL"]) + _TOKEN_INSIDE
    called = re.compile(rf'<a href="{address}"[^>]*>(.*?)</a>', re.DOTALL)
    html = called.sub(lambda found: f"{found.group(1)} {marker}", sent.html)
    return Rendered(sent.subject, *(re.sub(address, lambda _found: marker, part) for part in (sent.text, html)))
