"""Logging in: the second factor, after the right password (SECURITY 11, 15)."""

from __future__ import annotations

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.errors import NotFound
from portal.rules.next_path import safe_next
from portal.services.accounts import customer_factor, login_steps
from portal.web import access
from portal.web.auth.entering import STEP, enter_after_login
from portal.web.failing_codes import owner_told
from portal.web.forms import rules_on
from portal.web.pages import page
from portal.web.proof_forms import CodeForm
from portal.web.request_context import visitor
from portal.web.transaction import current_context, throttled, transaction


@access.public
def show() -> ResponseReturnValue:
    """GET, POST /login/second-factor: a code of the telephone, or a recovery code."""
    target = safe_next(request.args.get("next"), default=url_for("account.overview"))
    if current_user.is_authenticated:
        return redirect(target, 303)
    token, remember = session.get(STEP, ("", False))
    form = CodeForm()
    try:
        account_id = login_steps.account_of(current_context(), token)
        if form.validate_on_submit():
            with rules_on(form), owner_told(account_id):
                form.check_filled()
                throttled(*customer_factor.attempts(account_id))
                with transaction() as context:
                    opened = login_steps.finish(context, token, form.code.data or "", visitor(), remember=remember)
                return enter_after_login(opened, target)
    except NotFound:
        return page("auth/second_step_ended.html", status=410)
    return page("auth/second_step.html", form=form)
