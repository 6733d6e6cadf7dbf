"""The log-in page says that a session has ended, in one sentence for every way of ending (SECURITY 6, 22, 23)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from portal.services.accounts import session_list, sessions
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction

ENDED = {
    "fi": "Istuntosi on päättynyt. Kirjaudu uudelleen.",
    "sv": "Din session har avslutats. Logga in igen.",
    "en": "Your session has ended. Log in again.",
}
End = Callable[[], None]


@pytest.fixture
def ways(
    owner: MadeAccount, new_client: NewClient, transaction: Transaction, clock: TimeMachineFixture
) -> dict[str, End]:
    def by_another_browser() -> None:
        other = new_client()
        other.log_in(owner)
        other.submit("/account/sessions", "form[action$=others]")

    def by_an_employee() -> None:
        with transaction() as context:
            session_list.end_everything(context, owner.id)

    def by_a_change() -> None:
        with transaction() as context:
            sessions.end_all_customer(context, owner.id)

    def by_time() -> None:
        clock.shift(sessions.CUSTOMER_IDLE + timedelta(seconds=1))

    return {"others": by_another_browser, "employee": by_an_employee, "change": by_a_change, "time": by_time}


def said(client: InvariantClient) -> list[str]:
    return client.follow(client.get("/account")).texts(".flashes p")


@pytest.mark.security(6, 23)
@pytest.mark.parametrize("way", ["others", "employee", "change", "time"])
def test_each_way_of_ending_is_told_with_the_same_words(
    client: InvariantClient, owner: MadeAccount, ways: dict[str, End], way: str
) -> None:
    client.log_in(owner)
    ways[way]()
    answer = client.get("/account")
    assert answer.location == "/login?next=/account"
    page = client.follow(answer)
    assert page.texts(".flashes p") == [ENDED["fi"]]
    # Said once; and nothing of it is left after the log-in.
    assert client.get("/login").texts(".flashes p") == []
    assert client.log_in(owner).texts(".flashes p") == []


@pytest.mark.parametrize("language", list(ENDED))
def test_it_is_told_in_the_readers_language(
    client: InvariantClient, owner: MadeAccount, ways: dict[str, End], language: str
) -> None:
    client.log_in(owner)
    ways["change"]()
    client.set_cookie("portal_language", language)
    client.language = language
    assert said(client) == [ENDED[language]]


@pytest.mark.security(6)
def test_a_stranger_with_any_cookie_reads_the_same_and_one_without_nothing(new_client: NewClient) -> None:
    invented = new_client()
    invented.set_cookie("portal_customer", "a" * 43)
    assert said(invented) == [ENDED["fi"]]
    assert said(new_client()) == []


def test_two_tabs_say_it_once(client: InvariantClient, owner: MadeAccount, ways: dict[str, End]) -> None:
    client.log_in(owner)
    ways["change"]()
    client.get("/orders")
    assert said(client) == [ENDED["fi"]]


def test_who_logged_out_reads_that(client: InvariantClient, owner: MadeAccount) -> None:
    client.log_in(owner)
    left = client.post("/logout", data={"csrf_token": client.csrf_token("/account")})
    assert client.follow(left).texts(".flashes p") == ["Olet kirjautunut ulos."]
    assert said(client) == []
