"""Proving again who one is, before something delicate (SECURITY 24)."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.errors import RuleBroken
from portal.rules.next_path import safe_next
from portal.services.accounts import accounts, customer_factor, login, reauthentication
from portal.web import access
from portal.web.auth.entering import enter
from portal.web.failing_codes import owner_told
from portal.web.forms import rules_on
from portal.web.pages import flash_code, page
from portal.web.proof_forms import ConfirmForm
from portal.web.request_context import visitor
from portal.web.transaction import current_context, throttled, transaction


@access.customer
def show() -> ResponseReturnValue:
    """GET, POST /confirm-password: ask for the password and go on to the page that wanted it."""
    form = ConfirmForm(asks_code=customer_factor.is_on(current_context(), current_user.id))
    if form.validate_on_submit():
        with rules_on(form), owner_told(current_user.id):
            form.check_filled()
            throttled(*reauthentication.attempts(current_context(), current_user, visitor()))
            account = accounts.get(current_context(), current_user.id)
            outcome = login.check(account, form.password.data or "")
            with transaction() as context:
                token = reauthentication.finish(context, outcome, current_user, form.code.data or "")
            if token is not None:
                answer = enter(token, safe_next(request.args.get("next"), default=url_for("auth.security")))
                flash_code("confirmed")
                return answer
            raise RuleBroken.of("password", "password.wrong")
    return page("auth/confirm_password.html", form=form)
