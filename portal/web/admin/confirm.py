"""Proving again who one is, before something delicate (SECURITY 24)."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.errors import RuleBroken
from portal.services.employees import staff_reauthentication
from portal.web import access
from portal.web.admin.entering import enter, following
from portal.web.forms import rules_on
from portal.web.pages import flash_code, page
from portal.web.proof_forms import ConfirmForm
from portal.web.request_context import visitor
from portal.web.transaction import current_context, throttled, transaction


@access.staff("own.account")
def show() -> ResponseReturnValue:
    """GET and POST /admin/confirm: ask for password and code, and go on to the page that wanted them."""
    form = ConfirmForm(asks_code=True)
    if form.validate_on_submit():
        with rules_on(form):
            form.check_filled()
            throttled(*staff_reauthentication.attempts(current_user, visitor()))
            outcome = staff_reauthentication.check(current_context(), current_user, form.password.data or "")
            with transaction() as context:
                token = staff_reauthentication.finish(context, outcome, current_user, form.code.data or "")
            if token is not None:
                answer = enter(token, following())
                flash_code("confirmed")
                return answer
            raise RuleBroken.of("password", "password.wrong")
    return page("admin/confirm.html", form=form)
