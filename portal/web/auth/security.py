"""What a customer logs in with."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services.accounts import accounts, customer_factor, email_change, factor_removal, passkeys, session_list
from portal.web import access
from portal.web.forms import ButtonForm
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.customer
def show() -> ResponseReturnValue:
    """GET /account/security: the log-in address, the password's age, and the ways to change them."""
    context = current_context()
    return page(
        "auth/security.html",
        account=accounts.get(context, current_user.id),
        factor=customer_factor.state(context, current_user.id),
        removal=factor_removal.state(context, current_user.customer_id),
        passkeys=len(passkeys.listing(context, passkeys.of_account(current_user.id))),
        browsers=len(session_list.read(context, current_user.id)),
        waiting=email_change.waiting_address(context, current_user.id),
    )


@access.button_on("auth.security")
@access.customer
def keep_factor() -> ResponseReturnValue:
    """POST /account/second-factor/keep: stop the removal that customer service was asked for. The session is enough: it
    keeps what is there, and somebody who has to look for the phone first would lose the time."""
    if ButtonForm().validate_on_submit():
        with transaction() as context:
            stopped = factor_removal.take_back(context, accounts.get(context, current_user.id))
        if stopped:
            flash_code("factor_removal.kept")
    return redirect(url_for("auth.security"), 303)
