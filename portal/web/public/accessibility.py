"""The accessibility statement (Act 306/2019)."""

from __future__ import annotations

from datetime import date

from flask.typing import ResponseReturnValue

from portal.web import access
from portal.web.pages import page

ASSESSED_ON = date(2026, 11, 23)


@access.public
def show() -> ResponseReturnValue:
    """GET /accessibility: how accessible the portal is, what is known to be missing, and whom to tell."""
    return page("public/accessibility.html", assessed_on=ASSESSED_ON)
