"""The page of usage statistics: what was collected, newest first, and deleting it."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.services.choices.usage import PAGE_SIZE
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.web.usage.conftest import Noted

PAGE = "/privacy/usage"
MORNING = datetime(2026, 2, 20, 7, 5, tzinfo=UTC)


@pytest.fixture
def collected(owner: MadeAccount, transaction: Transaction) -> int:
    """Three views on two days; returns the number of the newest."""
    with transaction(now=MORNING) as context:
        builders.page_view(context, owner.customer_id, "account.overview", viewed_at=MORNING - timedelta(days=1))
        builders.page_view(context, owner.customer_id, "orders.history")
        return builders.page_view(context, owner.customer_id, "orders.detail", viewed_at=MORNING + timedelta(minutes=2))


def test_off_says_that_nothing_is_collected(visitor: InvariantClient) -> None:
    page = visitor.get(PAGE)
    assert page.h1 == "Usage statistics"
    assert "Collection is off" in page.texts("h2")
    assert "Nothing has been collected" in page.page_text
    assert page.select('main a[href="/privacy/consents#usage"]')
    assert visitor.get("/privacy").select('main a[href="/privacy/usage"]')


def test_on_shows_each_view_by_day_with_its_own_way_to_delete_it(consenting: InvariantClient, collected: int) -> None:
    page = consenting.get(PAGE)
    assert "Collection is on" in page.texts("h2")
    assert page.texts(".day h3") == ["20 February 2026", "19 February 2026"]
    assert [text.partition(" Delete")[0] for text in page.texts(".day__item")] == [
        "9:07 An order",
        "9:05 Orders",
        "9:05 Overview",
    ]
    assert page.select(".day__item a")[0]["href"] == f"{PAGE}/views/{collected}/delete"
    assert page.texts(".day__item a")[0] == "Delete : An order, 9:07"


def test_a_long_list_is_walked_with_older_and_newest(
    visitor: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction(now=MORNING) as context:
        for number in range(PAGE_SIZE + 2):
            builders.page_view(context, owner.customer_id, viewed_at=MORNING - timedelta(hours=number))
    first = visitor.get(PAGE)
    assert len(first.select(".day__item")) == PAGE_SIZE
    older = str(first.select('a[rel="next"]')[0]["href"])
    second = visitor.get(older)
    assert len(second.select(".day__item")) == 2
    assert second.select('a[rel="prev"]')[0]["href"] == PAGE
    assert visitor.get(PAGE + "?after=" + "A" * 32).status_code == 400


@pytest.mark.parametrize(
    ("address", "asked", "left"),
    [
        ("views/{view}/delete", "An order , 20 February 2026, 9:07", ["account.overview", "orders.history"]),
        ("days/2026-02-20/delete", "20 February 2026 , 2 page views", ["account.overview"]),
        ("delete", "3 page views", []),
    ],
)
def test_deleting_asks_once_more_and_then_does_it(
    address: str, asked: str, left: list[str], visitor: InvariantClient, collected: int, noted: Noted
) -> None:
    path = f"{PAGE}/{address.format(view=collected)}"
    page = visitor.get(path)
    assert page.texts("main .card li") == [asked]
    assert noted() == ["account.overview", "orders.history", "orders.detail"]
    answer = visitor.submit_form(page)
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "The usage statistics you chose are deleted." in visitor.follow(answer).page_text
    assert noted() == left
    assert "Usage statistics deleted" in visitor.get("/privacy/activity").page_text


@pytest.mark.parametrize(
    "address",
    ["views/999/delete", "views/x/delete", "views/" + "9" * 40 + "/delete", "days/2026-02-21/delete",
     "days/20260220/delete", "days/2026-W08-5/delete", "days/0001-01-01/delete", "days/9999-12-31/delete"],
)  # fmt: skip
@pytest.mark.usefixtures("collected")
def test_what_is_not_there_is_not_found(address: str, visitor: InvariantClient) -> None:
    assert visitor.get(f"{PAGE}/{address}").status_code == 404


def test_nothing_is_deleted_without_the_page_that_asks(visitor: InvariantClient, collected: int, noted: Noted) -> None:
    answer = visitor.submit(f"{PAGE}/views/{collected}/delete", extra={"confirmed": ""})
    assert answer.status_code == 422
    assert answer.error_summary == ["Nothing was deleted. Check what the page shows and press the button."]
    assert len(noted()) == 3
    assert visitor.submit_form(answer).status_code == 303
    assert len(noted()) == 2


def test_deleting_everything_when_there_is_nothing_says_so(visitor: InvariantClient) -> None:
    page = visitor.get(PAGE + "/delete")
    assert "Nothing has been collected" in page.page_text
    assert not page.select("main form")


def test_the_register_shows_the_views_too(visitor: InvariantClient, collected: int) -> None:
    page = visitor.get("/privacy/usage/page-view")
    assert "An order" in page.page_text
    assert "kept until 20 May 2026" in page.page_text
