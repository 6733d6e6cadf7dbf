"""A customer's own orders: the history and one order."""

from __future__ import annotations

from flask import Blueprint

from portal.web.orders import detail, history

blueprint = Blueprint("orders", __name__)
blueprint.add_url_rule("/orders", "history", history.show)
blueprint.add_url_rule("/orders/<number>", "detail", detail.show)
