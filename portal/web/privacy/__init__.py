"""A customer's own register notice: what is held, why, from where and for how long, and who looked."""

from __future__ import annotations

from flask import Blueprint

from portal.web.privacy import activity, data, entries, overview

blueprint = Blueprint("privacy", __name__)
blueprint.add_url_rule("/privacy", "overview", overview.show)
blueprint.add_url_rule("/privacy/activity", "activity", activity.show)
blueprint.add_url_rule("/privacy/data", "data", data.show, methods=["GET", "POST"])
blueprint.add_url_rule("/privacy/data/<uuid:copy>", "data_copy", data.detail)
blueprint.add_url_rule("/privacy/data/<uuid:copy>/copy.zip", "data_copy_file", data.download)
blueprint.add_url_rule("/privacy/access-requests/<reference>/copy.zip", "request_copy", data.answer)
blueprint.add_url_rule("/privacy/<category>/<part>", "entries", entries.show)
