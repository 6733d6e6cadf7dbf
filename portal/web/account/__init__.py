"""A customer's own pages: the overview, the contact details and where earlier orders are joined."""

from __future__ import annotations

from flask import Blueprint

from portal.web.account import changes, details, earlier_orders, overview, profile

blueprint = Blueprint("account", __name__)
_BOTH = ["GET", "POST"]
blueprint.add_url_rule("/account", "overview", overview.show)
blueprint.add_url_rule("/account/profile", "profile", profile.show)
blueprint.add_url_rule("/account/profile/history", "history", changes.show)
blueprint.add_url_rule("/account/profile/name", "change_name", details.name, methods=_BOTH)
blueprint.add_url_rule("/account/profile/phone", "change_phone", details.phone, methods=_BOTH)
blueprint.add_url_rule("/account/profile/company", "change_company", details.company, methods=_BOTH)
blueprint.add_url_rule("/account/profile/language", "change_language", details.language, methods=_BOTH)
blueprint.add_url_rule("/account/addresses", "addresses", details.address, methods=_BOTH)
blueprint.add_url_rule("/account/earlier-orders", "earlier_orders", earlier_orders.join, methods=_BOTH)
