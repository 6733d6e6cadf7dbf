"""Changing the password from inside the account."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services.accounts import accounts, password_change, sessions
from portal.web import access
from portal.web.auth import new_passwords
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
            account = accounts.get(current_context(), current_user.id)
            hashed = new_passwords.hashed(account, form.new_password.data or "")
            # The same form sent again may come when the first is done already: by then it is no new password.
            present = password_change.is_present(account, form.new_password.data or "")
            with transaction() as context:
                changed = not present and password_change.change(
                    context, account, hashed, keep_session=current_user.session_id
                )
                token = sessions.renew(context, current_user)
            answer = enter(token, url_for("auth.security"))
            flash_code("password.changed" if changed else "password.changed_already", "success" if changed else "info")
            return answer
    return page("auth/change_password.html", form=form)
