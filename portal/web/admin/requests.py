"""The queue of access requests, opening one, and the page of one."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.rules.request_steps import steps_from
from portal.services.requests import request_file, request_openings, request_queue, request_statistics
from portal.services.requests.request_openings import Head
from portal.web import access
from portal.web.admin.customer_facts import field_names
from portal.web.admin.entering import following
from portal.web.admin.opened_requests import opened
from portal.web.admin.request_forms import ReferenceForm
from portal.web.admin.request_rows import (
    shown_categories,
    shown_events,
    shown_hindrances,
    shown_reckoning,
    shown_states,
    shown_to_do,
)
from portal.web.forms import PortalForm, rules_on
from portal.web.pages import page
from portal.web.transaction import current_context, transaction


@access.staff("requests.answer")
def listing() -> ResponseReturnValue:
    """GET and POST /admin/requests: by deadline. Parameters: shown (open, mine, unassigned, closed), after, before."""
    form, context, args = ReferenceForm(), current_context(), request.args
    if form.validate_on_submit():
        with rules_on(form):
            reference = request_openings.search(context, form.term.data or "")
            return redirect(url_for("admin.request", reference=reference), 303)
    shown = args.get("shown") or request_queue.SHOWN[0]
    try:
        found = request_queue.listing(context, shown, after=args.get("after", ""), before=args.get("before", ""))
    except ValueError:
        abort(400)
    return page(
        "admin/requests.html",
        form=form,
        shown=shown,
        lists=request_queue.SHOWN,
        found=found,
        states=shown_states(),
    )


@access.staff("requests.answer")
def figures() -> ResponseReturnValue:
    """GET /admin/request-figures: how this year's and last year's requests were answered."""
    return page("admin/request_figures.html", years=request_statistics.years(current_context()))


@access.staff("requests.answer")
def open_one(reference: str) -> ResponseReturnValue:
    """GET and POST /admin/requests/<reference>/open: open the customer in order to answer, which is written down."""
    head = request_openings.find(current_context(), reference)
    form = PortalForm()
    if form.validate_on_submit():
        with transaction() as context:
            request_openings.open_request(context, reference)
        target = following() if "next" in request.args else url_for("admin.request", reference=head.reference)
        return redirect(target, 303)
    return page("admin/open_request.html", form=form, head=head)


@access.staff("requests.answer")
@opened
def show(head: Head) -> ResponseReturnValue:
    """GET /admin/requests/<reference>. Parameter: on_paper (what is left to be printed, right after a step)."""
    file, offered = request_file.view(current_context(), head), steps_from(head.state, extended=head.extended)
    return page(
        "admin/request.html",
        file=file,
        categories=shown_categories(file),
        changed=field_names(file.identity.changed),
        states=shown_states(),
        to_do=shown_to_do(file, request.args.get("on_paper", "")),
        steps=[step for step in offered if step.name not in file.hindered],
        reckoning=shown_reckoning(file),
        events=shown_events(file),
        **shown_hindrances(file, [step.name for step in offered]),
    )
