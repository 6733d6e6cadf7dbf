"""How often a log-in may be tried: by identifier, by network address and by all together, before any hashing
(SECURITY 10, 12)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import TimeMachineFixture

from config import Limit, Throttles
from portal.models.base import db
from portal.models.session import ThrottleCounter
from tests.support import builders
from tests.support.builders import PASSWORD, MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.web.auth.test_login import count_work


@pytest.mark.security(10, 12)
@pytest.mark.parametrize("email", ["aino@example.com", "tuntematon@example.com", "ei edes osoite"])
def test_the_eleventh_attempt_waits_and_costs_nothing(
    client: InvariantClient,
    new_client: NewClient,
    clock: TimeMachineFixture,
    owner: MadeAccount,
    monkeypatch: pytest.MonkeyPatch,
    email: str,
) -> None:
    live = new_client()
    live.log_in(builders.MadeAccount(owner.id, owner.customer_id, owner.email, owner.password))
    clock.shift(timedelta(minutes=6))
    for _ in range(10):
        assert client.submit("/login", email=email, password="jokin aivan muu lause").status_code == 422
    costs = count_work(monkeypatch)
    answer = client.submit("/login", email=email.upper(), password=PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 301
    assert not costs
    assert live.get("/account").status_code == 200
    # Nor do strangers keep a live session from proving who is in it, from the same address or another.
    assert live.submit("/confirm-password", password=PASSWORD).status_code == 303
    clock.shift(timedelta(minutes=5, seconds=1))
    expected = 303 if email == owner.email else 422
    assert client.submit("/login", email=email, password=PASSWORD).status_code == expected


@pytest.mark.security(10)
def test_one_address_tries_thirty_names_and_waits(client: InvariantClient, clock: TimeMachineFixture) -> None:
    page = client.get("/login")
    statuses = [
        client.submit_form(page, email=f"arvaus{number}@example.com", password="väärä").status_code
        for number in range(31)
    ]
    assert statuses == [422] * 30 + [429]


@pytest.mark.security(10, 12)
def test_an_address_that_goes_on_after_its_limit_locks_nobody_else_out(
    client: InvariantClient, clock: TimeMachineFixture, reading: Transaction
) -> None:
    page = client.get("/login")
    statuses = [client.submit_form(page, email="arvaus@example.com", password="väärä").status_code for _ in range(70)]
    assert statuses == [422] * 10 + [429] * 60
    with reading():
        counters = dict(db.session.execute(select(ThrottleCounter.bucket, ThrottleCounter.attempts)).all())
    assert counters["login_address"] == 70
    # Only what was really tried: neither the twenty that the identifier stopped nor the forty after them.
    assert counters["login_everyone"] == 10


@pytest.mark.security(10)
def test_all_log_ins_together_have_a_limit_before_any_hashing(
    new_client: NewClient, app: Flask, owner: MadeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PORTAL_THROTTLES", replace(Throttles(), login_everyone=Limit(3, 300)))
    costs = count_work(monkeypatch)
    for number in range(3):
        answer = new_client().submit("/login", email=f"arvaus{number}@example.com", password="väärä")
        assert answer.status_code == 422
    refused = [
        new_client().submit("/login", email=owner.email, password=PASSWORD),
        new_client().submit("/admin/login", email="arvaus@example.com", password="väärä"),
    ]
    assert [answer.status_code for answer in refused] == [429, 429]
    assert all(0 < int(answer.headers["Retry-After"]) <= 301 for answer in refused)
    assert len(costs) == 3
