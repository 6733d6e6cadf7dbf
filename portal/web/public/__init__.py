"""Pages for everybody: the notices, the language switch, the operations' probes."""

from __future__ import annotations

from flask import Blueprint

from portal.web.public import accessibility, home, language, notice, probes, request_form

blueprint = Blueprint("public", __name__)
blueprint.add_url_rule("/", "home", home.show)
blueprint.add_url_rule("/privacy-notice", "privacy_notice", notice.show)
blueprint.add_url_rule("/privacy-notice/access-request-<language>.pdf", "request_form", request_form.blank)
blueprint.add_url_rule("/accessibility", "accessibility", accessibility.show)
blueprint.add_url_rule("/language", "language", language.switch, methods=["POST"])
blueprint.add_url_rule("/healthz", "healthz", probes.alive)
blueprint.add_url_rule("/readyz", "readyz", probes.ready)
