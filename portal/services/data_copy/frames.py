"""The templates of a copy's pages, with rows that were written before put into them."""

from __future__ import annotations

import re
import secrets
from functools import cache
from typing import Any

from flask import current_app
from jinja2 import Environment

from portal.rules.texts.spoken import speaking


class Slots:
    """Marks the places of a page at which finished HTML belongs. A mark is random: no stored text can be one."""

    def __init__(self) -> None:
        self._mark = secrets.token_hex(16)
        self._pieces: list[str] = []

    def put(self, html: str) -> str:
        """The mark that stands for the HTML until `fill`."""
        self._pieces.append(html)
        return f"{self._mark}-{len(self._pieces) - 1};"

    def fill(self, page: str) -> str:
        """The page with the HTML in its places."""
        return re.sub(rf"{self._mark}-(\d+);", lambda found: self._pieces[int(found.group(1))], page)


@cache
def _templates(known: Environment) -> Environment:
    """The portal's templates without the mask that pages have: the copy holds what is stored, word for word."""
    return known.overlay(finalize=None)


def render(template: str, locale: str, slots: Slots, values: dict[str, Any]) -> bytes:
    """A page of the copy, in its language."""
    # Without Flask's own rendering: its context belongs to a request, and a copy is made where there is none.
    with speaking(locale):
        page = _templates(current_app.jinja_env).get_template(template).render({**values, "locale": locale})
    return slots.fill(page).encode()
