"""Suggestions on the overview and what they rest on: there with the consent, gone with it."""

from flask import Flask

from tests.support import builders
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.support.queries import statements

PAGE = "/privacy/suggestions"


def test_off_shows_nothing_anywhere(visitor: InvariantClient) -> None:
    page = visitor.get(PAGE)
    assert page.h1 == "Suggestions from your purchases"
    assert "Suggestions are off" in page.texts("h2")
    assert not page.select(".derived")
    assert "Suggestions for you" not in visitor.get("/account").page_text
    assert visitor.get("/privacy").select(f'main a[href="{PAGE}"]')


def test_on_suggests_with_the_reason_and_the_way_to_the_orders(consenting: InvariantClient) -> None:
    overview = consenting.get("/account")
    assert "Suggestions for you" in overview.texts("h2")
    assert overview.texts(".derived__title") == ["Köysi 12 mm"]
    (reason,) = overview.texts(".derived .muted")
    assert reason.startswith("You have bought this in 2 orders, latest on ")
    (link,) = overview.select(".derived a")
    found = consenting.get(str(link["href"]))
    assert len(found.select("tbody tr")) == 2
    assert overview.select(f'main a[href="{PAGE}"]')
    page = consenting.get(PAGE)
    assert "Suggestions are on" in page.texts("h2")
    assert page.texts(".derived__title") == ["Köysi 12 mm"]
    assert "derived by us" in page.page_text
    register = consenting.get("/privacy/derived/derived-fact")
    assert "Product you buy often" in register.page_text
    assert register.texts(".entries__head h2") == ["Köysi 12 mm"]
    assert register.texts(".facts dd")[0].startswith("You have bought this in 2 orders, latest on ")


def test_turning_it_off_takes_everything_away_at_once(consenting: InvariantClient) -> None:
    consenting.submit("/privacy/consents", personalisation=False)
    assert "Suggestions for you" not in consenting.get("/account").page_text
    assert not consenting.get(PAGE).select(".derived")
    assert "Nothing is stored" in consenting.get("/privacy/derived/derived-fact").page_text


def test_too_few_orders_say_so(client: InvariantClient, transaction: Transaction) -> None:
    with transaction() as context:
        newcomer = builders.account(context, language="en")
        builders.order(context, newcomer.customer_id)
    client.log_in(newcomer)
    client.submit("/privacy/consents", personalisation=True)
    page = client.get(PAGE)
    assert "Nothing could be derived yet" in page.page_text
    assert not page.select(".derived")
    assert "Suggestions for you" not in client.get("/account").page_text


def test_seven_statements_make_the_overview(consenting: InvariantClient, app: Flask) -> None:
    consenting.get("/account")
    with statements(app) as sent:
        consenting.get("/account")
    assert len(sent) == 7, sent
