"""Employees' accounts: made by command, opened with a one-time link (SECURITY 28). Nobody else chooses a password.

Who makes a link has seen it. So what a browser chooses with it, and the secret of the second factor it is shown, are
worth something in that browser alone, and end when the link is used in another one (SECURITY 26)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from portal.mail import staff_accounts as mail
from portal.mail.links import page
from portal.models.base import db
from portal.models.database import connection
from portal.models.staff import Staff, StaffInvitation, at_work
from portal.rules import employment, tokens
from portal.rules.clock import DRIFT
from portal.rules.context import Context, Visitor
from portal.rules.email_identity import check_email
from portal.rules.errors import NotFound, PortalError, Problem, RuleBroken
from portal.rules.names import check_person_name
from portal.rules.staff_roles import Role
from portal.services.accounts import known_devices, new_passwords, passkeys, recovery_codes, sessions, totp
from portal.services.auditing import audit
from portal.services.employees import staff_recipients
from portal.services.foundation.keys import keys
from portal.services.foundation.throttle import Attempt

PURPOSE = "staff invitation"
LIFETIME = timedelta(hours=72)
# SECURITY 1: a second factor is mandatory for employees.
SHORTEST_PASSWORD = 8


class NotChosen(PortalError):
    """This browser has chosen no password with the link, or another browser has chosen since."""


@dataclass(frozen=True)
class Invited:
    """An invitation that can still be used, as one browser may see it.

    `seed` is the encrypted secret of the second factor to set up. Only the browser that chose the password has it:
    whoever else holds the link must choose anew, which discards the choice and the secret of before. `elsewhere` says
    that somebody chose whom this browser does not know for itself.
    """

    id: int
    staff_id: int
    email: str
    name: str
    role: str
    seed: str | None
    elsewhere: bool


def create(context: Context, email: str, role: str, name: str = "") -> str:
    """Make an employee, or invite a known one anew; the links before end. Returns the token of the new link.

    Raises `RuleBroken` naming `email`, `role` or `name`: among others when the e-mail is known with another role.
    """
    address = check_email(email)
    if role not in set(Role):
        raise RuleBroken.of("role", "staff.role_unknown", roles=", ".join(Role))
    checked = check_person_name(name, "name") if name else ""
    statement = select(Staff).where(Staff.email_identity == address.identity).with_for_update()
    staff = db.session.execute(statement).scalar_one_or_none()
    if staff is None:
        staff = Staff(
            email=address.display, email_identity=address.identity, name=checked, role=role, created_at=context.now
        )
        db.session.add(staff)
        db.session.flush()
        audit.record(context, "staff.created", staff_id=staff.id, role=role)
    elif staff.role != role:
        raise RuleBroken.of("role", "staff.role_differs", role=staff.role)
    elif not _is_open(context, staff):
        raise RuleBroken.of("email", "staff.account_closed")
    return _invite(context, staff)


def link(token: str) -> str:
    """The absolute address of an invitation."""
    return page(f"admin/invite/{token}")


def link_just_made(context: Context, staff_id: int, *, within: timedelta) -> str | None:
    """The token of a link that was made a moment ago and has not been opened further, or None."""
    newest = select(StaffInvitation.id, StaffInvitation.nonce).where(
        StaffInvitation.staff_id == staff_id,
        StaffInvitation.used_at.is_(None),
        StaffInvitation.password_hash.is_(None),
        StaffInvitation.expires_at > context.now,
        StaffInvitation.created_at > context.now - within,
        StaffInvitation.created_at <= context.now + DRIFT,
    )
    row = db.session.execute(newest.order_by(StaffInvitation.id.desc()).limit(1)).first()
    return None if row is None else tokens.make(keys().tokens, PURPOSE, row.id, row.nonce)


def invitation(context: Context, token: str, choice: str = "") -> Invited:
    """The invitation behind a link, for the browser that keeps this value of its choice. Raises `NotFound` when it is
    unknown, used, ended or its employee left."""
    try:
        claim = tokens.read(token)
    except ValueError:
        raise NotFound from None
    row = (
        connection()
        .execute(
            select(StaffInvitation, Staff)
            .with_only_columns(*StaffInvitation.__table__.c, Staff.email, Staff.name.label("known_as"), Staff.role)
            .join_from(StaffInvitation, Staff, StaffInvitation.staff_id == Staff.id)
            .where(
                StaffInvitation.id == claim.row_id,
                StaffInvitation.used_at.is_(None),
                StaffInvitation.expires_at > context.now,
                StaffInvitation.created_at <= context.now + DRIFT,
                at_work(context.now),
            )
        )
        .first()
    )
    if row is None or not tokens.matches(keys().tokens, claim, PURPOSE, row.nonce):
        raise NotFound
    own = row.choice_hash is not None and hmac.compare_digest(row.choice_hash, _hash(choice))
    # A secret whose key has left the settings is chosen anew, like one that another browser discarded.
    seed = row.totp_seed if own and row.totp_seed is not None and totp.readable(row.totp_seed) else None
    name = row.name if own else row.known_as
    elsewhere = row.choice_hash is not None and not own
    return Invited(row.id, row.staff_id, row.email, name or "", row.role, seed, elsewhere)


def chosen(context: Context, token: str, choice: str) -> tuple[Invited, str]:
    """The invitation, and the encrypted secret that belongs to what this browser chose. Raises `NotFound`, and
    `NotChosen`."""
    invited = invitation(context, token, choice)
    if invited.seed is None:
        raise NotChosen
    return invited, invited.seed


def attempts(invited: Invited, visitor: Visitor) -> tuple[Attempt, ...]:
    """What to count before the password is looked at: judging and hashing it costs as much as a log-in."""
    return (
        Attempt("login_address", "staff invitation", visitor.address),
        Attempt("login_identifier", "staff invitation", str(invited.staff_id)),
        Attempt("login_everyone", "staff invitation", "all"),
    )


def check_choice(invited: Invited, name: str, password: str) -> str:
    """The checked name. Raises `RuleBroken` naming every field. Slow: call it outside any transaction."""
    problems: list[Problem] = []
    try:
        if not name.strip():
            raise RuleBroken.of("name", "name.required")
        name = check_person_name(name, "name")
    except RuleBroken as error:
        problems += error.problems
    try:
        new_passwords.check(password, [name, invited.email], field="password", minimum=SHORTEST_PASSWORD)
    except RuleBroken as error:
        problems += error.problems
    if problems:
        raise RuleBroken(*problems)
    return name


def keep_choice(context: Context, token: str, choice: str, name: str, password_hash: str) -> str:
    """Keep name and password until the second factor is confirmed, with a new secret for it, and discard what was
    chosen before, here or elsewhere. Returns the random value by which this browser proves that it chose.

    Nothing of it reaches the employee's row: nobody has proved anything yet. Raises `NotFound`.
    """
    _lock_choice(invitation(context, token).id)
    invited = invitation(context, token, choice)
    fresh = secrets.token_urlsafe(32)
    values = {"name": name, "password_hash": password_hash, "totp_seed": totp.new_seed(), "choice_hash": _hash(fresh)}
    db.session.execute(update(StaffInvitation).where(StaffInvitation.id == invited.id).values(**values))
    if invited.elsewhere:
        audit.record(context, "staff.invitation_begun_anew", staff_id=invited.staff_id)
    return fresh


def accept(context: Context, token: str, choice: str, code: str, visitor: Visitor, language: str) -> tuple[str, str]:
    """Use up the invitation with a code of the new second factor, in the browser that chose the password, on pages of
    this language. Returns the random id of the session that begins, and the name by which `recovery_codes.just_made`
    shows the codes that came with it.

    Raises `NotFound`, `NotChosen`, or `RuleBroken` naming `code`, whose failure is audited.
    """
    staff = _lock_invited(context, token)
    invited, seed = chosen(context, token, choice)
    kept = db.session.get_one(StaffInvitation, invited.id, populate_existing=True)
    step = totp.matching_step(seed, code, context.now, 0)
    if step is None:
        audit.deny(context, "staff.second_factor_failed", staff_id=staff.id)
        raise RuleBroken.of("code", "invitation.code_wrong")
    tell = mail.access_set if staff.password_hash is None else mail.access_renewed
    staff.name = invited.name
    staff.password_hash, staff.totp_seed, staff.totp_last_step = kept.password_hash, totp.renewed(seed), step
    kept.used_at = context.now
    kept.name = kept.password_hash = kept.totp_seed = kept.choice_hash = None
    # A new link stands for a lost phone, which may hold passkeys. New recovery codes end the old ones below.
    passkeys.forget(context, passkeys.of_staff(staff.id))
    sessions.end_all_staff(context, staff.id)
    audit.record(context, "staff.invitation_used", staff_id=staff.id)
    audit.record(context, "staff.second_factor_set", staff_id=staff.id)
    made = recovery_codes.make_with_factor(context, recovery_codes.of_staff(staff.id))
    audit.record(context, "staff.recovery_codes_made", staff_id=staff.id)
    staff_recipients.keep_language(context, staff.id, language)
    tell(context, staff_recipients.recipient(context, staff.id))
    known_devices.note(context, known_devices.of_staff(staff.id), visitor)
    return sessions.start_staff(context, staff.id, visitor, second_factor=True), made


def _hash(choice: str) -> bytes:
    return hashlib.sha256(choice.encode()).digest()


def _lock_choice(invitation_id: int) -> None:
    """Lock the invitation, so that what is read of it is all of one choice."""
    db.session.execute(select(StaffInvitation.id).where(StaffInvitation.id == invitation_id).with_for_update()).one()


def _lock_invited(context: Context, token: str) -> Staff:
    """The invited employee's row, locked with the invitation, so that two browsers cannot both use one link."""
    invited = invitation(context, token)
    statement = select(Staff).where(Staff.id == invited.staff_id).with_for_update()
    staff = db.session.execute(statement, execution_options={"populate_existing": True}).scalar_one()
    _lock_choice(invited.id)
    return staff


def _invite(context: Context, staff: Staff) -> str:
    db.session.execute(
        update(StaffInvitation)
        .where(StaffInvitation.staff_id == staff.id, StaffInvitation.used_at.is_(None))
        .values(expires_at=context.now, name=None, totp_seed=None, password_hash=None, choice_hash=None)
    )
    row = StaffInvitation(
        staff_id=staff.id,
        nonce=secrets.token_bytes(16),
        created_at=context.now,
        expires_at=context.now + LIFETIME,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(context, "staff.invited", staff_id=staff.id)
    return tokens.make(keys().tokens, PURPOSE, row.id, row.nonce)


def _is_open(context: Context, staff: Staff) -> bool:
    return staff.disabled_at is None and not employment.is_over(staff.employment_ends_on, context.now)
