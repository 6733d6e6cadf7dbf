"""The privacy page and the pages of its parts."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy import insert, select

from portal.models.account import EmailChange
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.session import CustomerSession
from portal.rules.context import Actor
from portal.rules.register import Source
from portal.services.accounts import email_change
from portal.services.register import provenance
from tests.support import builders
from tests.support.builders import Line, MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import Transaction
from tests.support.queries import statements

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def card(page: PageResponse, category: str) -> Tag:
    (found,) = page.select(f'section[aria-labelledby="{category}"]')
    return found


def values(section: Tag) -> dict[str, str]:
    """What a card tells, by name."""
    pairs = ((row.find("dt"), row.find("dd")) for row in section.select(".summary__row, .glance > div, .facts > div"))
    return {_text(name): _text(value) for name, value in pairs}


def _text(tag: Tag | None) -> str:
    return " ".join(tag.stripped_strings) if tag else ""


def test_each_value_tells_its_source_and_each_category_why_and_how_long(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction(Actor("staff", 1), now=NOON + timedelta(days=3), source=Source.PHONE) as context:
        provenance.set_fields(context, provenance.lock(owner.customer_id), {"phone": "+358501112233", "city": None})
    contact = values(card(shopper.get("/privacy"), "contact"))
    assert contact["Phone number"] == "+358 50 111 2233 You told us by phone on 5 March 2026."
    assert contact["Street address"] == "Kuubankatu 2 You gave this when you signed up on 2 March 2026."
    assert contact["City"] == "Not given You told us by phone on 5 March 2026."
    assert contact["Country"].startswith("Finland ")
    assert contact["Language"].startswith("Finnish ")
    assert "customer care" in contact["Used for"]
    assert contact["Comes from"] == "You, when registering; you, by phone"
    assert contact["Kept"].startswith("3 years from your latest order, log-in or contact (at least until ")


def test_the_log_in_address_tells_the_sign_up_and_then_the_confirmed_change(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    def shown() -> str:
        return values(card(shopper.get("/privacy"), "account"))["E-mail address you log in with"]

    assert shown() == f"{owner.email} You gave this when you signed up on 2 March 2026."
    with transaction(now=NOON + timedelta(days=2)) as context:
        change_id = db.session.execute(
            insert(EmailChange)
            .values(
                account_id=owner.id,
                nonce=b"n" * 16,
                old_email=owner.email,
                new_email="uusi@example.com",
                new_identity="uusi@example.com",
                created_at=context.now,
                expires_at=context.now + timedelta(hours=24),
            )
            .returning(EmailChange.id)
        ).scalar_one()
        session = db.session.execute(select(CustomerSession.id)).scalars().one()
        email_change.confirm(context, change_id, keep_session=session)
    assert shown() == "uusi@example.com You changed this on 4 March 2026."


def test_a_user_name_tells_when_it_was_chosen(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction(now=NOON + timedelta(days=2)) as context:
        builders.user_name(context, owner.id, "aino.v")
    account = values(card(shopper.get("/privacy"), "account"))
    assert account["User name"] == "aino.v You chose this on 4 March 2026."


def test_secrets_are_named_with_their_reason_and_never_shown(shopper: InvariantClient, owner: MadeAccount) -> None:
    page = shopper.get("/privacy")
    account = values(card(page, "account"))
    assert account["Password, in a form that cannot be turned back"] == (
        "Not shown because it is a secret that protects your account"
    )
    assert "$2b$" not in page.get_data(as_text=True)
    log = shopper.get("/privacy/security_log/audit-event")
    assert values(card(log, "withheld")) == {
        "Who did it, as a number": "Not shown because it would reveal information about another person"
    }
    assert "Who did it, as a number" not in log.texts(".facts dt")


def test_many_rows_are_counted_with_the_latest_and_lead_to_all_of_them(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction, app: Flask
) -> None:
    with transaction(now=NOON) as context:
        for n in range(23):
            builders.order(context, owner.customer_id, external_id=str(n), placed_at=NOON - timedelta(days=n))
    with statements(app) as sent:
        page = shopper.get("/privacy")
    # Who asks, three tables of one row, the counts of all others at once, the origins of the values, what answers left
    # out, open requests.
    assert len(sent) == 8, sent
    purchase = card(page, "purchase")
    assert values(purchase)["Shipping, fees and discounts"] == "Nothing"
    assert values(purchase)["Latest entry"] == "2 March 2026"
    assert [_text(item) for item in purchase.select(".counts li")] == [
        "Orders (23)",
        "Steps of orders (23)",
        "Order lines (23)",
    ]
    assert [link["href"] for link in purchase.select(".counts a")] == [
        "/privacy/purchase/orders",
        "/privacy/purchase/order-event",
        "/privacy/purchase/order-line",
    ]


def test_only_what_the_customer_told_is_read_at_a_glance_and_nothing_twice(
    shopper: InvariantClient, owner: MadeAccount
) -> None:
    page = shopper.get("/privacy")
    (glance,) = card(page, "contact").select(".holding__what > .glance")
    assert [_text(name) for name in glance.select("dt")] == [
        *("E-mail address", "Phone number", "Street address", "Postal code", "City", "Country", "Language")
    ]
    folded = [_text(name) for name in card(page, "contact").select("details .glance dt")]
    assert "E-mail address in the form used for comparing" in folded
    assert not set(folded) & {_text(name) for name in glance.select("dt")}


def test_the_contents_lead_to_every_category_and_to_what_is_told_of_all(shopper: InvariantClient) -> None:
    page = shopper.get("/privacy")
    targets = [str(link["href"]).removeprefix("#") for link in page.select(".jumps a")]
    assert targets[:2] == ["identity", "contact"]
    assert targets[-3:] == ["purposes", "sources", "recipients"]
    assert len(targets) == len(page.select(".holding")) + 3
    for target in targets:
        assert page.select(f"#{target}"), target


def test_the_companies_that_get_data_are_named(shopper: InvariantClient) -> None:
    recipients = card(shopper.get("/privacy"), "recipients")
    assert values(recipients)["Testi Konesali Oy"].startswith(
        "Servers and backups; carrying our e-mail Processor · Finland"
    )
    assert "United Kingdom (outside the EU and the EEA)" in values(recipients)["Test Support Ltd"]
    assert "only with the safeguard" in _text(recipients)


def test_an_order_line_is_read_with_the_number_and_currency_of_its_order(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction, app: Flask
) -> None:
    with transaction(now=NOON) as context:
        lines = [Line("Kompassi Delfi 85", price=123450, quantity=2, sku="K-85"), Line("Köysi", price=100)]
        builders.order(context, owner.customer_id, external_id="7", lines=lines, placed_at=NOON)
    with statements(app) as sent:
        page = shopper.get("/privacy/purchase/order-line")
    assert len(sent) == 3, sent
    assert page.texts(".entries h2") == ["Order VK-7", "Order VK-7"]
    assert page.select(".entries h2 a")[0]["href"] == "/orders/VK-7"
    assert page.texts(".entries__head p")[0] == "2 March 2026, 14:00 · kept until 31 December 2032"
    first = page.select(".entries__item")[0]
    assert values(first) == {
        "Product code": "K-85",
        "Product": "Kompassi Delfi 85",
        "Quantity": "2",
        "Unit price": "€1,234.50",
        "VAT rate": "25.5%",
        "Price without VAT": "€1,967.33",
        "VAT": "€501.67",
        "Price with VAT": "€2,469.00",
    }


def test_the_value_before_a_change_is_written_like_the_detail_itself(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction(now=NOON, source=Source.ACCOUNT) as context:
        provenance.set_fields(context, provenance.lock(owner.customer_id), {"country": "SE"})
    page = shopper.get("/privacy/proof/provenance")
    assert page.texts(".entries h2") == ["Country"]
    assert values(page.select(".entries__item")[0])["Value before the change"] == "Finland"


def test_the_pages_of_a_part_hold_every_row_once(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction(now=NOON) as context:
        for n in range(3):
            # Lines of one order share their moment, in the middle of which pages end.
            lines = [Line(f"Tuote {n}-{line}") for line in range(15)]
            builders.order(context, owner.customer_id, lines=lines, placed_at=NOON - timedelta(days=n))
    path, products, pages = "/privacy/purchase/order-line", list[str](), 0
    while path:
        page = shopper.get(path)
        products += [values(item)["Product"] for item in page.select(".entries__item")]
        pages += 1
        older = page.select('main a[rel="next"]')
        path = str(older[0]["href"]) if older else ""
    assert products == [f"Tuote {n}-{line}" for n in range(3) for line in range(15)]
    assert pages == 3


def test_a_table_without_moments_is_walked_as_well(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    from_shops = [f"A-{n:02d}" for n in range(25)]
    with transaction(now=NOON) as context:
        shop = builders.shop(context)
        table = db.metadata.tables["customer_key"]
        rows = [{"shop_id": shop, "external_key": key, "customer_id": owner.customer_id} for key in from_shops]
        db.session.execute(table.insert(), rows)
    first = shopper.get("/privacy/identity/customer-key")
    (older,) = first.select('main a[rel="next"]')
    second = shopper.get(str(older["href"]))
    assert sorted(first.texts(".facts--values dd") + second.texts(".facts--values dd")) == from_shops
    assert first.texts(".entries h2")[0] == "Entry"


@pytest.mark.parametrize(
    "path",
    [
        "/privacy/contact/customer",  # one row at most: it stands on the page itself
        "/privacy/purchase/message",
        "/privacy/staff/staff-session",
        "/privacy/identity/registration",
        "/privacy/nothing/orders",
    ],
)
def test_what_is_no_part_is_not_there(shopper: InvariantClient, path: str) -> None:
    assert shopper.get(path).status_code == 404


def test_an_empty_part_says_so(shopper: InvariantClient) -> None:
    assert shopper.get("/privacy/messages/message").texts(".empty__title") == ["Nothing is stored"]


def test_a_source_the_catalogue_does_not_know_is_shown_as_it_is(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction(now=NOON):
        db.session.get_one(Customer, owner.customer_id).source = "fair"
    assert values(card(shopper.get("/privacy"), "contact"))["Street address"] == "Kuubankatu 2 fair, 2 March 2026"
