"""The demo's three employees, each with a password and a second factor."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert, update

from portal.cli.demo import credentials
from portal.cli.demo.credentials import Hashes, StaffCredentials
from portal.models.base import db
from portal.models.staff import Staff
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.email_identity import check_email
from portal.rules.staff_roles import Role
from portal.services.auditing import audit
from portal.services.employees import staff_accounts
from portal.services.foundation.keys import encrypt


def add_staff(context: Context, hashes: Hashes) -> None:
    """Insert an administrator, an employee of customer care and one of the privacy team; and two who cannot log in, one
    invited and one gone."""
    _add(context, credentials.administrator(), "Riikka Salmela", Role.ADMINISTRATOR, hashes.administrator)
    _add(context, credentials.customer_care(), "Joonas Peltola", Role.CUSTOMER_CARE, hashes.customer_care)
    _add(context, credentials.privacy(), "Hanna Lehtola", Role.PRIVACY, hashes.privacy)
    staff_accounts.create(context, "kirsi.lampi@saaristonveneily.example", Role.COMMUNICATIONS.value, "Kirsi Lampi")
    staff_accounts.create(context, "tapio.salonen@saaristonveneily.example", Role.ORDERS.value, "Tapio Salonen")
    gone = update(Staff).where(Staff.name == "Tapio Salonen")
    db.session.execute(gone.values(employment_ends_on=helsinki_date(context.now) - timedelta(days=40)))


def _add(context: Context, member: StaffCredentials, name: str, role: Role, password_hash: str) -> None:
    then = replace(context, now=context.now - timedelta(days=400))
    statement = insert(Staff).values(
        email=member.email,
        email_identity=check_email(member.email).identity,
        name=name,
        role=role.value,
        password_hash=password_hash,
        totp_seed=encrypt(member.totp_secret),
        totp_last_step=0,
        created_at=then.now,
    )
    staff_id = db.session.execute(statement.returning(Staff.id)).scalar_one()
    audit.record(then, "staff.created", staff_id=staff_id, role=role.value)
