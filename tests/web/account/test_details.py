"""The pages of a customer's own details: what they show, and how a change is made, refused and kept."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.models.base import db
from portal.models.customer import Customer
from portal.services.register import profile
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import Transaction
from tests.support.queries import statements

PAGES: dict[str, dict[str, Any]] = {
    "/account/profile/name": {"first_name": "Máret", "last_name": "Näkkäläjärvi"},
    "/account/profile/phone": {"phone": "+46 70 123 45 67"},
    "/account/profile/company": {"company": "Virtanen Oy", "business_id": "2077474-0"},
    "/account/addresses": {"street": "Storgatan 1", "postal_code": "22100", "city": "Mariehamn", "country": "AX"},
}


def value_of(page: PageResponse, name: str) -> object:
    (field,) = page.select(f'main [name="{name}"]')
    return field.get("value")


def stored(transaction: Transaction, owner: MadeAccount) -> Customer:
    with transaction():
        row = db.session.execute(select(Customer).where(Customer.id == owner.customer_id)).scalar_one()
        db.session.expunge(row)
    return row


@pytest.mark.parametrize("path", PAGES)
def test_a_change_is_saved_and_told_with_its_source(
    path: str, shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    answer = shopper.submit(path, **PAGES[path])
    assert (answer.status_code, answer.location) == (303, "/account/profile")
    page = shopper.follow(answer)
    assert "Your details are saved." in page.page_text
    assert "You changed this on" in page.page_text
    for name in ("first_name", "company", "street"):
        if name in PAGES[path]:
            assert PAGES[path][name] in page.page_text
            assert getattr(stored(transaction, owner), name) == PAGES[path][name]


def test_what_was_left_empty_is_not_said_to_have_been_given(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction():
        db.session.execute(update(Customer).where(Customer.id == owner.customer_id).values(source="registration"))
    company = "section[aria-labelledby=company]"
    (section,) = shopper.get("/account/profile").select(company)
    assert "Not given" in section.get_text()
    assert "You gave this" not in section.get_text()
    shopper.submit("/account/profile/company", company="Virtanen Oy", business_id="")
    shopper.submit("/account/profile/company", company="", business_id="")
    (section,) = shopper.get("/account/profile").select(company)
    assert section.get_text().count("You changed this on") == 1


def test_the_history_tells_before_and_after(shopper: InvariantClient) -> None:
    shopper.submit("/account/profile/phone", phone="050 765 4321")
    (row,) = shopper.get("/account/profile/history").select("tbody tr")
    assert [cell.get_text(strip=True) for cell in row.select("th, td")][2:] == [
        "+358 40 123 4567",
        "+358 50 765 4321",
        "You, in your accountWritten by: You",
    ]


def test_the_history_has_pages(shopper: InvariantClient) -> None:
    for n in range(profile.PAGE_SIZE + 2):
        shopper.submit("/account/profile/phone", phone=f"050 765 43{n:02d}")
    first = shopper.get("/account/profile/history")
    assert not first.select('main a[rel="prev"]')
    (older,) = first.select('main a[rel="next"]')
    last = shopper.get(str(older["href"]))
    assert [len(page.select("tbody tr")) for page in (first, last)] == [profile.PAGE_SIZE, 2]
    assert "+358 50 765 4301" in last.texts("tbody tr")[0] and not last.select('main a[rel="next"]')
    assert last.select('main a[rel="prev"]')[0]["href"] == "/account/profile/history"
    assert shopper.get("/account/profile/history?after=x").status_code == 400


def test_every_problem_is_told_at_once_and_what_was_typed_is_kept(shopper: InvariantClient) -> None:
    typed: dict[str, Any] = {"street": "", "postal_code": "0010", "city": "", "country": "FI"}
    answer = shopper.submit("/account/addresses", **typed)
    assert answer.status_code == 422
    assert answer.fields_in_error == ["street", "postal_code", "city"]
    assert value_of(answer, "postal_code") == "0010"


def test_a_stale_form_keeps_what_was_typed_and_counts_when_sent_again(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    page = shopper.get("/account/profile/name")
    shopper.submit("/account/profile/phone", phone="050 765 4321")
    stale = shopper.submit_form(page, first_name="Aila", last_name="Virta")
    assert stale.status_code == 409
    assert value_of(stale, "first_name") == "Aila"
    assert len(stale.error_summary) == 1
    assert stored(transaction, owner).first_name == "Aino"
    assert shopper.submit_form(stale).status_code == 303
    assert (stored(transaction, owner).first_name, stored(transaction, owner).phone) == ("Aila", "+358507654321")


@pytest.mark.parametrize("path", PAGES)
def test_forged_fields_change_nothing(
    path: str, shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    """SECURITY 34."""
    forged = {"customer_id": "1", "email": "x@example.com", "email_identity": "x", "source": "staff", "id": "9"}
    before = stored(transaction, owner)
    assert shopper.submit(path, extra=forged, **PAGES[path]).status_code == 303
    after = stored(transaction, owner)
    assert (after.id, after.email, after.source) == (before.id, before.email, before.source)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "0"])
def test_a_forged_version_saves_nothing(
    version: str, shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    answer = shopper.submit("/account/profile/name", extra={"version": version}, first_name="Aila", last_name="Virta")
    assert answer.status_code == 409
    assert stored(transaction, owner).first_name == "Aino"


def test_the_language_changes_letters_and_pages(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    answer = shopper.submit("/account/profile/language", language="sv")
    shopper.language = "sv"
    page = shopper.follow(answer)
    assert page.soup.html is not None
    assert page.soup.html["lang"] == "sv"
    assert stored(transaction, owner).language == "sv"


def test_a_language_that_is_none_is_refused(shopper: InvariantClient) -> None:
    answer = shopper.submit("/account/profile/language", extra={"language": "ru"}, language="fi")
    assert answer.status_code == 422
    assert answer.fields_in_error == ["language"]


def test_few_statements_make_the_pages(shopper: InvariantClient, app: Flask) -> None:
    for path, most in (("/account", 5), ("/account/profile", 4), ("/account/profile/history", 3)):
        with statements(app) as sent:
            shopper.get(path)
        assert len(sent) == most, (path, sent)
