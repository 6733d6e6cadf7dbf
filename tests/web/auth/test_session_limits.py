"""How long a session lives, figure by figure, in the browser's sight and by the server's clock (SECURITY 20, 24)."""

from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from tests.support import builders
from tests.support.builders import MadeAccount, MadeStaff
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction

SECOND = timedelta(seconds=1)


@pytest.fixture
def member(transaction: Transaction, clock: TimeMachineFixture) -> MadeStaff:
    with transaction() as context:
        return builders.staff(context)


def inside(client: InvariantClient, path: str) -> bool:
    return client.get(path).status_code == 200


@pytest.mark.security(20)
@pytest.mark.parametrize(("away", "stays"), [(timedelta(minutes=60), True), (timedelta(minutes=60) + SECOND, False)])
def test_a_customer_is_out_after_sixty_idle_minutes(
    client: InvariantClient, owner: MadeAccount, clock: TimeMachineFixture, away: timedelta, stays: bool
) -> None:
    client.log_in(owner)
    clock.shift(away)
    assert inside(client, "/account") is stays


@pytest.mark.security(20)
def test_a_customer_is_out_after_a_day_however_busy(
    client: InvariantClient, owner: MadeAccount, clock: TimeMachineFixture
) -> None:
    client.log_in(owner)
    for _ in range(28):
        clock.shift(timedelta(minutes=50))
        assert inside(client, "/account")
    clock.shift(timedelta(minutes=40))
    assert inside(client, "/account")
    clock.shift(SECOND)
    assert not inside(client, "/account")


@pytest.mark.security(20)
@pytest.mark.parametrize(("away", "stays"), [(timedelta(minutes=15), True), (timedelta(minutes=15) + SECOND, False)])
def test_an_employee_is_out_after_fifteen_idle_minutes(
    client: InvariantClient, member: MadeStaff, clock: TimeMachineFixture, away: timedelta, stays: bool
) -> None:
    client.log_in_staff(member)
    clock.shift(away)
    assert inside(client, "/admin/") is stays


@pytest.mark.security(20)
def test_an_employee_is_out_after_eight_hours_however_busy(
    client: InvariantClient, member: MadeStaff, clock: TimeMachineFixture
) -> None:
    client.log_in_staff(member)
    for _ in range(48):
        clock.shift(timedelta(minutes=10))
        assert inside(client, "/admin/")
    clock.shift(SECOND)
    assert not inside(client, "/admin/")


@pytest.mark.security(20)
def test_no_cookie_of_a_session_has_a_date_of_its_own(client: InvariantClient, owner: MadeAccount) -> None:
    answer = client.submit("/login", email=owner.email, password=owner.password)
    (written,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("portal_customer=")]
    assert "expires" not in written.lower()
    assert "max-age" not in written.lower()


def test_a_form_lives_as_long_as_its_session_and_not_an_hour(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, clock: TimeMachineFixture
) -> None:
    stranger, long = new_client(), timedelta(hours=3)
    asked = stranger.get("/login")
    client.log_in(owner)
    form = client.get("/account/profile/name")
    for _ in range(4):
        clock.shift(long / 4)
        assert inside(client, "/account")
    assert client.submit_form(form, first_name="Aili").location == "/account/profile"
    assert stranger.submit_form(asked, email=owner.email, password=owner.password).location == "/account"
