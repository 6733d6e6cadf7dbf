"""Orders of all shops: the list by page, filter and number; one order opens with its customer only."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.services.orders import staff_orders
from tests.support.builders import Line, customer, order, shop

START = datetime(2025, 12, 30, 10, 0, tzinfo=UTC)


@pytest.fixture
def many(transaction, monkeypatch):
    """Seven orders a day apart, two of them in the same moment, of two shops and years."""
    monkeypatch.setattr(staff_orders, "PAGE_SIZE", 3)
    made = []
    with transaction() as context:
        owner = customer(context)
        other = shop(context, "kivijalka", name="Kivijalka", prefix="KJ")
        for day in (0, 1, 2, 2, 3, 4, 5):
            details: dict[str, Any] = {"shop_id": other} if day == 4 else {}
            status = "processing" if day == 1 else "completed"
            made.append(order(context, owner, placed_at=START + timedelta(days=day), status=status, **details).number)
    return made


def _numbers(page):
    return page.texts("tbody th a")


def test_the_list_goes_there_and_back_by_cursor(employee, many, events):
    browser, _ = employee("orders")
    newest = list(reversed(many))
    first = browser.get("/admin/orders")
    second = browser.get(first.select("a[rel=next]")[0]["href"])
    third = browser.get(second.select("a[rel=next]")[0]["href"])
    assert [_numbers(page) for page in (first, second, third)] == [newest[:3], newest[3:6], newest[6:]]
    assert not third.select("a[rel=next]") and not first.select("a[rel=prev]")
    assert _numbers(browser.get(third.select("a[rel=prev]")[0]["href"])) == newest[3:6]
    assert len(events("staff.orders_listed")) == 4


def test_filters_narrow_the_list_down(employee, many):
    browser, _ = employee("orders")
    assert _numbers(browser.get("/admin/orders?year=2025")) == [many[1], many[0]]
    assert _numbers(browser.get("/admin/orders?status=processing")) == [many[1]]
    assert _numbers(browser.get("/admin/orders?shop=kivijalka")) == [many[5]]
    assert _numbers(browser.get("/admin/orders?shop=kivijalka&status=processing")) == []


@pytest.mark.security(44, 48)
@pytest.mark.parametrize(
    "query",
    ["year=1", "year=abcd", "year=99999", "status=x", "shop=nope", "after=x", "before=" + "9" * 40, "after=a&before=b"],
)
def test_what_no_list_offers_is_a_400(employee, many, query):
    browser, _ = employee("orders")
    assert browser.get(f"/admin/orders?{query}").status_code == 400


def test_a_cursor_of_another_list_is_a_400(employee, many):
    browser, _ = employee("orders")
    address = browser.get("/admin/orders").select("a[rel=next]")[0]["href"]
    assert browser.get(address + "&year=2025").status_code == 400


def test_an_order_is_found_by_any_part_of_its_number(employee, many, events):
    browser, made = employee("orders")
    answer = browser.submit("/admin/orders", "form[role=search]", term="kj")
    assert "kj" not in answer.location
    assert _numbers(browser.follow(answer)) == [many[5]]
    found = browser.follow(browser.submit("/admin/orders", "form[role=search]", term=many[0][-3:]))
    assert many[0] in _numbers(found)
    assert events("staff.searched")[0].details == {"kind": "orders", "found": 1}
    assert events("staff.searched")[0].staff_id == made.id


@pytest.mark.security(64)
def test_an_order_opens_for_a_purpose_and_each_view_is_logged(employee, transaction, uuid_of, events):
    with transaction() as context:
        owner = customer(context)
        placed = order(context, owner, lines=(Line(), Line("Kahvipannu", price=3990)), shipping=590)
    browser, made = employee("orders")
    address = f"/admin/orders/{placed.number}"
    asked = browser.follow(browser.get(address))
    assert asked.path.startswith(f"/admin/customers/{uuid_of(owner)}/open")
    assert "Kahvipannu" not in asked.page_text
    page = browser.follow(browser.submit_form(asked, purpose="order"))
    assert page.path == address
    assert "Kahvipannu" in page.page_text and "70,70" in page.page_text
    browser.get(address)
    viewed = events("staff.order_viewed")
    assert [(item.staff_id, item.customer_id, item.details) for item in viewed] == 2 * [
        (made.id, owner, {"order": placed.id, "page": "order", "purpose": "order", "role": "orders"})
    ]


@pytest.mark.parametrize("number", ["VK-0", "x", "VK-" + "9" * 60, "%20"])
def test_an_unknown_order_is_a_404(employee, number):
    browser, _ = employee("orders")
    assert browser.get(f"/admin/orders/{number}").status_code == 404


def test_the_start_page_shows_what_waits_and_whom_one_opened(employee, transaction, uuid_of):
    with transaction() as context:
        owner = customer(context, first_name="Helmi", last_name="Salo")
        order(context, owner, status="processing")
    browser, _ = employee()
    before = browser.get("/admin/")
    assert "Helmi Salo" not in before.page_text
    assert browser.get(before.select("main dl a")[0]["href"]).status_code == 200
    browser.submit(f"/admin/customers/{uuid_of(owner)}/open", purpose="order")
    assert "Helmi Salo" in browser.get("/admin/").page_text
    auditor, _ = employee("auditor")
    assert not auditor.get("/admin/").select("form[role=search]")
