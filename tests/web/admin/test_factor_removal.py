"""An employee has a lost second factor removed: after a wait, in which the owner can stop it (SECURITY 16, 22, 64)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from time_machine import TimeMachineFixture

from portal.models.account import Account
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.factor import Passkey, RecoveryCode
from portal.models.message import Message
from portal.rules.factor_removals import WAIT
from portal.rules.opening_purposes import OpeningPurpose
from portal.services import housekeeping
from portal.services.accounts import account_disabling, passkeys, recovery_codes
from portal.services.foundation.keys import decrypt
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth.factors import ask, digits

UuidOf = Callable[[int], UUID]
Events = Callable[[str], list[AuditEvent]]
Run = Callable[[], int]
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SAID: dict[str, Any] = {"reason": "lost", "check": "call_back"}


@pytest.fixture(autouse=True)
def clock(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    """A customer with a second factor, recovery codes and a passkey."""
    with transaction() as context:
        made = builders.account(context, email="aino@example.com")
        builders.second_factor(context, made.id)
        recovery_codes.make_with_factor(context, recovery_codes.of_account(made.id))
        builders.passkey(context, passkeys.of_account(made.id))
    return made


@pytest.fixture
def mailbox(reading: Transaction) -> Mailbox:
    return Mailbox(reading)


@pytest.fixture
def path(owner: MadeAccount, uuid_of: UuidOf) -> str:
    return f"/admin/customers/{uuid_of(owner.customer_id)}/second-factor"


@pytest.fixture
def colleague(employee: Any, path: str) -> InvariantClient:
    browser: InvariantClient = employee("customer_care")[0]
    asked = browser.follow(browser.get(path))
    assert browser.submit_form(asked, purpose=OpeningPurpose.CUSTOMER_CONTACT.value).location == path
    return browser


@pytest.fixture
def run(transaction: Transaction) -> Run:
    """What the hourly task does."""

    def done() -> int:
        with transaction() as context:
            return housekeeping.PURGES["second_factors"](context)

    return done


@pytest.fixture
def deliver(transaction: Transaction) -> Callable[[], None]:
    """The mail that waits has left."""

    def done() -> None:
        with transaction() as context:
            waiting = update(Message).where(Message.status == "waiting")
            db.session.execute(waiting.values(status="sent", sent_at=context.now))

    return done


def factor_is_on(reading: Transaction) -> bool:
    with reading():
        return db.session.execute(select(Account.totp_seed)).scalar_one() is not None


@pytest.mark.security(22, 64)
def test_after_three_days_it_goes_with_the_codes_and_every_session(
    colleague: InvariantClient,
    new_client: NewClient,
    client: InvariantClient,
    owner: MadeAccount,
    path: str,
    run: Run,
    clock: TimeMachineFixture,
    mailbox: Mailbox,
    reading: Transaction,
    transaction: Transaction,
    events: Events,
    deliver: Callable[[], None],
) -> None:
    shown = colleague.follow(colleague.submit(path, **SAID))
    assert "Viestiä ei ole vielä toimitettu" in shown.page_text
    deliver()
    assert "5.3.2026 klo\u00a014.00" in colleague.get(path).page_text
    [event] = events("account.factor_removal_asked")
    assert (event.actor_kind, event.customer_id, event.details) == ("staff", owner.customer_id, SAID)
    mail = mailbox.latest("factor_removal_asked")
    assert mail.recipient == owner.email and mail.link == "/account/security"
    for words in ("aikaisintaan 5.3.2026 klo\u00a014.00", "pysäytä poistaminen", "info@"):
        assert words in mail.text and words in mail.html
    clock.shift(WAIT - timedelta(seconds=1))
    assert (run(), factor_is_on(reading)) == (0, True)
    clock.shift(timedelta(seconds=1))
    assert (run(), run(), factor_is_on(reading)) == (1, 0, False)
    with reading():
        assert db.session.execute(select(RecoveryCode.id)).first() is None
        # A passkey is no second factor of the password: it stays.
        assert db.session.execute(select(Passkey.id)).first() is not None
    told_last = mailbox.latest("second_factor_removed")
    assert mailbox.kinds(owner.email)[-1] == told_last.kind and "/account/second-factor" in told_last.links
    assert "kaikista selaimista" in told_last.text
    assert [event.customer_id for event in events("account.second_factor_removed")] == [owner.customer_id]
    # What the password opens now, it opens without the factor.
    assert client.log_in(owner).path == "/account"
    told = client.get("/privacy/activity").page_text
    for words in ("poistamista pyydettiin", "Puhelin ja varakoodit ovat kadonneet", "Asiakaspalvelu poisti"):
        assert words in told


@pytest.mark.security(22)
def test_the_removal_ends_what_was_open_before(
    colleague: InvariantClient,
    client: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    path: str,
    run: Run,
    clock: TimeMachineFixture,
    transaction: Transaction,
    mailbox: Mailbox,
    deliver: Callable[[], None],
) -> None:
    with transaction() as context:
        secret = builders.second_factor(context, owner.id)
    client.submit_form(ask(client, owner, remember=True), code=digits(secret))
    colleague.submit(path, **SAID)
    deliver()
    clock.shift(WAIT)
    new_client().submit("/forgot-password", email=owner.email)
    link = mailbox.latest("reset_password").link
    assert run() == 1
    assert client.get("/account").status_code == 303
    assert new_client().get(link).status_code in (303, 410)
    browser = new_client()
    assert browser.follow(browser.get(link)).status_code == 410


@pytest.mark.security(15, 16)
def test_a_complete_log_in_stops_it_and_the_password_alone_does_not(
    colleague: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    path: str,
    run: Run,
    clock: TimeMachineFixture,
    transaction: Transaction,
    reading: Transaction,
    mailbox: Mailbox,
    events: Events,
    deliver: Callable[[], None],
) -> None:
    with transaction() as context:
        secret = builders.second_factor(context, owner.id)
    colleague.submit(path, **SAID)
    deliver()
    asked = ask(new_client(), owner)
    assert asked.status_code == 200 and events("account.factor_removal_stopped") == []
    browser = new_client()
    inside = browser.follow(browser.submit_form(ask(browser, owner), code=digits(secret)))
    assert "Poistaminen pysäytettiin." in inside.texts(".flashes p")[0]
    [event] = events("account.factor_removal_stopped")
    assert event.customer_id == owner.customer_id
    assert "factor_removal_stopped" in mailbox.kinds(owner.email)
    clock.shift(WAIT)
    assert (run(), factor_is_on(reading)) == (0, True)


def test_an_employee_stops_it_too(
    colleague: InvariantClient,
    path: str,
    run: Run,
    clock: TimeMachineFixture,
    mailbox: Mailbox,
    reading: Transaction,
    deliver: Callable[[], None],
) -> None:
    colleague.submit(path, **SAID)
    deliver()
    assert colleague.submit(path).location == path
    assert mailbox.kinds()[-1] == "factor_removal_stopped"
    clock.shift(WAIT)
    assert (run(), factor_is_on(reading)) == (0, True)


@pytest.mark.security(16)
def test_no_employee_sees_a_seed_or_a_code(
    colleague: InvariantClient, path: str, reading: Transaction, mailbox: Mailbox
) -> None:
    page = colleague.get(path)
    answers = [page, colleague.submit_form(page, **SAID), colleague.get(path), colleague.get("/admin/messages")]
    with reading():
        stored = db.session.execute(select(Account.totp_seed)).scalar_one()
        seed = decrypt(stored or "")
    for answer in answers:
        assert seed not in answer.body and (stored or "") not in answer.body
    assert page.texts("main code") == []


def test_disabling_the_account_ends_the_wait(
    colleague: InvariantClient,
    owner: MadeAccount,
    path: str,
    transaction: Transaction,
    reading: Transaction,
    events: Events,
) -> None:
    colleague.submit(path, **SAID)
    with transaction() as context:
        account_disabling.disable(context, owner.customer_id, "takeover", 0)
    assert [event.customer_id for event in events("account.factor_removal_stopped")] == [owner.customer_id]
    with reading():
        assert db.session.execute(select(Account.factor_removal_at)).scalar_one() is None
    assert not colleague.get(path).select("main form")
    answer = colleague.post(path, data={"csrf_token": colleague.csrf_token("/admin/"), "version": "0", **SAID})
    assert (answer.status_code, len(answer.error_summary)) == (422, 1)


def test_without_a_factor_there_is_nothing_to_remove(
    colleague: InvariantClient, path: str, transaction: Transaction
) -> None:
    with transaction():
        db.session.execute(update(Account).values(totp_seed=None, totp_since=None))
    assert not colleague.get(path).select("main form")
    answer = colleague.post(path, data={"csrf_token": colleague.csrf_token("/admin/"), "version": "0", **SAID})
    assert (answer.status_code, len(answer.error_summary)) == (422, 1)


@pytest.mark.security("R11")
def test_who_was_second_is_told(colleague: InvariantClient, path: str, events: Events) -> None:
    seen = colleague.get(path)
    waiting = colleague.follow(colleague.submit_form(seen, **SAID))
    assert "Poista kaksi" in seen.h1 and "tunnistuksen poistaminen" in waiting.h1
    assert colleague.submit_form(seen, **SAID).status_code == 409
    assert len(events("account.factor_removal_asked")) == 1
    colleague.submit_form(waiting)
    assert colleague.submit_form(waiting).status_code == 409
    assert len(events("account.factor_removal_stopped")) == 1


@pytest.mark.security(16)
@pytest.mark.parametrize("check", ["", "log_in", "hunch"])
def test_how_the_customer_was_identified_is_a_must(
    colleague: InvariantClient, path: str, events: Events, check: str
) -> None:
    data = {"csrf_token": colleague.csrf_token("/admin/"), "version": "0", "reason": "", "check": check}
    answer = colleague.post(path, data=data)
    assert (answer.status_code, answer.fields_in_error) == (422, ["reason", "check"])
    assert events("account.factor_removal_asked") == []


@pytest.mark.security(24)
def test_it_wants_a_fresh_proof(colleague: InvariantClient, path: str, clock: TimeMachineFixture) -> None:
    form = colleague.get(path)
    clock.shift(timedelta(minutes=11))
    assert (colleague.submit_form(form, **SAID).location or "").startswith("/admin/confirm?next=")


@pytest.mark.security(32)
@pytest.mark.parametrize("role", ["privacy", "orders", "communications", "auditor"])
def test_other_roles_remove_nothing(employee: Any, path: str, role: str) -> None:
    browser, _made = employee(role)
    assert browser.get(path).status_code == 403
