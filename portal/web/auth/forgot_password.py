"""A forgotten password: asking for the link."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal.services.accounts import password_reset
from portal.web import access
from portal.web.auth.forms import EmailForm
from portal.web.forms import rules_on
from portal.web.pages import page
from portal.web.request_context import visitor
from portal.web.transaction import throttled, transaction


@access.public
def show() -> ResponseReturnValue:
    """GET, POST /forgot-password: the same answer for every address."""
    form = EmailForm()
    if form.validate_on_submit():
        with rules_on(form):
            email = form.email.data or ""
            throttled(*password_reset.attempts(email, visitor()))
            with transaction() as context:
                password_reset.request(context, email)
            return redirect(url_for("auth.forgot_password_sent"), 303)
    return page("auth/forgot_password.html", form=form)


@access.public
def sent() -> ResponseReturnValue:
    """GET /forgot-password/check-mail: the same page, whether the address has an account or not."""
    return page("auth/forgot_password_sent.html")
