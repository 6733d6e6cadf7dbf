"""What is done to answer a request: give it to somebody, search the sources outside the system, write to and fro."""

from __future__ import annotations

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.rules.access_requests import CHECKLIST, NoteKind
from portal.rules.attachments import MOST_FILES
from portal.rules.clock import helsinki_date
from portal.services.register import customer_openings
from portal.services.requests import request_assignments, request_checks, request_copies, request_file, request_notes
from portal.services.requests.request_openings import Head
from portal.web import access
from portal.web.admin.opened_requests import opened
from portal.web.admin.request_forms import AssignmentForm, ChecklistForm, CopyForm, NoteForm
from portal.web.forms import rules_on
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction

# The kinds of correspondence as addresses name them.
NOTES = {kind.value.replace("_", "-"): kind for kind in NoteKind}


@access.staff("requests.answer")
@opened
def assign(head: Head) -> ResponseReturnValue:
    """GET and POST /admin/requests/<reference>/assignment."""
    context = current_context()
    file = request_file.view(context, head)
    form = AssignmentForm(request_assignments.team(context, head.customer_id), head.version, file.row.assigned_id)
    if form.validate_on_submit():
        with rules_on(form), transaction() as writing:
            request_assignments.assign(writing, head.reference, form.staff_id(), version=form.row_version())
        if not form.errors and not form.form_errors:
            return _back(head, "request_assignment.stored")
    return page("admin/request_assignment.html", form=form, head=head, subject=file.subject)


@access.staff("requests.answer")
@opened
def search_sources(head: Head) -> ResponseReturnValue:
    """GET and POST /admin/requests/<reference>/checklist."""
    checks = request_checks.of_request(current_context(), head.id)
    form = ChecklistForm(checks)
    if form.validate_on_submit():
        with rules_on(form), transaction() as context:
            request_checks.attest(context, head.reference, form.typed(CHECKLIST))
        if not form.errors and not form.form_errors:
            return _back(head, "request_check.stored")
    subject = customer_openings.subject_of(current_context(), head.customer_uuid)
    files_copied = request_copies.holds_files(current_context(), head)
    return page(
        "admin/request_checklist.html", form=form, head=head, checks=checks, subject=subject, files_copied=files_copied
    )


@access.staff("requests.answer")
@opened
def write(head: Head, kind: str) -> ResponseReturnValue:
    """GET and POST /admin/requests/<reference>/correspondence/<kind>."""
    if kind not in NOTES:
        abort(404)
    today = helsinki_date(current_context().now)
    form = NoteForm(NOTES[kind], today, with_files=NOTES[kind] in request_notes.WITH_FILES)
    if form.validate_on_submit():
        with rules_on(form):
            return _back(head, _store(head, NOTES[kind], form))
    file = request_file.view(current_context(), head)
    return page("admin/request_note.html", form=form, file=file, kind=NOTES[kind], most=MOST_FILES)


@access.staff("requests.answer")
@opened
def ask_copy(head: Head) -> ResponseReturnValue:
    """GET and POST /admin/requests/<reference>/copy: see how the copy is doing, and have one made."""
    file = request_file.view(current_context(), head)
    form = CopyForm(request_copies.choosable(current_context(), head), file.copy.left_out if file.copy else None)
    if form.validate_on_submit():
        with rules_on(form), transaction() as context:
            request_copies.ask(context, head.reference, form.left_out.data or (), form.reason.data or "")
        if not form.errors and not form.form_errors:
            return _back(head, "request_copy.asked")
    return page("admin/request_copy.html", form=form, file=file)


def _store(head: Head, kind: NoteKind, form: NoteForm) -> str:
    with transaction() as context:
        sent = (form.body.data or "", form.contents(), form.submission.data or "")
        return request_notes.add(context, head.reference, kind, *sent, form.came())


def _back(head: Head, told: str) -> ResponseReturnValue:
    flash_code(told)
    return redirect(url_for("admin.request", reference=head.reference), 303)
