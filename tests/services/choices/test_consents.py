"""Choices of customers: kept forever, in force at once, each by its own rule (SECURITY 64, 70)."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.consent import ConsentEvent
from portal.rules.consents import KINDS, Channel
from portal.rules.context import ANONYMOUS, Actor, Context
from portal.rules.errors import RuleBroken
from portal.rules.register import Source
from portal.services.choices import consent_changes, consents
from portal.services.orders import order_claims
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SENT = [code for code, kind in KINDS.items() if not kind.of_service]
FIRM: dict[str, Any] = {"company": "Majakka Oy", "business_id": "2077474-0"}
_names = (f"{number:032x}" for number in itertools.count(1))


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction(now=NOW) as context:
        return builders.account(context, email="aino@example.com")


@pytest.fixture
def firm(transaction: Transaction) -> MadeAccount:
    with transaction(now=NOW) as context:
        return builders.account(context, **FIRM)


class Tab:
    """A page of the choices, as it was shown, with the switches one may turn."""

    def __init__(self, context: Context, account: MadeAccount, locale: str = "fi") -> None:
        self.account, choices = account, consents.read(context, account.customer_id, locale)
        self.shown, self.submission = choices.shown, next(_names)
        self.on = {item.kind.code: item.on for item in choices.switches}

    def save(self, transaction: Transaction, **turned: bool) -> list[str]:
        wanted = {**self.on, **turned}
        with transaction(Actor("customer", self.account.id), now=NOW, source=Source.ACCOUNT) as context:
            return consent_changes.decide(context, self.account.customer_id, wanted, self.shown, self.submission)


def tab(reading: Transaction, account: MadeAccount, locale: str = "fi") -> Tab:
    with reading() as context:
        return Tab(context, account, locale)


def stored(reading: Transaction) -> list[Any]:
    with reading():
        return list(db.session.execute(select(*ConsentEvent.__table__.columns).order_by(ConsentEvent.id)).all())


def reachable(reading: Transaction, customer_id: int) -> set[str]:
    with reading() as context:
        found = {channel.value for channel in Channel if consents.may_contact(context, customer_id, channel)}
        return found | ({"survey"} if consents.may_survey(context, customer_id) else set())


def test_before_a_word_was_said_only_what_the_law_allows_reaches_a_person(
    owner: MadeAccount, firm: MadeAccount, reading: Transaction
) -> None:
    assert reachable(reading, owner.customer_id) == {"post", "phone", "survey"}
    assert reachable(reading, firm.customer_id) == {"email", "sms", "post", "phone", "survey"}


@pytest.mark.parametrize("code", SENT)
def test_each_switch_works_at_once_and_back_again(
    code: str, owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    before = reachable(reading, owner.customer_id)
    gate = code.removeprefix("marketing_")
    assert tab(reading, owner).save(transaction, **{code: True}) == [code]
    assert reachable(reading, owner.customer_id) == before ^ {gate}
    assert tab(reading, owner).save(transaction, **{code: False}) == [code]
    assert reachable(reading, owner.customer_id) == before


@pytest.mark.parametrize("code", SENT)
def test_a_legal_person_forbids_every_kind(
    code: str, firm: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    tab(reading, firm).save(transaction, **{code: True})
    assert code.removeprefix("marketing_") not in reachable(reading, firm.customer_id)
    assert [row.action for row in stored(reading)] == ["forbidden"]


@pytest.mark.security(64)
def test_a_consent_is_proven_by_who_when_how_and_the_words(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    tab(reading, owner, "sv").save(transaction, marketing_email=True)
    (row,) = stored(reading)
    assert (row.kind, row.action, row.recorded_at) == ("marketing_email", "given", NOW)
    assert (row.source, row.actor_kind, row.actor_id) == ("account", "customer", owner.id)
    assert (row.language, row.wording_version) == ("sv", 1)
    assert row.wording.startswith("Jag vill ha erbjudanden och nyheter per e-post\nMikromafia Oy får")
    with reading():
        (event,) = db.session.query(AuditEvent).filter_by(action="consent.recorded").all()
        details = {"kind": "marketing_email", "choice": "given", "source": "account"}
        assert (event.customer_id, event.details) == (owner.customer_id, details)


@pytest.mark.security(70)
def test_two_tabs_keep_both_choices(owner: MadeAccount, transaction: Transaction, reading: Transaction) -> None:
    one, other = tab(reading, owner), tab(reading, owner)
    one.save(transaction, marketing_email=True)
    assert other.save(transaction, marketing_sms=True) == ["marketing_sms"]
    assert reachable(reading, owner.customer_id) >= {"email", "sms"}
    assert [row.kind for row in stored(reading)] == ["marketing_email", "marketing_sms"]


@pytest.mark.security(70)
def test_two_tabs_with_the_same_switch_keep_both_events(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    tabs = [tab(reading, owner), tab(reading, owner)]
    for each in tabs:
        each.save(transaction, marketing_phone=True)
    assert [row.action for row in stored(reading)] == ["forbidden", "forbidden"]


@pytest.mark.security("R12")
def test_one_form_counts_once_and_an_old_one_with_other_choices_is_refused(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    page = tab(reading, owner)
    for _ in range(2):
        assert page.save(transaction, marketing_email=True) == ["marketing_email"]
    with pytest.raises(RuleBroken) as refused:
        page.save(transaction, marketing_sms=True)
    assert refused.value.problems[0].code == "consent.out_of_date"
    assert len(stored(reading)) == 1


def test_nothing_turned_stores_nothing(owner: MadeAccount, transaction: Transaction, reading: Transaction) -> None:
    assert tab(reading, owner).save(transaction) == []
    assert stored(reading) == []


@pytest.mark.parametrize("shown", ["", "fi", "fi;survey:opt_out:1:0", "de;x"])
def test_nobody_agrees_to_what_no_page_showed(
    shown: str, owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    page = tab(reading, owner)
    page.shown = shown
    with pytest.raises(RuleBroken):
        page.save(transaction, marketing_email=True)
    assert stored(reading) == []


def test_a_page_with_another_rule_or_wording_is_out_of_date(
    owner: MadeAccount, firm: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    newer = tab(reading, owner)
    newer.shown = newer.shown.replace("marketing_email:opt_in:1", "marketing_email:opt_in:2")
    company = tab(reading, owner)
    company.shown = tab(reading, firm).shown
    for page in (newer, company):
        with pytest.raises(RuleBroken):
            page.save(transaction, marketing_email=True)
    assert stored(reading) == []


@pytest.mark.security(70)
@pytest.mark.parametrize("statement", [update(ConsentEvent).values(action="given"), delete(ConsentEvent)])
def test_the_database_itself_refuses_to_change_a_choice(
    statement: Any, owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    tab(reading, owner).save(transaction, marketing_phone=True)
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.execute(statement)
    assert [row.action for row in stored(reading)] == ["forbidden"]


@pytest.mark.parametrize("consented", [True, False])
def test_unsubscribing_ends_marketing_by_mail_once(
    consented: bool, owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    if consented:
        tab(reading, owner).save(transaction, marketing_email=True)
    for _ in range(3):
        with transaction(Actor("customer", owner.id), now=NOW, source=Source.ACCOUNT) as context:
            consent_changes.unsubscribe(context, owner.customer_id, KINDS["marketing_email"], "en")
    assert "email" not in reachable(reading, owner.customer_id)
    rows = stored(reading)[consented:]
    assert [(row.action, row.source, row.actor_kind) for row in rows] == [
        ("withdrawn" if consented else "forbidden", "email", ANONYMOUS.kind)
    ]
    assert rows[0].wording.startswith("No more marketing by e-mail\n")


@pytest.mark.parametrize("own", [None, "given", "forbidden"])
def test_the_strictest_prohibition_wins_when_records_are_joined(
    own: str | None, owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    with transaction(now=NOW - timedelta(days=9)) as context:
        earlier = builders.customer(context, email="aino@example.com")
        builders.order(context, earlier, external_id="10248")
        consent_changes.unsubscribe(context, earlier, KINDS["marketing_email"], "sv")
    if own == "given":
        tab(reading, owner).save(transaction, marketing_email=True)
    elif own == "forbidden":
        with transaction(now=NOW) as context:
            consent_changes.unsubscribe(context, owner.customer_id, KINDS["marketing_email"], "fi")
    with transaction(Actor("customer", owner.id), now=NOW, source=Source.ACCOUNT) as context:
        order_claims.join(context, owner.customer_id, "10248")
    for record in (owner.customer_id, earlier):
        assert "email" not in reachable(reading, record)
    with reading() as context:
        told = consents.history(context, owner.customer_id).rows
    assert {event.language for event in told} >= {"sv"}
    assert ("controller" in {event.source for event in told}) is (own != "forbidden")
    # The customer has the last word all the same.
    tab(reading, owner).save(transaction, marketing_email=True)
    assert "email" in reachable(reading, earlier)


def test_a_consent_of_a_joined_record_is_not_carried_over(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    with transaction(now=NOW) as context:
        earlier = builders.account(context, email="toinen@example.com")
    tab(reading, earlier).save(transaction, marketing_email=True)
    with transaction(now=NOW) as context:
        consent_changes.carry_over(context, earlier.customer_id, owner.customer_id)
    assert "email" not in reachable(reading, owner.customer_id)


def test_the_history_is_one_person_s_alone(
    owner: MadeAccount, firm: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    tab(reading, firm).save(transaction, survey=True)
    tab(reading, owner).save(transaction, marketing_post=True)
    with reading() as context:
        assert [event.kind for event in consents.history(context, owner.customer_id).rows] == ["marketing_post"]
