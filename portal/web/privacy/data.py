"""The self-service copy: asked for, waited for, downloaded, each with a fresh proof of identity (SECURITY 24)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import g, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.clock import helsinki_date
from portal.rules.errors import RuleBroken
from portal.rules.formats import format_size
from portal.services.data_copy import data_copies
from portal.services.data_copy.data_copies import CopyFacts
from portal.services.foundation.stored_files import FileFacts
from portal.web import access
from portal.web.forms import PortalForm, rules_on
from portal.web.language import current_locale
from portal.web.pages import page
from portal.web.transaction import current_context, transaction

# How the tag of each state looks.
TAGS = {"waiting": "info", "building": "info", "ready": "ok", "failed": "bad", "expired": "muted"}
# Minutes after which a copy takes longer than it should.
LONG = 5


@access.customer_fresh
def show() -> ResponseReturnValue:
    """GET, POST /privacy/data: what a copy is, the customer's copies, and the button that has one made."""
    form = PortalForm()
    if form.validate_on_submit():
        with rules_on(form):
            with transaction() as context:
                name = data_copies.ask(context, current_user.customer_id, language=current_locale())
            return redirect(url_for("privacy.data_copy", copy=name), 303)
    found = data_copies.of_customer(current_context(), current_user.customer_id)
    blocked = data_copies.blocked_until(current_context(), current_user.customer_id)
    return page(
        "privacy/data.html",
        form=form,
        copies=[shown(item) for item in found],
        blocked=helsinki_date(blocked) if blocked else None,
    )


@access.customer_fresh
def detail(copy: uuid.UUID) -> ResponseReturnValue:
    """GET /privacy/data/<copy>: how far it is, and the way to download it."""
    found = data_copies.find(current_context(), current_user.customer_id, copy)
    slow = (g.now - found.created_at).total_seconds() > LONG * 60
    return page("privacy/data_copy.html", copy=shown(found), slow=slow)


@access.file_on("privacy.data_copy")
@access.customer_fresh
def download(copy: uuid.UUID) -> ResponseReturnValue:
    """GET /privacy/data/<copy>/copy.zip: the file; counted and logged."""
    counted = request.method == "GET"
    try:
        with transaction() as context:
            file = data_copies.open_file(context, current_user.customer_id, copy, counted=counted)
    except RuleBroken:
        # The page of all copies says until when none is handed out.
        return redirect(url_for("privacy.data"), 303)
    return _send(file)


@access.file_on("access_requests.detail")
@access.customer_fresh
def answer(reference: str) -> ResponseReturnValue:
    """GET /privacy/access-requests/<reference>/copy.zip: the copy that answers a request, once that is decided."""
    counted = request.method == "GET"
    try:
        with transaction() as context:
            file = data_copies.open_answer(context, current_user.customer_id, reference, counted=counted)
    except RuleBroken:
        return redirect(url_for("privacy.data"), 303)
    return _send(file)


def shown(copy: CopyFacts) -> dict[str, Any]:
    """A copy as the pages show it."""
    return {
        "facts": copy,
        "url": url_for("privacy.data_copy", copy=copy.uuid),
        "kind": TAGS[copy.state],
        "size": format_size(copy.size, current_locale()) if copy.size is not None else None,
    }


def _send(file: FileFacts) -> ResponseReturnValue:
    # Whole and always anew: no part of it may be asked for, and nothing tells a cache that it has it already.
    answer = send_file(
        file.path,
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.name,
        conditional=False,
        etag=False,
    )
    del answer.headers["Last-Modified"]
    return answer
