"""The steps by which a request is answered, each on a page of its own: fill in, check the letter, send."""

from __future__ import annotations

from io import BytesIO

from flask import abort, g, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from portal.rules.access_requests import MOVES
from portal.rules.errors import Busy
from portal.rules.request_steps import STEPS, Step
from portal.services.requests import request_file, request_openings, request_steps
from portal.services.requests.request_letters import Overtaken
from portal.services.requests.request_openings import Head
from portal.services.requests.request_steps import Taken
from portal.web import access
from portal.web.admin.opened_requests import opened
from portal.web.admin.request_forms import StepForm
from portal.web.admin.request_rows import shown_events, shown_hindrances, shown_reckoning, shown_states
from portal.web.forms import rules_on
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction

# The button that was pressed: look at the letter, look at it as a PDF, go back to the form, or take the step.
CHECK, PDF, EDIT, SEND = "check", "pdf", "edit", "send"
# How often a letter is rendered anew before the employee is asked to try again, and when (in seconds).
TRIES, RETRY_SECONDS = 5, 5


@access.staff("requests.answer")
@opened
def show(head: Head, step: str) -> ResponseReturnValue:
    """GET and POST /admin/requests/<reference>/steps/<step>."""
    if step not in STEPS:
        abort(404)
    form = StepForm(STEPS[step], head, request_steps.known(current_context(), head, STEPS[step]))
    stage = request.form.get("stage", CHECK)
    if form.validate_on_submit() and stage != EDIT:
        with rules_on(form):
            return _send(head, STEPS[step], form) if stage == SEND else _look(head, STEPS[step], form, stage)
    return _fill_in(head, STEPS[step], form)


def _send(head: Head, step: Step, form: StepForm) -> ResponseReturnValue:
    taken = _take(head, step, form)
    flash_code("request_step.taken" if taken.number is None else f"request_step.{_sent(taken.mailed)}")
    return redirect(url_for("admin.request", reference=head.reference, on_paper=taken.on_paper), 303)


def _take(head: Head, step: Step, form: StepForm) -> Taken:
    """Render the letter, then take the step in a transaction that is short. Where colleagues sent letters meanwhile the
    number is another, and the letter is rendered again."""
    typed, version = form.typed(), form.row_version()
    for _ in range(TRIES):
        try:
            with (
                request_steps.ready(current_context(), head.reference, step, typed, version=version) as prepared,
                transaction() as context,
            ):
                return request_steps.take(context, head.reference, step, typed, prepared, version=version)
        except Overtaken:
            continue
    raise Busy(RETRY_SECONDS)


def _sent(mailed: bool) -> str:
    return "mailed" if mailed else "to_post"


def _look(head: Head, step: Step, form: StepForm, stage: str) -> ResponseReturnValue:
    context = current_context()
    shown = request_steps.preview(context, head.reference, step, form.typed())
    if stage == PDF and shown.draft is not None:
        return _draft(head, request_steps.pdf(context, shown))
    file = request_file.view(context, head)
    return page("admin/request_letter.html", form=form, step=step, shown=shown, file=file)


def _draft(head: Head, content: bytes) -> ResponseReturnValue:
    name = f"{head.reference}.pdf"
    return send_file(BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name)


def _fill_in(head: Head, step: Step, form: StepForm) -> ResponseReturnValue:
    """The form, also for a request that moved on while it was being filled in: what was typed stays readable."""
    now = request_openings.find(current_context(), head.reference)
    file = request_file.view(current_context(), now)
    return page(
        "admin/request_step.html",
        form=form,
        step=step,
        file=file,
        possible=now.allows(step) and step.name not in file.hindered,
        due_after=request_steps.due_after(current_context(), now, step),
        moved_on=g.get("form_status") == 409,
        writes=any(move.letter for (_, after), move in MOVES.items() if after is step.to and move.event is step.event),
        states=shown_states(),
        reckoning=shown_reckoning(file),
        latest=[event for event in shown_events(file) if event["moment"]][-1],
        **shown_hindrances(file, [step.name] if now.allows(step) else []),
    )
