"""Joining the orders that were made before the account."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services.orders import order_claims
from portal.web import access
from portal.web.account.forms import EarlierOrdersForm
from portal.web.forms import rules_on
from portal.web.pages import flash_code, page
from portal.web.transaction import Attempt, throttled, transaction


@access.customer
def join() -> ResponseReturnValue:
    """GET, POST /account/earlier-orders: name one order number; the guesses are counted before they are looked up."""
    form = EarlierOrdersForm()
    if form.validate_on_submit():
        throttled(Attempt("order_claim", "account", str(current_user.id), account_id=current_user.id))
        with rules_on(form):
            with transaction() as context:
                moved = order_claims.join(context, current_user.customer_id, form.number.data or "")
            flash_code("order.claim.joined" if moved else "order.claim.own", "success" if moved else "info")
            return redirect(url_for("orders.history"), 303)
    return page("account/earlier_orders.html", form=form)
