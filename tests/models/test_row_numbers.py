"""Row numbers are never given twice: a link or an audit event of a deleted row must not fit the next one."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import delete, insert

from portal.models.account import PasswordReset
from portal.models.base import db
from tests.support import builders


def test_the_number_of_a_deleted_row_is_not_given_again(app: Flask, transaction) -> None:
    with transaction() as context:
        made = builders.account(context)
        values = {"account_id": made.id, "nonce": bytes(16), "created_at": context.now}
        row = insert(PasswordReset).values(**values, expires_at=context.now + timedelta(hours=1))
        first = db.session.execute(row.returning(PasswordReset.id)).scalar_one()
        db.session.execute(delete(PasswordReset))
        assert db.session.execute(row.returning(PasswordReset.id)).scalar_one() > first
