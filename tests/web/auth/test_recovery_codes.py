"""Recovery codes of customers: shown once, each for one log-in, new ones end the old ones (SECURITY 26)."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from portal.models.base import db
from portal.models.factor import RecoveryCode
from portal.rules.errors import RuleBroken
from portal.services.accounts import customer_factor, recovery_codes
from portal.services.accounts.factor_owners import Owner
from portal.services.foundation.keys import lookup_hash
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth.factors import actions, ask, count, make_codes
from tests.web.auth.together import press

Of = Callable[[int], Owner]


@pytest.mark.security(26)
def test_ten_codes_are_shown_once_and_each_works_once(
    inside: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    codes = make_codes(inside)
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", code) for code in codes)
    assert not inside.get("/account/second-factor/recovery-codes").select(".codes")
    with reading():
        stored = db.session.execute(select(RecoveryCode.code_hash)).scalars().all()
    assert not [code for code in codes for kept in stored if code.replace("-", "").encode() in kept]
    other = new_client()
    # Written by hand: small letters, no hyphens, O for 0.
    typed = codes[3].replace("-", " ").lower().replace("0", "o")
    assert other.submit_form(ask(other, owner), code=typed).status_code == 303
    third = new_client()
    assert third.submit_form(ask(third, owner), code=codes[3]).status_code == 422
    assert "9" in inside.get("/account/second-factor").texts(".summary__value")[1]
    assert mailbox.kinds(owner.email) == ["recovery_codes_made", "recovery_code_used"]


@pytest.mark.security(26)
def test_new_codes_end_the_old_ones(inside: InvariantClient, new_client: NewClient, owner: MadeAccount) -> None:
    old, new = make_codes(inside), make_codes(inside)
    assert not set(old) & set(new)
    other = new_client()
    page = ask(other, owner)
    assert other.submit_form(page, code=old[0]).status_code == 422
    assert other.submit_form(page, code=new[0]).status_code == 303


@pytest.mark.security(2, 26)
@pytest.mark.parametrize("of", [recovery_codes.of_account, recovery_codes.of_staff])
def test_the_database_and_the_secret_key_tell_no_code(app: Flask, transaction: Transaction, of: Of) -> None:
    with transaction() as context:
        person = builders.account(context) if of is recovery_codes.of_account else builders.staff(context)
        owner = of(person.id)
        codes, _ = recovery_codes.make(context, owner, "5" * 32)
    with app.app_context():
        rows = db.session.execute(select(owner.table.__table__)).mappings().all()
        stored = {value.hex() for row in rows for value in row.values() if isinstance(value, bytes)}
        # Whoever holds the secret key makes every keyed hash the portal makes, of everything that is stored.
        names = [(kept,) for kept in stored] + [(owner.kind, str(owner.id), kept) for kept in stored]
        made = [lookup_hash("recovery code", *name, str(number))[:12] for name in names for number in range(10)]
        found = {"".join(recovery_codes.ALPHABET[byte % 32] for byte in digest) for digest in made}
    assert len(stored) == 11
    assert not found & set(codes)


@pytest.mark.security("R12")
def test_twenty_presses_make_one_set_of_codes(
    inside: InvariantClient, new_client: NewClient, reading: Transaction, no_throttle: None
) -> None:
    answers = press(inside, new_client, "/account/second-factor/recovery-codes")
    assert {answer.status_code for answer in answers} == {200}
    assert len({tuple(answer.texts(".codes code")) for answer in answers}) == 1
    assert count(reading, RecoveryCode) == 10
    assert actions(reading).count("account.recovery_codes_made") == 1


@pytest.mark.security(34)
@pytest.mark.parametrize("submission", ["", "x", "ä" * 32, "a" * 33, "../../../../../../../../../../.."])
def test_a_tampered_form_makes_no_codes(inside: InvariantClient, reading: Transaction, submission: str) -> None:
    path = "/account/second-factor/recovery-codes"
    answer = inside.post(path, data={"csrf_token": inside.csrf_token(path), "submission": submission})
    assert answer.status_code == 422
    assert count(reading, RecoveryCode) == 0


@pytest.mark.security(26)
def test_there_are_no_codes_while_the_factor_is_off(
    client: InvariantClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    client.log_in(owner)
    token = client.csrf_token("/account/second-factor")
    data = {"csrf_token": token, "submission": "0" * 32}
    refused = client.post("/account/second-factor/recovery-codes", data=data)
    assert refused.location == "/account/second-factor"
    assert client.follow(refused).texts(".flashes p")
    assert (count(reading, RecoveryCode), mailbox.kinds()) == (0, [])
    with reading() as context, pytest.raises(RuleBroken):
        customer_factor.make_recovery_codes(context, owner.id, "0" * 32)
