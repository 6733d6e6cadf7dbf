"""The one-time link of a new employee: a password, then the second factor (SECURITY 14, 26, 28).

The link's token leaves the address at once and waits in the signed cookie; only the last step uses the link up. The
cookie also proves which browser chose the password: no other one is shown the secret of the second factor.
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
from portal.web import access, kept_tokens
from portal.web.admin.entering import enter
from portal.web.admin.forms import InvitationForm
from portal.web.first_codes import show_next
from portal.web.forms import rules_on
from portal.web.language import current_locale
from portal.web.pages import page
from portal.web.proof_forms import CodeForm
from portal.web.qr import qr_code
from portal.web.request_context import visitor
from portal.web.transaction import current_context, throttled, transaction

# The token of the link, and the value that proves which browser chose a password with it.
KEPT, CHOICE = "staff link", "staff link choice"


def _ended(view: Any) -> Any:
    """Show what to do when the link has ended; without any link there is no such page.

    Whoever reloads the last step is in already, and finds the recovery codes that belong to it. Who has not chosen in
    this browser, or not last, begins with the password.
    """

    @wraps(view)
    def guarded() -> ResponseReturnValue:
        if KEPT not in session:
            if current_user.is_authenticated and current_user.kind == "staff" and current_user.second_factor:
                return redirect(url_for("admin.recovery_codes"), 303)
            abort(404)
        token = kept_tokens.kept(KEPT)
        if token is None:
            return page("admin/invite_ended.html", idle=True, status=410)
        try:
            answer: ResponseReturnValue = view(token)
        except NotFound:
            return page("admin/invite_ended.html", idle=False, status=410)
        except staff_accounts.NotChosen:
            return redirect(url_for("admin.invite"), 303)
        return answer

    return guarded


@access.staff_area_open
def follow(token: str) -> ResponseReturnValue:
    """GET /admin/invite/<token>: keep the token and leave the address. Nothing is used up."""
    if not readable(token):
        abort(404)
    if kept_tokens.kept(KEPT) != token:
        kept_tokens.forget(CHOICE)
    kept_tokens.keep(KEPT, token)
    return redirect(url_for("admin.invite"), 303)


@access.staff_area_open
@_ended
def choose_password(token: str) -> ResponseReturnValue:
    """GET and POST /admin/invite: the name and the password."""
    invited = staff_accounts.invitation(current_context(), token, _choice())
    form = InvitationForm(data={"name": invited.name})
    if form.validate_on_submit():
        with rules_on(form):
            password = form.password.data or ""
            throttled(*staff_accounts.attempts(invited, visitor()))
            name = staff_accounts.check_choice(invited, form.name.data or "", password)
            hashed = hash_password(password)
            with transaction() as context:
                choice = staff_accounts.keep_choice(context, token, _choice(), name, hashed)
            kept_tokens.keep(KEPT, token)
            kept_tokens.keep(CHOICE, choice)
            return redirect(url_for("admin.invite_second_factor"), 303)
    return page("admin/invite.html", form=form, invited=invited)


@access.staff_area_open
@_ended
def set_up_second_factor(token: str) -> ResponseReturnValue:
    """GET and POST /admin/invite/second-factor: the QR code, and a first code that proves it works."""
    invited, seed = staff_accounts.chosen(current_context(), token, _choice())
    form = CodeForm()
    if form.validate_on_submit():
        with rules_on(form):
            form.check_filled()
            # Apart from the log-in: whoever holds a link keeps nobody out who works with the factor of before.
            throttled(*second_factor.attempts(invited.staff_id, "staff invitation"))
            code, language = form.code.data or "", current_locale()
            with transaction() as context:
                entered, made = staff_accounts.accept(context, token, _choice(), code, visitor(), language)
            answer = enter(entered, url_for("admin.recovery_codes"))
            show_next(made)
            return answer
    qr, key = qr_code(seed, invited.email), totp.key_text(seed)
    return page("admin/invite_second_factor.html", form=form, invited=invited, qr=qr, key=key)


def _choice() -> str:
    return kept_tokens.kept(CHOICE) or ""
