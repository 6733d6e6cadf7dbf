"""Writing to customer service about a request, the answer to a question about identity included."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.access_requests import EventKind
from portal.services.requests import access_request_papers as papers
from portal.services.requests import access_requests
from portal.services.requests.access_request_timeline import waits_for_customer
from portal.web import access
from portal.web.access_request_rows import reasons, shown_request
from portal.web.access_requests.forms import MessageForm
from portal.web.forms import rules_on
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.customer
def write(reference: str) -> ResponseReturnValue:
    """GET, POST /privacy/access-requests/<reference>/message."""
    customer_id = current_user.customer_id
    found = access_requests.own_one(current_context(), customer_id, reference)
    form = MessageForm()
    if form.validate_on_submit():
        with rules_on(form):
            with transaction() as context:
                papers.write(context, customer_id, reference, form.body.data or "", form.submission.data or "")
            flash_code("access_request.message_sent")
            return redirect(url_for("access_requests.detail", reference=reference), 303)
    question = reasons(found, EventKind.IDENTITY_ASKED) if waits_for_customer(found.steps) else None
    return page("access_requests/message.html", form=form, request_=shown_request(found), question=question)
