"""Where one is logged in: a list, ending one browser, ending all others (SECURITY 23)."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services.accounts import session_list
from portal.web import access
from portal.web.forms import ButtonForm, LineForm
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.customer
def show() -> ResponseReturnValue:
    """GET, POST /account/sessions: the browsers; a POST ends one of them."""
    form = LineForm()
    if form.validate_on_submit():
        with transaction() as context:
            session_list.end_one(context, current_user.id, form.line.data or "")
        flash_code("sessions.one_ended")
        return redirect(url_for("auth.sessions"), 303)
    lines = session_list.read(current_context(), current_user.id, current_user.session_id)
    return page("auth/sessions.html", form=form, lines=lines)


@access.button_on("auth.sessions")
@access.customer
def end_others() -> ResponseReturnValue:
    """POST /account/sessions/others: end everything but this browser."""
    if ButtonForm().validate_on_submit():
        with transaction() as context:
            session_list.end_others(context, current_user.id, current_user.session_id)
        flash_code("sessions.others_ended")
    return redirect(url_for("auth.sessions"), 303)
