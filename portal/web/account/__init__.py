"""A customer's own pages: the overview, the contact details and where earlier orders are joined."""

from __future__ import annotations

from flask import Blueprint

from portal.web.account import overview, profile

blueprint = Blueprint("account", __name__)
blueprint.add_url_rule("/account", "overview", overview.show)
blueprint.add_url_rule("/account/profile", "profile", profile.show)
blueprint.add_url_rule("/account/addresses", "addresses", profile.show)
blueprint.add_url_rule("/account/earlier-orders", "earlier_orders", profile.show)
