"""A customer's own register notice: what is held, why, from where and for how long, and who looked."""

from __future__ import annotations

from flask import Blueprint

from portal.web.privacy import activity, entries, overview

blueprint = Blueprint("privacy", __name__)
blueprint.add_url_rule("/privacy", "overview", overview.show)
blueprint.add_url_rule("/privacy/activity", "activity", activity.show)
blueprint.add_url_rule("/privacy/<category>/<part>", "entries", entries.show)
