"""Checking the answers, and signing the request: with the password, typed now, the code where the second factor is on,
and the typed name (SECURITY 24)."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.errors import RuleBroken
from portal.rules.request_statement import delivered, digest, place
from portal.rules.texts import text
from portal.services.accounts import accounts, customer_factor, login, reauthentication
from portal.services.register import profile
from portal.services.requests import access_request_drafts as drafts
from portal.services.requests import access_requests
from portal.services.requests.access_request_drafts import Draft, Question
from portal.web import access
from portal.web.access_requests.forms import SignForm
from portal.web.access_requests.questions import url_of
from portal.web.failing_codes import owner_told
from portal.web.forms import rules_on
from portal.web.language import current_locale
from portal.web.pages import page
from portal.web.request_context import visitor
from portal.web.transaction import current_context, throttled, transaction


@access.customer
def check() -> ResponseReturnValue:
    """GET /privacy/access-requests/new/check: every answer with the way to change it."""
    context, customer_id = current_context(), current_user.customer_id
    draft = drafts.read(context, customer_id)
    if draft.unanswered is not None:
        return redirect(url_of(draft.unanswered), 303)
    person = profile.read(context, customer_id)
    answers = drafts.answers_of(draft, person, current_locale())
    address = place(person.street, person.postal_code, person.city)
    rows = [_row(question, getattr(answers, question), address) for question in draft.asked]
    return page("access_requests/check.html", rows=rows, back_url=url_of(draft.asked[-1]))


@access.customer
def sign() -> ResponseReturnValue:
    """GET, POST /privacy/access-requests/new/sign: the words of the request, then name and password."""
    customer_id = current_user.customer_id
    form = SignForm(asks_code=customer_factor.is_on(current_context(), current_user.id))
    # The same form sent again goes where the first one went.
    sent = access_requests.find_submission(current_context(), customer_id, form.submission.data or "")
    if form.validate_on_submit() and sent is None:
        with rules_on(form), owner_told(current_user.id):
            form.check_filled()
            name, context = form.signed_name.data or "", current_context()
            access_requests.check_own_name(context, customer_id, name, otherwise=form.otherwise.data)
            sent = _sign(form, customer_id)
        # Two presses at once: the first used the code up, and the second goes where it went.
        sent = sent or access_requests.find_submission(current_context(), customer_id, form.submission.data or "")
    if sent is not None:
        return redirect(url_for("access_requests.received", reference=sent), 303)
    return _show(form, drafts.read(current_context(), customer_id))


def _show(form: SignForm, draft: Draft) -> ResponseReturnValue:
    if draft.unanswered is not None:
        return redirect(url_of(draft.unanswered), 303)
    context, customer_id, locale = current_context(), current_user.customer_id, current_locale()
    known = profile.read(context, customer_id)
    answers = drafts.answers_of(draft, known, locale)
    statement = access_requests.statement_of(context, customer_id, answers, locale)
    registered = f"{known.first_name} {known.last_name}".strip()
    form.present(submission=draft.submission, language=locale, shown=digest(statement))
    return page("access_requests/sign.html", form=form, statement=statement, registered=registered)


def _sign(form: SignForm, customer_id: int) -> str:
    """Hold password and code against the account, counted like a log-in, and sign. Raises `RuleBroken`."""
    throttled(*reauthentication.attempts(current_context(), current_user, visitor()))
    outcome = login.check(accounts.get(current_context(), current_user.id), form.password.data or "")
    with transaction() as context:
        if reauthentication.prove(context, outcome, current_user, form.code.data or ""):
            return drafts.sign(context, customer_id, form.signature(), form.shown.data or "")
    raise RuleBroken.of("password", "password.wrong")


def _row(question: Question, answer: Any, address: str) -> dict[str, Any]:
    locale = current_locale()
    if question is Question.CATEGORIES:
        answer = "\n".join(text(f"category.{code}", locale) for code in answer)
    elif question is Question.DELIVERY:
        answer = delivered(answer, address, locale)
    elif question is Question.SCOPE:
        answer = text(f"access_request.scope.{answer}", locale)
    key = text(f"access_request.answer.{question}", locale)
    value = answer or text("access_request.no_wishes", locale)
    lines = question in (Question.WISHES, Question.CATEGORIES)
    return {"key": key, "value": value, "url": url_of(question), "lines": lines}
