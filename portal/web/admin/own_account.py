"""What an employee logs in with: recovery codes for the day on which the telephone is lost (SECURITY 24, 26)."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services.accounts import passkeys, recovery_codes
from portal.services.employees import second_factor
from portal.web import access
from portal.web.consent_rows import new_submission
from portal.web.first_codes import to_show
from portal.web.forms import SubmissionForm, rules_on
from portal.web.pages import page
from portal.web.transaction import current_context, transaction


@access.staff("own.account")
def show() -> ResponseReturnValue:
    """GET /admin/account: what there is, and the ways to change it."""
    left = recovery_codes.left(current_context(), recovery_codes.of_staff(current_user.id))
    known = passkeys.listing(current_context(), passkeys.of_staff(current_user.id))
    return page("admin/own_account.html", left=left, passkeys=len(known))


@access.staff_fresh("own.account")
def codes() -> ResponseReturnValue:
    """GET, POST /admin/account/recovery-codes: those that came with the invitation, once; a POST shows ten new ones."""
    form, first, owner = SubmissionForm(), to_show(), recovery_codes.of_staff(current_user.id)
    made = recovery_codes.just_made(current_context(), owner, first)
    if form.validate_on_submit():
        with rules_on(form), transaction() as context:
            made = second_factor.make_recovery_codes(context, current_user.id, form.submission.data or "")
    form.submission.data = new_submission()
    shown = [recovery_codes.grouped(code) for code in made]
    left = recovery_codes.left(current_context(), owner)
    return page("admin/recovery_codes.html", form=form, codes=shown, left=left, first=bool(first))
