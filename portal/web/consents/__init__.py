"""Consents and prohibitions of a customer, and the link of a mail that ends marketing without logging in."""

from __future__ import annotations

from flask import Blueprint

from portal.web.consents import choices, unsubscribe

blueprint = Blueprint("consents", __name__)
_BOTH = ["GET", "POST"]
blueprint.add_url_rule("/privacy/consents", "show", choices.show, methods=_BOTH)
blueprint.add_url_rule("/unsubscribe/<token>", "unsubscribe", unsubscribe.show, methods=_BOTH)
