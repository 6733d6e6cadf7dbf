"""Suggestions for a customer: what was derived from purchases and why, and the interests that the customer tells."""

from __future__ import annotations

from flask import Blueprint

from portal.web.personalisation import interests, suggestions

blueprint = Blueprint("personalisation", __name__)
blueprint.add_url_rule("/privacy/suggestions", "suggestions", suggestions.show)
blueprint.add_url_rule("/account/interests", "interests", interests.change, methods=["GET", "POST"])
