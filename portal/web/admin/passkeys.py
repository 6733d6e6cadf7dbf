"""Passkeys of an employee: the list, adding and removing, and the second factor of a log-in (SECURITY 24, 26, 27)."""

from __future__ import annotations

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services.accounts import passkeys
from portal.services.employees import second_factor, staff_passkeys
from portal.web import access
from portal.web.admin.entering import enter, following
from portal.web.forms import LineForm, rules_on
from portal.web.language import current_locale
from portal.web.pages import flash_code, page
from portal.web.proof_forms import CodeForm, PasskeyForm
from portal.web.transaction import current_context, throttled, transaction

# The addresses of options take no fields: like every POST, they are behind the CSRF check of the whole application.


@access.staff_fresh("own.account")
def show() -> ResponseReturnValue:
    """GET, POST /admin/account/passkeys: the list; a POST adds one."""
    form, owner = PasskeyForm(), passkeys.of_staff(current_user.id)
    if form.validate_on_submit():
        with transaction() as context:
            challenge = passkeys.take_challenge(context, _session(), "add")
        with rules_on(form):
            answer, name = form.credential.data or "", form.name.data or ""
            with transaction() as context:
                token = staff_passkeys.add(context, current_user, challenge, answer, name)
            return _back(token, "passkey.added")
    return page("admin/passkeys.html", form=form, known=passkeys.listing(current_context(), owner))


@access.button_on("admin.passkeys")
@access.staff_fresh("own.account")
def remove() -> ResponseReturnValue:
    """POST /admin/account/passkeys/remove."""
    form = LineForm()
    if form.validate_on_submit():
        with transaction() as context:
            token = staff_passkeys.remove(context, current_user, form.line.data or "")
        if token is not None:
            return _back(token, "passkey.removed")
    return redirect(url_for("admin.passkeys"), 303)


@access.button_on("admin.passkeys")
@access.staff_fresh("own.account")
def options_to_add() -> ResponseReturnValue:
    """POST /admin/account/passkeys/options: what the browser needs to make a passkey."""
    with transaction() as context:
        owner = passkeys.of_staff(current_user.id)
        text = passkeys.options_to_add(context, owner, _session(), current_user.display_name)
    return Response(text, mimetype="application/json")


@access.staff_first_factor
def options_to_log_in() -> ResponseReturnValue:
    """POST /admin/second-factor/passkey/options: a challenge for the employee's own passkeys."""
    with transaction() as context:
        text = passkeys.options_to_prove(context, _session(), passkeys.of_staff(current_user.id))
    return Response(text, mimetype="application/json")


@access.staff_first_factor
def log_in() -> ResponseReturnValue:
    """POST /admin/second-factor/passkey: the device's answer instead of a code."""
    form = PasskeyForm()
    if current_user.second_factor or not form.validate_on_submit():
        return redirect(following(), 303)
    throttled(*second_factor.attempts(current_user.id))
    with transaction() as context:
        challenge = passkeys.take_challenge(context, _session(), "prove")
    shown = CodeForm(formdata=None)
    with rules_on(shown), transaction() as context:
        answer = form.credential.data or ""
        token = staff_passkeys.complete(context, current_user, challenge, answer, current_locale())
    if not shown.form_errors:
        return enter(token, following())
    return page("admin/second_factor.html", form=shown, passkeys=True, next=request.args.get("next"))


def _session() -> str:
    return f"staff {current_user.session_id}"


def _back(token: str, code: str) -> ResponseReturnValue:
    answer = enter(token, url_for("admin.passkeys"))
    flash_code(code)
    return answer
