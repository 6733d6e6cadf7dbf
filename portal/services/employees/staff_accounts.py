"""Employees' accounts: made by command, opened with a one-time link (SECURITY 28). Nobody else chooses a password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from portal.mail import staff_accounts as mail
from portal.mail.links import page
from portal.models.base import db
from portal.models.database import connection
from portal.models.staff import Staff, StaffInvitation
from portal.rules import tokens
from portal.rules.clock import DRIFT, helsinki_date
from portal.rules.context import Context, Visitor
from portal.rules.email_identity import check_email
from portal.rules.errors import NotFound, Problem, RuleBroken
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


@dataclass(frozen=True)
class Invited:
    """An invitation that can still be used. `seed` is the encrypted secret of the second factor to set up."""

    id: int
    staff_id: int
    email: str
    name: str
    role: str
    seed: str
    password_chosen: bool


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


def invitation(context: Context, token: str) -> Invited:
    """The invitation behind a link. Raises `NotFound` when it is unknown, used, ended or its employee left, and when
    the secret prepared in it cannot be read any more."""
    try:
        claim = tokens.read(token)
    except ValueError:
        raise NotFound from None
    row = (
        connection()
        .execute(
            select(StaffInvitation, Staff)
            .with_only_columns(*StaffInvitation.__table__.c, Staff.email, Staff.name, Staff.role)
            .join_from(StaffInvitation, Staff, StaffInvitation.staff_id == Staff.id)
            .where(
                StaffInvitation.id == claim.row_id,
                StaffInvitation.used_at.is_(None),
                StaffInvitation.expires_at > context.now,
                StaffInvitation.created_at <= context.now + DRIFT,
                Staff.disabled_at.is_(None),
                (Staff.employment_ends_on.is_(None)) | (Staff.employment_ends_on >= helsinki_date(context.now)),
            )
        )
        .first()
    )
    if row is None or row.totp_seed is None or not tokens.matches(keys().tokens, claim, PURPOSE, row.nonce):
        raise NotFound
    if not totp.readable(row.totp_seed):
        raise NotFound
    chosen = row.password_hash is not None
    return Invited(row.id, row.staff_id, row.email, row.name, row.role, row.totp_seed, chosen)


def attempts(invited: Invited, visitor: Visitor) -> tuple[Attempt, ...]:
    """What to count before the password is looked at: judging and hashing it costs as much as a log-in."""
    return (
        Attempt("login_address", f"staff invitation {visitor.address}"),
        Attempt("login_identifier", f"staff invitation {invited.staff_id}"),
        Attempt("login_everyone", "staff invitation"),
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


def keep_choice(context: Context, token: str, name: str, password_hash: str) -> None:
    """Keep the name and the password until the second factor is confirmed. Raises `NotFound`."""
    invited = invitation(context, token)
    db.session.execute(update(Staff).where(Staff.id == invited.staff_id).values(name=name))
    db.session.execute(
        update(StaffInvitation).where(StaffInvitation.id == invited.id).values(password_hash=password_hash)
    )


def accept(context: Context, token: str, code: str, visitor: Visitor, language: str) -> tuple[str, str]:
    """Use up the invitation with a code of the new second factor, on pages of this language. Returns the random id of
    the session that begins, and the name by which `recovery_codes.just_made` shows the codes that came with it.

    Raises `NotFound`, or `RuleBroken` naming `code`, whose failure is audited.
    """
    staff = _lock_invited(context, token)
    invited = invitation(context, token)
    kept = db.session.get_one(StaffInvitation, invited.id, populate_existing=True)
    if kept.password_hash is None:
        raise NotFound
    step = totp.matching_step(invited.seed, code, context.now, 0)
    if step is None:
        audit.deny(context, "staff.second_factor_failed", staff_id=staff.id)
        raise RuleBroken.of("code", "second_factor.wrong")
    tell = mail.access_set if staff.password_hash is None else mail.access_renewed
    staff.password_hash, staff.totp_seed, staff.totp_last_step = kept.password_hash, totp.renewed(invited.seed), step
    kept.password_hash, kept.totp_seed, kept.used_at = None, None, context.now
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


def _lock_invited(context: Context, token: str) -> Staff:
    """The invited employee's row, locked, so that two browsers cannot both use one link."""
    staff_id = invitation(context, token).staff_id
    statement = select(Staff).where(Staff.id == staff_id).with_for_update()
    return db.session.execute(statement, execution_options={"populate_existing": True}).scalar_one()


def _invite(context: Context, staff: Staff) -> str:
    db.session.execute(
        update(StaffInvitation)
        .where(StaffInvitation.staff_id == staff.id, StaffInvitation.used_at.is_(None))
        .values(expires_at=context.now, totp_seed=None, password_hash=None)
    )
    row = StaffInvitation(
        staff_id=staff.id,
        nonce=secrets.token_bytes(16),
        totp_seed=totp.new_seed(),
        created_at=context.now,
        expires_at=context.now + LIFETIME,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(context, "staff.invited", staff_id=staff.id)
    return tokens.make(keys().tokens, PURPOSE, row.id, row.nonce)


def _is_open(context: Context, staff: Staff) -> bool:
    ended = staff.employment_ends_on is not None and staff.employment_ends_on < helsinki_date(context.now)
    return staff.disabled_at is None and not ended
