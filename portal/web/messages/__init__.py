"""The messages that were sent to a customer: the list, and each as it was sent."""

from __future__ import annotations

from flask import Blueprint

from portal.web.messages import detail, listing

blueprint = Blueprint("messages", __name__)
blueprint.add_url_rule("/messages", "listing", listing.show)
blueprint.add_url_rule("/messages/<uuid:message>", "detail", detail.show)
