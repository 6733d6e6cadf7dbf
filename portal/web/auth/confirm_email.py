"""Changing the log-in address: confirming the new one by link and password (SECURITY 25)."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.errors import RuleBroken
from portal.services.accounts import email_change, login, reauthentication, sessions
from portal.services.accounts.accounts import KnownAccount
from portal.services.foundation.links import LinkEnded, LinkPurpose
from portal.web import access
from portal.web.auth import kept_links
from portal.web.auth.entering import end_session_here, ended_link, enter, leave
from portal.web.forms import rules_on
from portal.web.pages import flash_code, page
from portal.web.proof_forms import PasswordForm
from portal.web.request_context import visitor
from portal.web.transaction import current_context, throttled, transaction


@access.public
def follow(token: str) -> ResponseReturnValue:
    """GET /confirm-email/<token>: take the token out of the address."""
    return kept_links.take(LinkPurpose.CONFIRM_EMAIL, token, "auth.confirm_email")


@access.public
def show() -> ResponseReturnValue:
    """GET, POST /confirm-email: whoever reads the new mailbox must know the password, for it may be a stranger's."""
    form = PasswordForm()
    try:
        change = kept_links.row(LinkPurpose.CONFIRM_EMAIL)
        account = email_change.account_of(current_context(), change)
        if form.validate_on_submit():
            with rules_on(form):
                form.check_filled()
                _check(account, form.password.data or "")
                return _confirm(change, account)
    except LinkEnded:
        return ended_link()
    return page("auth/confirm_email.html", form=form)


def _check(account: KnownAccount, password: str) -> None:
    """Hold the password against the account's, counted like a log-in."""
    throttled(*login.attempts_elsewhere("new address", account.id, visitor()))
    outcome = login.check(account, password)
    if not outcome.succeeded:
        with transaction() as context:
            reauthentication.record_failure(context, outcome)
        raise RuleBroken.of("password", "password.wrong")


def _confirm(change: int, account: KnownAccount) -> ResponseReturnValue:
    """Change the address. A session of this account in this browser goes on under a new id; all others end."""
    if not (current_user.is_authenticated and current_user.id == account.id):
        end_session_here()
        with transaction() as context:
            email_change.confirm(context, change)
        return leave("email_change.confirmed")
    with transaction() as context:
        email_change.confirm(context, change, keep_session=current_user.session_id)
        token = sessions.renew(context, current_user)
    answer = enter(token, url_for("auth.security"))
    flash_code("email_change.confirmed")
    return answer
