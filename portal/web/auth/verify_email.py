"""Confirming the address one signed up with: by link and by password (decision 5)."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.rules.errors import RuleBroken
from portal.services.accounts import registration
from portal.services.accounts.registration import Waiting
from portal.services.foundation.links import LinkEnded, LinkPurpose
from portal.web import access, cookies
from portal.web.auth import kept_links
from portal.web.auth.entering import end_session_here, ended_link, enter
from portal.web.forms import rules_on
from portal.web.pages import flash_code, page
from portal.web.proof_forms import PasswordForm
from portal.web.request_context import visitor
from portal.web.transaction import current_context, throttled, transaction


@access.public
def follow(token: str) -> ResponseReturnValue:
    """GET /verify-email/<token>: take the token out of the address."""
    return kept_links.take(LinkPurpose.VERIFY_EMAIL, token, "auth.verify_email")


@access.public
def show() -> ResponseReturnValue:
    """GET, POST /verify-email: the password chosen at sign-up opens the account."""
    form = PasswordForm()
    try:
        waiting = registration.get(current_context(), kept_links.row(LinkPurpose.VERIFY_EMAIL))
        if form.validate_on_submit():
            with rules_on(form):
                form.check_filled()
                _check(waiting, form.password.data or "")
                end_session_here()
                with transaction() as context:
                    token = registration.confirm(context, waiting.id, visitor())
                cookies.clear_remembered()
                answer = enter(token, url_for("account.overview"))
                flash_code("registration.confirmed")
                return answer
    except LinkEnded:
        return ended_link()
    return page("auth/verify_email.html", form=form)


def _check(waiting: Waiting, password: str) -> None:
    """Hold the password against the one chosen at sign-up, with the throttle of a log-in."""
    throttled(*registration.password_attempts(waiting, visitor()))
    if not registration.password_matches(waiting, password):
        with transaction() as context:
            registration.record_failure(context)
        raise RuleBroken.of("password", "password.wrong")
