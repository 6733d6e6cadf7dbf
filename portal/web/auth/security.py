"""What a customer logs in with."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services.accounts import accounts, customer_factor, email_change, passkeys, session_list
from portal.web import access
from portal.web.pages import page
from portal.web.transaction import current_context


@access.customer
def show() -> ResponseReturnValue:
    """GET /account/security: the log-in address, the password's age, and the ways to change them."""
    context = current_context()
    return page(
        "auth/security.html",
        account=accounts.get(context, current_user.id),
        factor=customer_factor.state(context, current_user.id),
        passkeys=len(passkeys.listing(context, passkeys.of_account(current_user.id))),
        browsers=len(session_list.read(context, current_user.id)),
        waiting=email_change.waiting_address(context, current_user.id),
    )
