"""Signing up: details in normal form, one row and one mail for the same details."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.models.account import Registration
from portal.models.base import db
from portal.models.message import Message
from portal.rules.errors import RuleBroken
from portal.services.accounts import registration, registration_details
from portal.services.accounts.registration_details import Details
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
