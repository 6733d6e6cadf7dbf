"""The one-time link of a new employee: a password, then the second factor (SECURITY 14, 26, 28).

The link's token leaves the address at once and waits in the signed cookie; only the last step uses the link up.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from flask import abort, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.errors import NotFound
from portal.services.accounts import totp
from portal.services.accounts.password_hashes import hash_password
from portal.services.employees import second_factor, staff_accounts
from portal.services.foundation.links import readable
from portal.web import access
from portal.web.admin.entering import enter
from portal.web.admin.forms import CodeForm, InvitationForm
from portal.web.first_codes import show_next
from portal.web.forms import rules_on
from portal.web.language import current_locale
from portal.web.pages import page
from portal.web.qr import qr_code
from portal.web.request_context import visitor
from portal.web.transaction import current_context, throttled, transaction

KEPT = "staff invitation"


def _ended(view: Any) -> Any:
    """Show what to do when the link has ended; without any link there is no such page.

    Whoever reloads the last step is in already, and finds the recovery codes that belong to it.
    """

    @wraps(view)
    def guarded() -> ResponseReturnValue:
        if KEPT not in session:
            if current_user.is_authenticated and current_user.kind == "staff" and current_user.second_factor:
                return redirect(url_for("admin.recovery_codes"), 303)
            abort(404)
        try:
            answer: ResponseReturnValue = view(session[KEPT])
        except NotFound:
            return page("admin/invite_ended.html", status=410)
        return answer

    return guarded


@access.staff_area_open
def follow(token: str) -> ResponseReturnValue:
    """GET /admin/invite/<token>: keep the token and leave the address. Nothing is used up."""
    if not readable(token):
        abort(404)
    session[KEPT] = token
    return redirect(url_for("admin.invite"), 303)


@access.staff_area_open
@_ended
def choose_password(token: str) -> ResponseReturnValue:
    """GET and POST /admin/invite: the name and the password."""
    invited = staff_accounts.invitation(current_context(), token)
    form = InvitationForm(data={"name": invited.name})
    if form.validate_on_submit():
        with rules_on(form):
            password = form.password.data or ""
            throttled(*staff_accounts.attempts(invited, visitor()))
            name = staff_accounts.check_choice(invited, form.name.data or "", password)
            hashed = hash_password(password)
            with transaction() as context:
                staff_accounts.keep_choice(context, token, name, hashed)
            return redirect(url_for("admin.invite_second_factor"), 303)
    return page("admin/invite.html", form=form, invited=invited)


@access.staff_area_open
@_ended
def set_up_second_factor(token: str) -> ResponseReturnValue:
    """GET and POST /admin/invite/second-factor: the QR code, and a first code that proves it works."""
    invited = staff_accounts.invitation(current_context(), token)
    if not invited.password_chosen:
        return redirect(url_for("admin.invite"), 303)
    form = CodeForm()
    if form.validate_on_submit():
        throttled(*second_factor.attempts(invited.staff_id))
        with rules_on(form), transaction() as context:
            code, language = form.code.data or "", current_locale()
            entered, made = staff_accounts.accept(context, token, code, visitor(), language)
        if not form.errors:
            answer = enter(entered, url_for("admin.recovery_codes"))
            show_next(made)
            return answer
    qr, key = qr_code(invited.seed, invited.email), totp.key_text(invited.seed)
    return page("admin/invite_second_factor.html", form=form, invited=invited, qr=qr, key=key)
