"""The user name: choosing, changing and removing it."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services.accounts import accounts, user_name
from portal.web import access
from portal.web.auth.forms import UserNameForm
from portal.web.forms import ButtonForm, rules_on
from portal.web.pages import flash_code, page
from portal.web.request_context import visitor
from portal.web.transaction import current_context, throttled, transaction


@access.customer_fresh
def show() -> ResponseReturnValue:
    """GET, POST /account/user-name: what it is, and choosing another one."""
    account = accounts.get(current_context(), current_user.id)
    form = UserNameForm(data={"user_name": account.user_name})
    if form.validate_on_submit():
        with rules_on(form):
            name = user_name.check(form.user_name.data or "")
            throttled(*user_name.attempts(current_user.id, visitor()))
            with transaction() as context:
                changed = user_name.choose(context, current_user.id, name)
            flash_code("user_name.chosen" if changed else "profile.unchanged", "success" if changed else "info")
            return redirect(url_for("auth.security"), 303)
    return page("auth/user_name.html", form=form, account=account)


@access.button_on("auth.user_name")
@access.customer_fresh
def remove() -> ResponseReturnValue:
    """POST /account/user-name/remove: from now on the e-mail address alone logs in."""
    if ButtonForm().validate_on_submit():
        with transaction() as context:
            removed = user_name.remove(context, current_user.id)
        if removed:
            flash_code("user_name.removed")
    return redirect(url_for("auth.security"), 303)
