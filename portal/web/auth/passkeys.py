"""Passkeys of a customer: the list, adding and removing, and logging in with one (SECURITY 22, 24, 27)."""

from __future__ import annotations

import secrets

from flask import Response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.next_path import safe_next
from portal.services.accounts import accounts, customer_passkeys, passkeys
from portal.web import access
from portal.web.auth.entering import enter, enter_after_login
from portal.web.auth.forms import LoginForm
from portal.web.forms import LineForm, rules_on
from portal.web.pages import flash_code, page
from portal.web.proof_forms import PasskeyForm
from portal.web.request_context import visitor
from portal.web.transaction import current_context, throttled, transaction

# The addresses of options take no fields: like every POST, they are behind the CSRF check of the whole application.

# Marks a browser that is about to log in, so that the challenge belongs to it alone.
BROWSER = "passkey browser"


@access.customer_fresh
def show() -> ResponseReturnValue:
    """GET, POST /account/passkeys: the list; a POST adds one."""
    form, owner = PasskeyForm(), passkeys.of_account(current_user.id)
    if form.validate_on_submit():
        with transaction() as context:
            challenge = passkeys.take_challenge(context, _session(), "add")
        with rules_on(form):
            with transaction() as context:
                token = customer_passkeys.add(
                    context, current_user, challenge, form.credential.data or "", form.name.data or ""
                )
            return _back(token, "passkey.added")
    return page("auth/passkeys.html", form=form, known=passkeys.listing(current_context(), owner))


@access.button_on("auth.passkeys")
@access.customer_fresh
def remove() -> ResponseReturnValue:
    """POST /account/passkeys/remove."""
    form = LineForm()
    if form.validate_on_submit():
        with transaction() as context:
            token = customer_passkeys.remove(context, current_user, form.line.data or "")
        if token is not None:
            return _back(token, "passkey.removed")
    return redirect(url_for("auth.passkeys"), 303)


@access.button_on("auth.passkeys")
@access.customer_fresh
def options_to_add() -> ResponseReturnValue:
    """POST /account/passkeys/options: what the browser needs to make a passkey."""
    with transaction() as context:
        name = accounts.get(context, current_user.id).email
        text = passkeys.options_to_add(context, passkeys.of_account(current_user.id), _session(), name)
    return Response(text, mimetype="application/json")


@access.public
def options_to_log_in() -> ResponseReturnValue:
    """POST /login/passkey/options: a challenge for this browser. It names nobody."""
    throttled(*customer_passkeys.attempts(visitor()))
    browser = session[BROWSER] = secrets.token_urlsafe(16)
    with transaction() as context:
        text = passkeys.options_to_prove(context, browser)
    return Response(text, mimetype="application/json")


@access.public
def log_in() -> ResponseReturnValue:
    """POST /login/passkey: the device's answer instead of password and code."""
    target = safe_next(request.args.get("next"), default=url_for("account.overview"))
    form = PasskeyForm()
    if current_user.is_authenticated or not form.validate_on_submit():
        return redirect(target, 303)
    throttled(*customer_passkeys.attempts(visitor()))
    with transaction() as context:
        challenge = passkeys.take_challenge(context, session.pop(BROWSER, ""), "prove")
    shown = LoginForm(formdata=None)
    with rules_on(shown), transaction() as context:
        opened = customer_passkeys.log_in(context, challenge, form.credential.data or "", visitor())
    if not shown.form_errors:
        return enter_after_login(opened, target)
    return page("auth/login.html", form=shown, next=request.args.get("next"))


def _session() -> str:
    return f"customer {current_user.session_id}"


def _back(token: str, code: str) -> ResponseReturnValue:
    answer = enter(token, url_for("auth.passkeys"))
    flash_code(code)
    return answer
