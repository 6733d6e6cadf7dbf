"""What the demo tells of its customer agrees with itself: mail, log and account."""

from flask import Flask
from sqlalchemy import select

from portal.models.account import Account
from portal.models.audit import AuditEvent
from portal.models.customer import Customer
from portal.models.database import connection
from portal.models.message import Message
from tests.support.fixtures import Transaction


def test_what_a_mail_tells_stands_in_the_log_and_an_account_opens_when_its_owner_signs_up(
    app: Flask, reading: Transaction, database: object
) -> None:
    result = app.test_cli_runner().invoke(args=["demo", "--no-serve"])
    assert result.exit_code == 0, result.output
    with reading():
        log_ins = select(AuditEvent.customer_id, AuditEvent.occurred_at).where(AuditEvent.action == "account.login")
        logged = {tuple(row) for row in connection().execute(log_ins)}
        oldest = connection().execute(select(AuditEvent.occurred_at).order_by(AuditEvent.seq).limit(1)).scalar_one()
        mails = select(Message.customer_id, Message.created_at).where(
            Message.kind == "new_device", Message.created_at > oldest
        )
        told = {tuple(row) for row in connection().execute(mails)}
        both = select(Customer.created_at, Account.created_at).join(Account, Account.customer_id == Customer.id)
        opened = connection().execute(both).all()
    assert told
    assert told <= logged
    assert opened
    assert all(came == account for came, account in opened)
