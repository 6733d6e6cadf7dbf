"""What the hourly purge deletes: rows that nobody can use any more, after their declared retention."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from flask import Flask
from sqlalchemy import insert, select

from portal.mail import accounts
from portal.mail.recipients import Recipient
from portal.models.account import EmailChange, KnownDevice, PasswordReset
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.database import connection
from portal.models.message import Message
from portal.models.staff import StaffInvitation, StaffKnownDevice
from portal.services import housekeeping
from portal.services.auditing import audit, audit_verify
from tests.support import builders


def rows(account_id: int, staff_id: int, moment: datetime, number: int) -> None:
    """One reset, one change of address and one device of each a moment."""
    shared = {"account_id": account_id, "created_at": moment, "expires_at": moment, "nonce": bytes(16)}
    db.session.execute(insert(PasswordReset).values(**shared))
    addresses = {"old_email": "a@example.com", "new_email": "b@example.com", "new_identity": "b@example.com"}
    db.session.execute(insert(EmailChange).values(**shared, **addresses))
    device = {"device_hash": bytes([number]) * 32, "last_used_at": moment}
    db.session.execute(insert(KnownDevice).values(account_id=account_id, **device))
    db.session.execute(insert(StaffKnownDevice).values(staff_id=staff_id, **device))


def test_links_and_devices_go_after_a_year(app: Flask, transaction, reading) -> None:
    with transaction() as context:
        made = builders.account(context)
        member = builders.staff(context)
        rows(made.id, member.id, context.now - timedelta(days=360), 1)
        rows(made.id, member.id, context.now - timedelta(days=370), 2)
    with transaction() as context:
        assert housekeeping.purge_account_events(context) == 4
    with reading():
        for column in (PasswordReset.account_id, EmailChange.account_id, KnownDevice.account_id):
            assert connection().execute(select(column)).scalars().all() == [made.id]
        assert connection().execute(select(StaffKnownDevice.staff_id)).scalars().all() == [member.id]


def test_mail_to_an_address_that_nobody_confirmed_goes_after_a_week(app: Flask, transaction, reading) -> None:
    with transaction() as context:
        owner = Recipient(builders.account(context).customer_id, "asiakas@example.com", "fi")
        for days in (6, 8):
            then = replace(context, now=context.now - timedelta(days=days))
            accounts.confirm_registration(then, days, email=f"{days}@example.com", language="fi")
            accounts.account_ready(then, owner)
    with transaction() as context:
        assert housekeeping.purge_strangers_messages(context) == 1
    with reading():
        kept = connection().execute(select(Message.recipient).order_by(Message.id)).scalars().all()
    assert kept == ["6@example.com", owner.email, owner.email]


def test_messages_go_after_two_years(app: Flask, transaction, reading) -> None:
    with transaction() as context:
        made = builders.account(context)
        for days in (720, 740):
            moment = context.now - timedelta(days=days)
            values = {"uuid": uuid4(), "kind": "account_ready", "recipient": "a@example.com", "language": "fi"}
            row = {**values, "customer_id": made.customer_id, "params": {}, "status": "sent", "attempts": 1}
            db.session.execute(insert(Message).values(**row, created_at=moment))
    with transaction() as context:
        assert housekeeping.purge_old_messages(context) == 1


def test_invitations_nobody_took_go_with_their_seed(app: Flask, transaction, reading) -> None:
    with transaction() as context:
        made = builders.staff(context)
        for expired, used in ((8, None), (6, None), (300, 300), (400, 400)):
            ends = context.now - timedelta(days=expired)
            used_at = None if used is None else context.now - timedelta(days=used)
            values = {"staff_id": made.id, "nonce": bytes(16), "created_at": ends, "expires_at": ends}
            db.session.execute(insert(StaffInvitation).values(**values, used_at=used_at))
    with transaction() as context:
        assert housekeeping.purge_invitations(context) == 2


def test_old_months_of_the_audit_log_go_and_the_chain_holds(app: Flask, transaction, reading) -> None:
    start = datetime(2025, 1, 15, tzinfo=UTC)
    for months in range(3):
        with transaction(now=start + timedelta(days=31 * months)) as context:
            audit.record(context, "account.logout")
    later = datetime(2026, 3, 10, tzinfo=UTC)
    with transaction(now=later) as context:
        audit.record(context, "account.logout")
    with transaction(now=later) as context:
        assert housekeeping.drop_audit_segments(context) == 2
    with reading() as context:
        kept = connection().execute(select(AuditEvent.segment).order_by(AuditEvent.seq)).scalars().all()
        # The last one tells that the first two months went.
        assert kept == ["2025-03", "2026-03", "2026-03", "2026-03"]
        assert audit_verify.verify(context).reason is None
    with transaction(now=later) as context:
        assert housekeeping.drop_audit_segments(context) == 0
