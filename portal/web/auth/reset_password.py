"""A forgotten password: choosing a new one by link."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.services.accounts import accounts, password_reset
from portal.services.foundation.links import LinkEnded, LinkPurpose
from portal.web import access
from portal.web.auth import kept_links, new_passwords
from portal.web.auth.entering import end_session_here, ended_link, leave
from portal.web.auth.forms import NewPasswordForm
from portal.web.forms import rules_on
from portal.web.pages import page
from portal.web.transaction import current_context, transaction


@access.public
def follow(token: str) -> ResponseReturnValue:
    """GET /reset-password/<token>: take the token out of the address."""
    return kept_links.take(LinkPurpose.RESET_PASSWORD, token, "auth.reset_password")


@access.public
def show() -> ResponseReturnValue:
    """GET, POST /reset-password: choose a new password. All sessions end, and none begins (SECURITY 15)."""
    form = NewPasswordForm()
    try:
        reset = kept_links.row(LinkPurpose.RESET_PASSWORD)
        account_id = password_reset.account_of(current_context(), reset)
        if form.validate_on_submit():
            with rules_on(form):
                account = accounts.get(current_context(), account_id)
                hashed = new_passwords.hashed(account, form.new_password.data or "")
                end_session_here(but_of=account_id)
                with transaction() as context:
                    password_reset.finish(context, reset, hashed)
                return leave("password.reset")
    except LinkEnded:
        return ended_link()
    return page("auth/reset_password.html", form=form)
