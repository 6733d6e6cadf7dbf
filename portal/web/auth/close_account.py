"""Closing one's account (SECURITY 24)."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.formats import format_datetime
from portal.services.accounts import account_closing
from portal.services.requests import access_requests
from portal.web import access
from portal.web.auth.entering import leave
from portal.web.forms import ButtonForm
from portal.web.language import current_locale
from portal.web.pages import page
from portal.web.transaction import current_context, transaction


@access.customer_fresh
def show() -> ResponseReturnValue:
    """GET, POST /account/close: what it does and what it does not, and the button."""
    form = ButtonForm()
    if form.validate_on_submit():
        with transaction() as context:
            account_closing.begin(context, current_user.id)
        end = account_closing.end_of(current_context().now)
        return leave("account.closing", end=format_datetime(end, current_locale()))
    context = current_context()
    undecided = [own.request.reference for own in access_requests.own_open(context, current_user.customer_id)]
    return page("auth/close_account.html", form=form, end=account_closing.end_of(context.now), undecided=undecided)
