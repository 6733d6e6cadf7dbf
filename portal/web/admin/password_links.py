"""An employee has the link to a new password mailed to a customer, and sees nothing of it (SECURITY 16)."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.services.accounts import accounts, password_reset
from portal.services.register import customer_openings
from portal.services.register.customer_openings import Opening
from portal.web import access
from portal.web.admin.opened_customers import opened
from portal.web.forms import ButtonForm, rules_on
from portal.web.pages import flash_code, page
from portal.web.request_context import visitor
from portal.web.transaction import current_context, throttled, transaction


@access.staff("passwords.start")
@opened
def show(customer: UUID, opening: Opening) -> ResponseReturnValue:
    """GET, POST /admin/customers/<uuid>/password-link: where the link would go; a POST mails it."""
    form = ButtonForm()
    if form.validate_on_submit():
        with rules_on(form):
            _send(customer, opening.customer_id)
            flash_code("password_link.sent")
            # Back to the page that names the address: none travels in the cookie.
            return redirect(request.path, 303)
    # What the employee reads out to a customer who has no account yet.
    sign_up = current_app.config["PORTAL_BASE_URL"] + url_for("auth.sign_up")
    subject = customer_openings.subject_of(current_context(), customer)
    account = accounts.of_customer(current_context(), opening.customer_id)
    latest = password_reset.latest(current_context(), account.id) if account else []
    return page("admin/password_link.html", form=form, subject=subject, account=account, sign_up=sign_up, latest=latest)


def _send(customer: UUID, customer_id: int) -> None:
    """Ask for the link as the owner would, counted with the owner's own wishes."""
    account = password_reset.startable(current_context(), customer_id)
    throttled(*password_reset.attempts(account.email, visitor()))
    with transaction() as context:
        customer_openings.require(context, customer)
        password_reset.request(context, account.email)
