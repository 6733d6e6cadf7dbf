"""The most passkeys one may have holds when two tabs add one at the same moment (SECURITY 27, R11)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from config import Settings
from portal.models.base import db
from portal.rules.errors import RuleBroken
from portal.services.accounts import passkeys
from portal.services.accounts.factor_owners import Owner
from tests.support import builders
from tests.support.authenticator import new_passkey
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction

TABS = 4
MakeOwner = Callable[[Transaction], Owner]


def customer(transaction: Transaction) -> Owner:
    with transaction() as context:
        return passkeys.of_account(builders.account(context).id)


def employee(transaction: Transaction) -> Owner:
    with transaction() as context:
        return passkeys.of_staff(builders.staff(context).id)


def count(reading: Transaction, owner: Owner) -> int:
    with reading():
        rows = select(func.count()).select_from(owner.table).where(owner.column == owner.id)
        return int(db.session.execute(rows).scalar_one())


@pytest.mark.security(27, "R11")
@pytest.mark.parametrize("make_owner", [customer, employee])
def test_of_several_tabs_as_many_add_one_as_there_is_room_for(
    transaction: Transaction, reading: Transaction, settings: Settings, make_owner: MakeOwner
) -> None:
    owner = make_owner(transaction)
    with transaction() as context:
        for _ in range(passkeys.MOST - 1):
            builders.passkey(context, owner)
    barrier = Barrier(TABS)

    def add(tab: int) -> str:
        session = f"tab {tab}"
        with transaction() as context:
            options = passkeys.options_to_add(context, owner, session, "Aino")
        with transaction() as context:
            challenge = passkeys.take_challenge(context, session, "add")
        answer = new_passkey(options, settings.base_url)
        barrier.wait()
        try:
            with transaction() as context:
                passkeys.add(context, owner, challenge, answer, f"Puhelin {tab}")
        except RuleBroken as refused:
            return refused.problems[0].code
        return "added"

    with ThreadPoolExecutor(TABS) as pool:
        outcomes = sorted(pool.map(add, range(TABS)))
    assert outcomes == ["added"] + ["passkey.too_many"] * (TABS - 1)
    assert count(reading, owner) == passkeys.MOST


@pytest.mark.security(27)
def test_an_answer_for_another_address_adds_nothing(
    client: InvariantClient, owner: MadeAccount, settings: Settings, reading: Transaction
) -> None:
    client.log_in(owner)
    for origin, status in (("https://evil.example", 422), (f"{settings.base_url}.evil.example", 422)):
        token = client.csrf_token("/account/passkeys")
        options = client.post("/account/passkeys/options", data={"csrf_token": token}).body
        data = {"csrf_token": token, "credential": new_passkey(options, origin), "name": "Puhelin"}
        assert client.post("/account/passkeys", data=data).status_code == status
    assert count(reading, passkeys.of_account(owner.id)) == 0


@pytest.mark.security(27)
def test_an_answer_is_taken_once(
    client: InvariantClient, owner: MadeAccount, settings: Settings, reading: Transaction
) -> None:
    client.log_in(owner)
    token = client.csrf_token("/account/passkeys")
    options = client.post("/account/passkeys/options", data={"csrf_token": token}).body
    data = {"credential": new_passkey(options, settings.base_url), "name": "Puhelin"}
    assert client.post("/account/passkeys", data={"csrf_token": token, **data}).status_code == 303
    again = client.csrf_token("/account/passkeys")
    assert client.post("/account/passkeys", data={"csrf_token": again, **data}).status_code == 422
    assert count(reading, passkeys.of_account(owner.id)) == 1
