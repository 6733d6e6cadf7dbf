"""Signing up."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services.accounts import registration, registration_details
from portal.services.accounts.password_hashes import hash_password
from portal.web import access
from portal.web.auth.forms import SignUpForm
from portal.web.forms import rules_on
from portal.web.pages import page
from portal.web.request_context import visitor
from portal.web.transaction import throttled, transaction


@access.public
def show() -> ResponseReturnValue:
    """GET, POST /sign-up: everything that opens an account, on one page."""
    if current_user.is_authenticated:
        return redirect(url_for("account.overview"), 303)
    form = SignUpForm()
    if form.validate_on_submit():
        with rules_on(form):
            throttled(*registration.attempts(visitor()))
            password = form.password.data or ""
            details = registration_details.check(form.details(), password)
            hashed = hash_password(password)
            with transaction() as context:
                registration.begin(context, details, hashed)
            return redirect(url_for("auth.sign_up_sent"), 303)
    return page("auth/sign_up.html", form=form)


@access.public
def sent() -> ResponseReturnValue:
    """GET /sign-up/check-mail: the same page, whether the address was free or taken."""
    return page("auth/sign_up_sent.html")
