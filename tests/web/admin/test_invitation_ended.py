"""An invitation opens nothing for somebody whose employment ended before it was used (SECURITY 22, 28)."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from portal.models.base import db
from portal.models.session import StaffSession
from portal.models.staff import Staff
from portal.rules.clock import helsinki_date
from portal.services.employees import staff_accounts
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction

PASSWORD = "harmaa lokki avaimella"


def end(transaction: Transaction, how: str) -> None:
    with transaction() as context:
        yesterday = helsinki_date(context.now) - timedelta(days=1)
        disabled, over = {Staff.disabled_at: context.now}, {Staff.employment_ends_on: yesterday}
        db.session.execute(update(Staff).values(disabled if how == "disabled" else over))


@pytest.fixture
def token(transaction: Transaction) -> str:
    with transaction() as context:
        return staff_accounts.create(context, "uusi@example.com", "auditor")


@pytest.mark.security(22, 28)
@pytest.mark.parametrize("how", ["disabled", "over"])
def test_the_link_opens_nothing(client: InvariantClient, transaction: Transaction, token: str, how: str) -> None:
    assert client.get(f"/admin/invite/{token}").status_code == 303
    end(transaction, how)
    assert client.get("/admin/invite").status_code == 410


@pytest.mark.security(22, 28)
@pytest.mark.parametrize("how", ["disabled", "over"])
def test_the_last_step_lets_nobody_in(
    client: InvariantClient, transaction: Transaction, reading: Transaction, token: str, how: str
) -> None:
    client.get(f"/admin/invite/{token}")
    setup = client.follow(client.submit("/admin/invite", name="Uuno Uusi", password=PASSWORD))
    (key,) = setup.texts("main code")
    end(transaction, how)
    code = pyotp.TOTP(key.replace(" ", "")).at(datetime.now(UTC))
    assert client.submit_form(setup, code=code).status_code == 410
    assert client.get("/admin/").status_code == 404
    with reading():
        assert db.session.execute(select(StaffSession.id)).first() is None
        assert db.session.execute(select(Staff.password_hash)).scalar_one() is None
