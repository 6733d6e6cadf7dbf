"""One's own requests: the list with what the right is, one of them in full, and withdrawing it."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.access_requests import ANSWERED, EventKind
from portal.rules.formats import format_size
from portal.rules.texts import text
from portal.services.data_copy import data_copies
from portal.services.requests import access_request_drafts as drafts
from portal.services.requests import access_request_papers as papers
from portal.services.requests import access_requests
from portal.services.requests.access_request_timeline import waits_for_customer
from portal.web import access
from portal.web.access_request_rows import full_timeline, reasons, shown_request, shown_requests
from portal.web.access_requests.forms import WithdrawForm
from portal.web.access_requests.questions import url_of
from portal.web.forms import rules_on
from portal.web.language import current_locale
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.customer
def index() -> ResponseReturnValue:
    """GET /privacy/access-requests: what the right is, the requests so far, and the way to a new one."""
    context, customer_id = current_context(), current_user.customer_id
    draft = drafts.read(context, customer_id)
    return page(
        "access_requests/index.html",
        requests=shown_requests(access_requests.own(context, customer_id)),
        start_url=url_of(draft.unanswered) if draft.version else url_for("access_requests.scope"),
        is_begun=bool(draft.version),
    )


@access.customer
def detail(reference: str) -> ResponseReturnValue:
    """GET /privacy/access-requests/<reference>: timeline, deadline, letters, correspondence and the way to the copy."""
    context, locale = current_context(), current_locale()
    found = access_requests.own_one(context, current_user.customer_id, reference)
    copy = data_copies.of_request(context, found.request.id) if found.request.state in ANSWERED else None
    return page(
        "access_requests/detail.html",
        own=found.request,
        request_=shown_request(found),
        timeline_steps=full_timeline(found),
        question=reasons(found, EventKind.IDENTITY_ASKED) if waits_for_customer(found.steps) else None,
        copy=copy,
        copy_size=format_size(copy.size, locale) if copy and copy.size is not None else None,
        letters=papers.letters(context, found.request.id),
        messages=papers.messages(context, found.request.id),
        word=lambda prefix, code: text(f"access_request.{prefix}.{code}", locale),
    )


@access.customer
def received(reference: str) -> ResponseReturnValue:
    """GET /privacy/access-requests/<reference>/received: the number, the deadline and what happens next."""
    found = access_requests.own_one(current_context(), current_user.customer_id, reference)
    return page("access_requests/received.html", request_=shown_request(found))


@access.customer
def withdraw(reference: str) -> ResponseReturnValue:
    """GET, POST /privacy/access-requests/<reference>/withdraw: asked once more on a page of its own."""
    found = access_requests.own_one(current_context(), current_user.customer_id, reference)
    # What was sent goes before the version of now, so a sent form needs none.
    form = WithdrawForm(data={} if request.method == "POST" else {"version": found.request.version})
    if form.validate_on_submit():
        with rules_on(form):
            with transaction() as context:
                access_requests.withdraw(context, current_user.customer_id, reference, form.row_version())
            flash_code("access_request.withdrawn")
            return redirect(url_for("access_requests.detail", reference=reference), 303)
    return page("access_requests/withdraw.html", form=form, request_=shown_request(found))
