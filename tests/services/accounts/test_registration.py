"""Signing up: details in normal form, one row and one mail for the same details."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, BrokenBarrierError

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.models.account import Account, Registration
from portal.models.base import db
from portal.models.message import Message
from portal.rules.context import ANONYMOUS, Context, Visitor
from portal.rules.errors import RuleBroken
from portal.rules.register import Source
from portal.services.accounts import registration, registration_details
from portal.services.accounts.registration_details import Details
from portal.services.foundation.links import LinkEnded
from portal.services.unit_of_work import unit_of_work
from tests.support.fixtures import Transaction

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PASSWORD = "kolme vihreää kettua juoksee metsään"
TYPED = Details(
    email="Maija@Example.com",
    first_name=" Maija ",
    last_name="Meikäläinen",
    phone="040 123 4567",
    street="Kuubankatu  2",
    postal_code="FI-00220",
    city="HELSINKI",
    country="FI",
    language="sv",
    company="Revontuli Oy",
    business_id="FI20774740",
)


def test_every_problem_is_named(reading: Transaction) -> None:
    wrong = replace(TYPED, first_name="", phone="soita", city="Turku", language="de", business_id="1")
    with reading(), pytest.raises(RuleBroken) as caught:
        registration_details.check(wrong, "lyhyt")
    fields = [problem.field for problem in caught.value.problems]
    assert sorted(map(str, fields)) == ["business_id", "city", "first_name", "language", "password", "phone"]


def test_what_is_right_comes_out_in_normal_form(reading: Transaction) -> None:
    with reading():
        checked = registration_details.check(TYPED, PASSWORD)
    assert (checked.email, checked.first_name, checked.street) == ("Maija@example.com", "Maija", "Kuubankatu 2")
    assert (checked.phone, checked.postal_code, checked.city) == ("+358401234567", "00220", "Helsinki")
    assert (checked.company, checked.business_id) == ("Revontuli Oy", "2077474-0")


def test_the_same_details_again_mail_the_same_row(transaction: Transaction, reading: Transaction) -> None:
    for seconds in (0, 30, 61):
        with transaction(now=NOON + timedelta(seconds=seconds)) as context:
            registration.begin(context, TYPED, f"hash {seconds}")
    with reading():
        assert db.session.execute(select(Registration.password_hash)).scalars().all() == ["hash 61"]
        assert db.session.execute(select(func.count()).select_from(Message)).scalar_one() == 2


def test_a_throttled_sign_up_leaves_no_row(transaction: Transaction, reading: Transaction) -> None:
    for number in range(5):
        with transaction(now=NOON) as context:
            registration.begin(context, replace(TYPED, street=f"Kuubankatu {number}"), "hash")
    with reading():
        assert db.session.execute(select(func.count()).select_from(Registration)).scalar_one() == 3


def test_of_two_sign_ups_for_an_address_that_are_confirmed_at_once_one_opens_the_account(
    app: Flask, transaction: Transaction, reading: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    for street in ("Kuubankatu 1", "Kuubankatu 2"):
        with transaction() as context:
            registration.begin(context, replace(TYPED, street=street), "hash")
    with reading():
        waiting = db.session.execute(select(Registration.id).order_by(Registration.id)).scalars().all()
    meeting, create = Barrier(2), registration._create_customer

    def create_together(context: Context, values: dict[str, object]) -> int:
        # Where both come as far as this, each has used its own link up and is about to end the other's.
        with suppress(BrokenBarrierError):
            meeting.wait(0.5)
        return create(context, values)

    def confirm(number: int) -> str | None:
        context = Context(ANONYMOUS, datetime.now(UTC), Source.REGISTRATION, "test")
        try:
            with app.app_context(), unit_of_work(context):
                return registration.confirm(context, number, Visitor("192.0.2.7", "192.0.2.0/24", "Firefox Linux"))
        except LinkEnded:
            return None

    monkeypatch.setattr(registration, "_create_customer", create_together)
    with ThreadPoolExecutor(2) as pool:
        opened = list(pool.map(confirm, waiting))
    assert len([token for token in opened if token]) == 1
    with reading():
        assert db.session.execute(select(func.count()).select_from(Account)).scalar_one() == 1
        assert db.session.execute(select(Registration.id)).first() is None
