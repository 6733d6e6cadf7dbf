"""Changing the password from inside the account."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services.accounts import password_change, sessions
from portal.services.accounts.password_hashes import hash_password
from portal.web import access
from portal.web.auth.entering import enter
from portal.web.auth.forms import NewPasswordForm
from portal.web.forms import rules_on
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.customer_fresh
def show() -> ResponseReturnValue:
    """GET, POST /account/password: the old password was given within ten minutes, so only the new one is asked for."""
    form = NewPasswordForm()
    if form.validate_on_submit():
        with rules_on(form):
            password = form.new_password.data or ""
            password_change.check(current_context(), current_user.id, password)
            hashed = hash_password(password)
            with transaction() as context:
                password_change.change(context, current_user.id, hashed, keep_session=current_user.session_id)
                token = sessions.renew(context, current_user)
            answer = enter(token, url_for("auth.security"))
            flash_code("password.changed")
            return answer
    return page("auth/change_password.html", form=form)
