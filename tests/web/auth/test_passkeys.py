"""Passkeys without a device: what cannot prove anything opens nothing, and challenges end (SECURITY 24, 27, 35)."""

from datetime import timedelta
from typing import Any

import cbor2
import pytest
from sqlalchemy import func, select
from time_machine import TimeMachineFixture

from config import Settings
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.factor import Passkey, PasskeyChallenge
from portal.services.accounts import passkeys
from tests.support import builders
from tests.support.authenticator import new_passkey
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox

GARBAGE = (
    "",
    "x",
    "null",
    "[]",
    "{}",
    '{"id": 7}',
    '{"id": "AAAA"}',
    '{"id": "ä", "rawId": "ä", "type": "public-key", "response": {}}',
    '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {"clientDataJSON": "AAAA"}}',
    '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": null}',
    "[" * 9_000,
    "1" * 20_000,
)


@pytest.mark.security(6, 27)
@pytest.mark.parametrize("answer", GARBAGE, ids=range(len(GARBAGE)))
def test_what_no_device_sends_opens_nothing(client: InvariantClient, reading: Transaction, answer: str) -> None:
    token = client.csrf_token("/login")
    assert client.post("/login/passkey/options", data={"csrf_token": token}).status_code == 200
    refused = client.post("/login/passkey", data={"csrf_token": token, "credential": answer})
    assert refused.status_code == 422
    assert refused.error_summary == ["Pääsyavainta ei hyväksytty. Yritä uudelleen tai kirjaudu muulla tavalla."]
    assert client.get("/account").status_code == 303
    with reading():
        events = db.session.execute(select(AuditEvent.action, AuditEvent.details)).all()
        left = db.session.execute(select(func.count()).select_from(PasskeyChallenge)).scalar_one()
    assert [tuple(event) for event in events] == [("account.login_failed", {"reason": "passkey"})]
    # A wrong answer uses the challenge up as well.
    assert left == 0


@pytest.mark.security(27)
@pytest.mark.parametrize("key", [[1], 5, {}, {1: "a"}], ids=str)
def test_a_key_that_is_none_adds_nothing(
    client: InvariantClient, owner: MadeAccount, settings: Settings, reading: Transaction, key: Any
) -> None:
    client.log_in(owner)
    token = client.csrf_token("/account/passkeys")
    options = client.post("/account/passkeys/options", data={"csrf_token": token}).get_data(as_text=True)
    answer = new_passkey(options, settings.base_url, cbor2.dumps(key))
    data = {"csrf_token": token, "credential": answer, "name": "Puhelin"}
    assert client.post("/account/passkeys", data=data).status_code == 422
    with reading():
        assert db.session.execute(select(Passkey)).first() is None


@pytest.mark.security(27)
@pytest.mark.parametrize("answer", GARBAGE, ids=range(len(GARBAGE)))
def test_what_no_device_sends_adds_nothing(
    client: InvariantClient, owner: MadeAccount, reading: Transaction, answer: str
) -> None:
    client.log_in(owner)
    token = client.csrf_token("/account/passkeys")
    client.post("/account/passkeys/options", data={"csrf_token": token})
    data = {"csrf_token": token, "credential": answer, "name": "Puhelin"}
    assert client.post("/account/passkeys", data=data).status_code == 422
    with reading():
        assert db.session.execute(select(Passkey)).first() is None


@pytest.mark.security(27)
def test_options_pin_the_portal_and_demand_a_verified_user(client: InvariantClient, owner: MadeAccount) -> None:
    client.log_in(owner)
    token = client.csrf_token("/account/passkeys")
    options = client.post("/account/passkeys/options", data={"csrf_token": token}).get_json()
    assert options["rp"]["id"] == "localhost"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert len(options["challenge"]) == 43
    again = client.post("/account/passkeys/options", data={"csrf_token": token}).get_json()
    assert again["challenge"] != options["challenge"]


@pytest.mark.security(7, 27)
def test_the_challenge_of_a_log_in_names_nobody(client: InvariantClient, owner: MadeAccount) -> None:
    options = client.post("/login/passkey/options", data={"csrf_token": client.csrf_token("/login")}).get_json()
    assert options["allowCredentials"] == []
    assert options["userVerification"] == "required"


@pytest.mark.security(10)
def test_challenges_of_a_log_in_are_counted(client: InvariantClient, settings: Settings) -> None:
    token = client.csrf_token("/login")
    allowed = settings.throttles.login_address.count
    answers = [client.post("/login/passkey/options", data={"csrf_token": token}) for _ in range(allowed + 1)]
    assert [answer.status_code for answer in answers] == [200] * allowed + [429]


@pytest.mark.security(27)
def test_a_challenge_belongs_to_one_session_and_purpose_once_for_five_minutes(
    transaction: Transaction, owner: MadeAccount, clock: TimeMachineFixture
) -> None:
    def ask(session: str) -> None:
        with transaction() as context:
            passkeys.options_to_prove(context, session)

    def take(session: str, purpose: str = "prove") -> bool:
        with transaction() as context:
            return passkeys.take_challenge(context, session, purpose) is not None

    ask("one")
    assert not take("two")
    assert not take("one", "add")
    assert take("one")
    assert not take("one")
    ask("one")
    clock.shift(passkeys.LIFE)
    assert not take("one")
    with transaction() as context:
        assert passkeys.purge(context) == 1


@pytest.mark.security(24, 35)
@pytest.mark.parametrize("path", ["/account/passkeys/options", "/account/passkeys/remove", "/account/passkeys"])
def test_changing_wants_a_fresh_proof_and_the_forms_token(
    client: InvariantClient, owner: MadeAccount, clock: TimeMachineFixture, path: str
) -> None:
    client.log_in(owner)
    token = client.csrf_token("/account")
    assert client.post(path).status_code == 400
    clock.shift(timedelta(minutes=11))
    assert (client.post(path, data={"csrf_token": token}).location or "").startswith("/confirm-password")


@pytest.mark.security(22, 33)
def test_removing_ends_other_sessions_and_only_ones_own(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, transaction: Transaction, mailbox: Mailbox
) -> None:
    with transaction() as context:
        other = builders.account(context)
        builders.passkey(context, passkeys.of_account(other.id), "Toisen")
        builders.passkey(context, passkeys.of_account(owner.id), "Oma")
    elsewhere = new_client()
    elsewhere.log_in(owner)
    client.log_in(owner)
    token = client.csrf_token("/account/passkeys")
    for line in ("1", "99", "x", "9" * 40, ""):
        assert client.post("/account/passkeys/remove", data={"csrf_token": token, "line": line}).status_code == 303
    assert elsewhere.get("/account").status_code == 200
    assert client.submit("/account/passkeys", "form[action$=remove]").status_code == 303
    assert elsewhere.get("/account").status_code == 303
    assert mailbox.kinds(owner.email) == ["passkey_removed"]
    with transaction():
        assert [row.name for row in db.session.execute(select(Passkey.name))] == ["Toisen"]
