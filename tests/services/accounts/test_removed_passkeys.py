"""A passkey that its owner removes at this moment opens nothing (SECURITY 22, 27)."""

import json
from collections.abc import Callable
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
import webauthn
from sqlalchemy import func, select
from webauthn.helpers import bytes_to_base64url

from portal.models.base import db
from portal.models.session import CustomerSession, StaffSession
from portal.rules.context import Visitor
from portal.rules.errors import RuleBroken
from portal.services.accounts import customer_passkeys, passkeys, sessions
from portal.services.accounts.factor_owners import Owner
from portal.services.employees import staff_passkeys
from tests.support import builders
from tests.support.audited import audited
from tests.support.fixtures import Transaction

VISITOR = Visitor("192.0.2.7", "192.0.2.0/24", "Firefox")


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch, transaction: Transaction) -> Callable[[Owner], None]:
    """Lets a passkey be removed after its signature was found good and before its use is noted."""

    def prepare(owner: Owner) -> None:
        def remove() -> None:
            with transaction() as context:
                assert passkeys.forget(context, owner) == 1

        def verified(**_given: Any) -> Any:
            if db.session.get_bind().dialect.name == "postgresql":
                other = Thread(target=remove)
                other.start()
                other.join()
            else:
                # On SQLite the log-in holds the one write lock: only it could have removed the row.
                db.session.execute(owner.table.__table__.delete().where(owner.column == owner.id))
            return SimpleNamespace(new_sign_count=1)

        monkeypatch.setattr(webauthn, "verify_authentication_response", verified)

    return prepare


def answer_of(owner: Owner) -> str:
    known = db.session.execute(select(owner.table.credential_id).where(owner.column == owner.id)).scalar_one()
    return json.dumps({"id": bytes_to_base64url(known)})


@pytest.mark.security(22, 27)
def test_a_customer_stays_outside(transaction: Transaction, reading: Transaction, meanwhile: Any) -> None:
    with transaction() as context:
        owner = passkeys.of_account(builders.account(context).id)
        builders.passkey(context, owner)
        answer = answer_of(owner)
    meanwhile(owner)
    with pytest.raises(RuleBroken, match=r"passkey\.failed"), transaction() as context:
        customer_passkeys.log_in(context, b"challenge", answer, VISITOR)
    with reading():
        assert db.session.execute(select(func.count()).select_from(CustomerSession)).scalar_one() == 0
    assert [details for *_, details in audited(transaction, "account.login_failed")] == [{"reason": "passkey"}]


@pytest.mark.security(22, 27)
def test_an_employee_stays_outside(transaction: Transaction, reading: Transaction, meanwhile: Any) -> None:
    with transaction() as context:
        made = builders.staff(context)
        owner = passkeys.of_staff(made.id)
        builders.passkey(context, owner)
        answer = answer_of(owner)
        token = sessions.start_staff(context, made.id, VISITOR, second_factor=False)
        principal = sessions.staff_principal(token, context.now)
        assert principal is not None
    meanwhile(owner)
    with pytest.raises(RuleBroken, match=r"passkey\.failed"), transaction() as context:
        staff_passkeys.complete(context, principal, b"challenge", answer, "fi")
    with reading():
        assert db.session.execute(select(StaffSession.second_factor_at)).scalar_one() is None
    assert len(audited(transaction, "staff.second_factor_failed")) == 1
