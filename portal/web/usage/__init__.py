"""The usage statistics of a customer: what was collected, and deleting it."""

from __future__ import annotations

from flask import Blueprint

from portal.rules.cursors import MAX_ROW_ID
from portal.web.usage import deleting, views

blueprint = Blueprint("usage", __name__)
_BOTH = ["GET", "POST"]
blueprint.add_url_rule("/privacy/usage", "show", views.show)
blueprint.add_url_rule("/privacy/usage/delete", "delete_all", deleting.everything, methods=_BOTH)
blueprint.add_url_rule("/privacy/usage/days/<day>/delete", "delete_day", deleting.day, methods=_BOTH)
blueprint.add_url_rule(
    f"/privacy/usage/views/<int(max={MAX_ROW_ID}):view>/delete", "delete_one", deleting.one, methods=_BOTH
)
