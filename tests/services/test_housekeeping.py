"""What the hourly purge deletes: rows that nobody can use any more, after their declared retention."""

from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import insert, select

from portal.mail import accounts
from portal.mail.recipients import Recipient
from portal.models.account import EmailChange, KnownDevice, PasswordReset
from portal.models.base import db
from portal.models.database import connection
from portal.models.message import Message
from portal.services import housekeeping
from tests.support import builders


def rows(account_id: int, moment: datetime, number: int) -> None:
    """One reset, one change of address and one device of a moment."""
    shared = {"account_id": account_id, "created_at": moment, "expires_at": moment, "nonce": bytes(16)}
    db.session.execute(insert(PasswordReset).values(**shared))
    addresses = {"old_email": "a@example.com", "new_email": "b@example.com", "new_identity": "b@example.com"}
    db.session.execute(insert(EmailChange).values(**shared, **addresses))
    device = {"device_hash": bytes([number]) * 32, "last_used_at": moment}
    db.session.execute(insert(KnownDevice).values(account_id=account_id, **device))


def test_links_and_devices_go_after_a_year(app: Flask, transaction, reading) -> None:
    with transaction() as context:
        made = builders.account(context)
        rows(made.id, context.now - timedelta(days=360), 1)
        rows(made.id, context.now - timedelta(days=370), 2)
    with transaction() as context:
        assert housekeeping.purge_account_events(context) == 3
    with reading():
        for column in (PasswordReset.account_id, EmailChange.account_id, KnownDevice.account_id):
            assert connection().execute(select(column)).scalars().all() == [made.id]


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
