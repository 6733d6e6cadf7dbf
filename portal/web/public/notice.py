"""The public privacy notice."""

from __future__ import annotations

from datetime import date

from flask import current_app
from flask.typing import ResponseReturnValue

from portal.rules.recipients import given_to, shown, transfers
from portal.rules.register import text_code
from portal.rules.register_labels import article_label
from portal.services.register import notice
from portal.web import access
from portal.web.language import current_locale
from portal.web.pages import page
from portal.web.transaction import current_context


@access.public
def show() -> ResponseReturnValue:
    """GET /privacy-notice: generated from the declarations and the controller's settings."""
    named, found = notice.recipients(current_context()), notice.notice(current_context())
    getting = [(item.name, item.purposes) for item in named]
    return page(
        "public/privacy_notice.html",
        notice=found,
        given_to={item.category: given_to(item.purposes, getting, current_locale()) for item in found.contents},
        articles={purpose: article_label(purpose.legal_bases, current_locale()) for purpose in found.purposes},
        recipients=[shown(item, current_locale()) for item in named],
        transfers=transfers(named),
        text_code=text_code,
        version=notice.VERSION,
        valid_from=notice.VALID_FROM,
        hosting_verified=_hosting_verified(),
    )


def _hosting_verified() -> date | None:
    """The day on which the safeguards of the premises were verified; without one they are not printed."""
    text = current_app.config["PORTAL_HOSTING_VERIFIED"]
    return date.fromisoformat(text) if text else None
