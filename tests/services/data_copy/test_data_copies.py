"""Asking for data copies, and to whom, when and how often one is handed out."""

import hashlib
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select

from portal.models.account import EmailChange
from portal.models.base import db
from portal.models.data_copy import DataCopy
from portal.rules.access_requests import State
from portal.rules.context import Context
from portal.rules.errors import NotFound, RuleBroken
from portal.services.auditing import audit
from portal.services.data_copy import data_copies
from portal.services.register import activity
from tests.support import access_requests, builders, copies
from tests.support.access_requests import MadeRequest
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction

TOGETHER = 20


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction() as context:
        return builders.account(context)


def decide(transaction: Transaction, request: MadeRequest, outcome: State) -> None:
    """Decide a request as an employee does."""
    with transaction() as context:
        employee = builders.staff(context, "privacy").id
        access_requests.lead_to(context, request, employee, State.IN_PROGRESS, outcome)


def test_a_copy_is_asked_for_made_and_handed_out(app: Flask, transaction: Transaction, owner: MadeAccount) -> None:
    name = copies.ask(transaction, owner.customer_id, "sv")
    with transaction() as context:
        waiting = data_copies.find(context, owner.customer_id, name)
        assert (waiting.state, waiting.language, waiting.size, waiting.sha256) == ("waiting", "sv", None, None)
        with pytest.raises(NotFound):
            data_copies.open_file(context, owner.customer_id, name)
    copies.run(app)
    with transaction() as context:
        file = data_copies.open_file(context, owner.customer_id, name)
        content = file.path.read_bytes()
        (ready,) = data_copies.of_customer(context, owner.customer_id)
    assert (ready.state, ready.downloads, ready.size) == ("ready", 1, len(content))
    assert ready.sha256 == hashlib.sha256(content).hexdigest()
    assert ready.ready_at is not None
    assert ready.expires_at == ready.ready_at + timedelta(days=14)


@pytest.mark.security("R12")
def test_asked_twenty_times_at_once_it_is_one_copy(app: Flask, transaction: Transaction, owner: MadeAccount) -> None:
    with ThreadPoolExecutor(TOGETHER) as pool:
        names = set(pool.map(lambda _: copies.ask(transaction, owner.customer_id), range(TOGETHER)))
    assert len(names) == 1
    copies.run(app)
    assert copies.ask(transaction, owner.customer_id) not in names


def test_self_service_has_a_limit_a_day(
    app: Flask, transaction: Transaction, reading: Transaction, owner: MadeAccount
) -> None:
    for _ in range(data_copies.MOST_A_DAY):
        copies.ask(transaction, owner.customer_id)
        copies.run(app)
    with transaction() as context, pytest.raises(RuleBroken) as told:
        data_copies.ask(context, owner.customer_id, language="fi")
    assert [problem.code for problem in told.value.problems] == ["data_copy.too_many"]
    with transaction(now=datetime.now(UTC) + timedelta(days=1)) as context:
        data_copies.ask(context, owner.customer_id, language="fi")
        # A written request is never turned away.
        request = access_requests.ask(context, owner.customer_id)
        data_copies.ask(context, owner.customer_id, language="fi", request_id=request.id)


@pytest.mark.security(33)
def test_nobody_else_finds_or_opens_it(app: Flask, transaction: Transaction, owner: MadeAccount) -> None:
    name = copies.ask(transaction, owner.customer_id)
    copies.run(app)
    with transaction() as context:
        other = builders.account(context).customer_id
        for given in (name, uuid.uuid4()):
            with pytest.raises(NotFound):
                data_copies.find(context, other, given)
            with pytest.raises(NotFound):
                data_copies.open_file(context, other, given)
        assert data_copies.of_customer(context, other) == []
        assert data_copies.find(context, owner.customer_id, name).downloads == 0


def test_its_time_ends_to_the_moment(app: Flask, transaction: Transaction, owner: MadeAccount) -> None:
    name = copies.ask(transaction, owner.customer_id)
    copies.run(app)
    with transaction() as context:
        ends = data_copies.find(context, owner.customer_id, name).expires_at
        assert ends is not None
    with transaction(now=ends - timedelta(seconds=1)) as context:
        data_copies.open_file(context, owner.customer_id, name)
    with transaction(now=ends) as context:
        assert data_copies.find(context, owner.customer_id, name).state == "expired"
        with pytest.raises(NotFound):
            data_copies.open_file(context, owner.customer_id, name)


def test_the_answer_to_a_request_waits_for_its_decision(
    app: Flask, transaction: Transaction, owner: MadeAccount
) -> None:
    with transaction() as context:
        request = access_requests.ask(context, owner.customer_id)
        assert data_copies.of_request(context, request.id) is None
    name = copies.ask(transaction, owner.customer_id, request_id=request.id)
    copies.run(app)
    with transaction() as context:
        made = data_copies.of_request(context, request.id)
        assert made is not None
        assert (made.uuid, made.state, made.request_id) == (name, "ready", request.id)
        assert data_copies.of_customer(context, owner.customer_id) == []
        with pytest.raises(NotFound):
            data_copies.open_file(context, owner.customer_id, name)
        with pytest.raises(NotFound):
            data_copies.open_answer(context, owner.customer_id, request.reference)
    decide(transaction, request, State.ANSWERED)
    with transaction() as context:
        assert data_copies.open_answer(context, owner.customer_id, request.reference).path.is_file()
        assert data_copies.open_file(context, owner.customer_id, name).path.is_file()
        assert name in {item.uuid for item in data_copies.of_customer(context, owner.customer_id)}
        stranger = builders.account(context).customer_id
        with pytest.raises(NotFound):
            data_copies.open_answer(context, stranger, request.reference)


def test_a_refused_request_hands_nothing_out(app: Flask, transaction: Transaction, owner: MadeAccount) -> None:
    with transaction() as context:
        request = access_requests.ask(context, owner.customer_id)
    copies.ask(transaction, owner.customer_id, request_id=request.id)
    copies.run(app)
    decide(transaction, request, State.REFUSED)
    with transaction() as context, pytest.raises(NotFound):
        data_copies.open_answer(context, owner.customer_id, request.reference)


@pytest.mark.security(64)
def test_asking_making_and_taking_are_in_the_log(app: Flask, transaction: Transaction, owner: MadeAccount) -> None:
    copies.make(app, transaction, owner.customer_id)
    with transaction() as context:
        told = [event.action for event in activity.read(context, owner.customer_id).events]
    assert [item for item in told if item.startswith("copy.")] == ["copy.downloaded", "copy.made", "copy.requested"]


def changed_address(context: Context, account: MadeAccount, *, reset: bool) -> None:
    """The log-in address was changed at this moment, and afterwards the password with a mailed link."""
    values = {"old_email": account.email, "new_email": "uusi@example.com", "new_identity": "uusi@example.com"}
    moments = {"created_at": context.now, "expires_at": context.now, "confirmed_at": context.now}
    db.session.execute(insert(EmailChange).values(account_id=account.id, nonce=bytes(16), **values, **moments))
    if reset:
        audit.record(context, "account.password_reset", customer_id=account.customer_id)


@pytest.mark.parametrize(("days", "reset", "blocked"), [(29, True, True), (30, True, False), (1, False, False)])
def test_new_contact_details_alone_get_no_copy(
    app: Flask, transaction: Transaction, owner: MadeAccount, days: int, reset: bool, blocked: bool
) -> None:
    name = copies.ask(transaction, owner.customer_id)
    copies.run(app)
    now = datetime.now(UTC)
    with transaction(now=now - timedelta(days=days)) as context:
        changed_address(context, owner, reset=reset)
    with transaction(now=now) as context:
        if not blocked:
            assert data_copies.blocked_until(context, owner.customer_id) is None
            data_copies.open_file(context, owner.customer_id, name)
            data_copies.ask(context, owner.customer_id, language="fi")
            return
        assert data_copies.blocked_until(context, owner.customer_id) == now + timedelta(days=30 - days)
        with pytest.raises(RuleBroken, match=r"data_copy\.new_contact"):
            data_copies.open_file(context, owner.customer_id, name)
        with pytest.raises(RuleBroken, match=r"data_copy\.new_contact"):
            data_copies.ask(context, owner.customer_id, language="fi")
        # Somebody looks at a written request, so that it is not turned away.
        request = access_requests.ask(context, owner.customer_id)
        data_copies.ask(context, owner.customer_id, language="fi", request_id=request.id)


@pytest.mark.parametrize("confirmed", [False, True])
def test_an_answer_reaches_new_contact_details_only_once_somebody_was_identified(
    app: Flask, transaction: Transaction, owner: MadeAccount, confirmed: bool
) -> None:
    now = datetime.now(UTC)
    with transaction(now=now - timedelta(days=2)) as context:
        changed_address(context, owner, reset=True)
    with transaction(now=now) as context:
        member = builders.staff(context)
        request = access_requests.ask(context, owner.customer_id)
        asked = (State.IDENTITY_CHECK,) if confirmed else ()
        access_requests.lead_to(context, request, member.id, *asked, State.IN_PROGRESS, State.ANSWERED)
    with transaction(now=now) as context:
        if confirmed:
            assert data_copies.open_answer(context, owner.customer_id, request.reference).path.is_file()
            return
        with pytest.raises(RuleBroken, match=r"data_copy\.new_contact"):
            data_copies.open_answer(context, owner.customer_id, request.reference)


def test_a_reset_before_the_change_proves_the_old_mailbox(transaction: Transaction, owner: MadeAccount) -> None:
    now = datetime.now(UTC)
    with transaction(now=now - timedelta(days=3)) as context:
        audit.record(context, "account.password_reset", customer_id=owner.customer_id)
    with transaction(now=now - timedelta(days=2)) as context:
        changed_address(context, owner, reset=False)
    with transaction(now=now) as context:
        assert data_copies.blocked_until(context, owner.customer_id) is None
        assert db.session.execute(select(DataCopy.id)).all() == []
