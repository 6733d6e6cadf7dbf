"""Changing the log-in address: asking for it."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.errors import TooMany
from portal.services.accounts import accounts, email_change
from portal.web import access
from portal.web.auth.forms import EmailForm
from portal.web.forms import rules_on
from portal.web.pages import page
from portal.web.transaction import current_context, transaction


@access.customer_fresh
def show() -> ResponseReturnValue:
    """GET, POST /account/email: the new address. Nothing changes before it is confirmed there."""
    form = EmailForm()
    if form.validate_on_submit():
        with rules_on(form):
            with transaction() as context:
                wait = email_change.request(context, current_user.id, form.email.data or "")
            if wait:
                raise TooMany(wait)
            return redirect(url_for("auth.change_email_sent"), 303)
    account = accounts.get(current_context(), current_user.id)
    waiting = email_change.waiting_address(current_context(), current_user.id)
    return page("auth/change_email.html", form=form, account=account, waiting=waiting)


@access.customer
def sent() -> ResponseReturnValue:
    """GET /account/email/check-mail: the same page, whether the address is free or taken."""
    return page("auth/change_email_sent.html")
