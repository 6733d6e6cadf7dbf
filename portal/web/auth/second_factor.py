"""A customer's second factor: how it stands, setting it up, recovery codes, turning it off (SECURITY 22, 24, 26)."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.errors import NotFound
from portal.services.accounts import accounts, customer_factor, factor_removal, totp
from portal.services.accounts.recovery_codes import grouped, just_made, of_account
from portal.web import access
from portal.web.auth.entering import enter
from portal.web.consent_rows import new_submission
from portal.web.first_codes import show_next, to_show
from portal.web.forms import ButtonForm, SubmissionForm, rules_on
from portal.web.pages import flash_code, page
from portal.web.proof_forms import CodeForm
from portal.web.qr import qr_code
from portal.web.transaction import current_context, throttled, transaction


@access.customer_fresh
def show() -> ResponseReturnValue:
    """GET, POST /account/second-factor: how it stands; the button prepares a new secret."""
    form = ButtonForm()
    if form.validate_on_submit():
        with transaction() as context:
            customer_factor.begin(context, current_user.id)
        return redirect(url_for("auth.set_up_second_factor"), 303)
    factor = customer_factor.state(current_context(), current_user.id)
    removal = factor_removal.state(current_context(), current_user.customer_id)
    return page("auth/second_factor.html", form=form, factor=factor, removal=removal)


@access.customer_fresh
def set_up() -> ResponseReturnValue:
    """GET, POST /account/second-factor/set-up: the QR code, and a first code that proves it works."""
    form = CodeForm()
    try:
        seed = customer_factor.pending(current_context(), current_user.id)
        if form.validate_on_submit():
            with rules_on(form):
                form.check_filled()
                throttled(*customer_factor.attempts(current_user.id))
                with transaction() as context:
                    token, made = customer_factor.confirm(context, current_user, form.code.data or "")
                answer = enter(token, url_for("auth.recovery_codes"))
                show_next(made)
                flash_code("second_factor.on")
                return answer
    except NotFound:
        return redirect(url_for("auth.recovery_codes"), 303)
    name = accounts.get(current_context(), current_user.id).email
    return page("auth/second_factor_set_up.html", form=form, qr=qr_code(seed, name), key=totp.key_text(seed))


@access.button_on("auth.second_factor")
@access.customer_fresh
def turn_off() -> ResponseReturnValue:
    """POST /account/second-factor/off."""
    if not ButtonForm().validate_on_submit():
        return redirect(url_for("auth.second_factor"), 303)
    with transaction() as context:
        token = customer_factor.turn_off(context, current_user)
    answer = enter(token, url_for("auth.second_factor"))
    flash_code("second_factor.off")
    return answer


@access.customer_fresh
def recovery_codes() -> ResponseReturnValue:
    """GET, POST /account/second-factor/recovery-codes: those that came with it, once; a POST shows ten new ones."""
    if not customer_factor.is_on(current_context(), current_user.id):
        if request.method == "POST":
            flash_code("recovery_codes.factor_off", "info")
        return redirect(url_for("auth.second_factor"), 303)
    form = SubmissionForm()
    codes = just_made(current_context(), of_account(current_user.id), to_show())
    if form.validate_on_submit():
        with rules_on(form), transaction() as context:
            codes = customer_factor.make_recovery_codes(context, current_user.id, form.submission.data or "")
    factor = customer_factor.state(current_context(), current_user.id)
    form.submission.data = new_submission()
    shown = [grouped(code) for code in codes]
    return page("auth/recovery_codes.html", form=form, factor=factor, codes=shown)
