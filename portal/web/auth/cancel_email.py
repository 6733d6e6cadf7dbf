"""Changing the log-in address: cancelling it from the old mailbox (SECURITY 25)."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services.accounts import email_change
from portal.services.accounts.email_change import Cancelling
from portal.services.foundation.links import LinkEnded, LinkPurpose
from portal.web import access
from portal.web.auth import kept_links
from portal.web.auth.entering import ended_link
from portal.web.forms import ButtonForm
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.public
def follow(token: str) -> ResponseReturnValue:
    """GET /cancel-email/<token>: take the token out of the address."""
    return kept_links.take(LinkPurpose.CANCEL_EMAIL, token, "auth.cancel_email")


@access.public
def show() -> ResponseReturnValue:
    """GET, POST /cancel-email: one button; after a confirmation, whom to turn to."""
    form = ButtonForm()
    try:
        change = kept_links.row(LinkPurpose.CANCEL_EMAIL)
        state = email_change.cancelling(current_context(), change)
        if state is Cancelling.POSSIBLE and form.validate_on_submit():
            with transaction() as context:
                email_change.cancel(context, change)
            kept_links.forget(LinkPurpose.CANCEL_EMAIL)
            flash_code("email_change.cancelled")
            return redirect(url_for("auth.security" if current_user.is_authenticated else "auth.login"), 303)
    except LinkEnded:
        return ended_link()
    return page("auth/cancel_email.html", form=form, state=state.value)
