"""What Articles 15 and 20 demand of a copy, and the form in which each file keeps it."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import jsonschema
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from portal.models.base import db
from portal.models.customer import Customer
from portal.models.stored_file import StoredFile
from portal.rules.access_requests import CHECKLIST, CHOSEN, State
from portal.rules.context import Actor
from portal.rules.opening_purposes import OpeningPurpose
from portal.rules.register import Category, Origin, Purpose, Source
from portal.rules.register_labels import listed
from portal.rules.request_answers import Answers
from portal.rules.texts import TEXTS
from portal.services.data_copy import data_copies, pages
from portal.services.foundation import stored_files
from portal.services.register import customer_openings, provenance
from tests.support import access_requests, builders, copies
from tests.support.builders import Line, MadeAccount
from tests.support.copies import Archive
from tests.support.fixtures import Transaction
from tests.support.html_rules import page_problems

HOSTILE = '<script>alert("1")</script><img src=x onerror=alert(1)>&amp;'
FORMULA = '=HYPERLINK("https://evil.test","Osta")'


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction() as context:
        made = builders.account(context, first_name="Áile", source="registration")
        builders.order(context, made.customer_id, lines=(Line(FORMULA, 2, 1250), Line(HOSTILE)), shipping=590)
        employee = builders.staff(context, name="Kaisa Korhonen").id
        name = db.session.get_one(Customer, made.customer_id).uuid
        customer_openings.open_customer(
            replace(context, actor=Actor("staff", employee)), name, OpeningPurpose.CUSTOMER_CONTACT
        )
        by_phone = replace(context, actor=Actor("staff", employee), source=Source.PHONE)
        provenance.set_fields(by_phone, provenance.lock(made.customer_id), {"street": "Merikatu 1"})
    return made


@pytest.fixture
def archive(app: Flask, transaction: Transaction, owner: MadeAccount) -> Archive:
    return copies.make(app, transaction, owner.customer_id)


def test_the_json_is_as_its_published_schema_says(archive: Archive) -> None:
    schema = json.loads(archive.members["schemas/data-copy-1.json"])
    checker = jsonschema.Draft202012Validator
    checker.check_schema(schema)
    checker(schema, format_checker=checker.FORMAT_CHECKER).validate(archive.data)
    broken = json.loads(archive.members["data.json"])
    broken["tables"][0]["columns"][0]["origin"] = "guessed"
    assert not checker(schema).is_valid(broken)


def test_the_schema_is_served_where_the_copy_says(app: Flask, archive: Archive) -> None:
    base = app.config["PORTAL_BASE_URL"]
    assert archive.data["$schema"] == f"{base}/static/schemas/data-copy-1.json"
    answer = app.test_client().get("/static/schemas/data-copy-1.json", base_url=base)
    assert answer.status_code == 200
    assert answer.data == archive.members["schemas/data-copy-1.json"]
    answer.close()


def test_every_column_tells_what_article_15_asks(archive: Archive) -> None:
    codes = {kind: {item["code"] for item in archive.data[kind]} for kind in ("purposes", "sources", "retention")}
    for table in archive.data["tables"]:
        for column in table["columns"]:
            if "tells_the_row_apart" in column:
                continue
            assert column["origin"] in list(Origin)
            assert column["purposes"]
            assert set(column["purposes"]) <= codes["purposes"]
            assert column["legal_bases"]
            assert column["sources"]
            assert set(column["sources"]) <= codes["sources"]
            assert column["retention"] in codes["retention"]
    assert {item["code"] for item in archive.data["purposes"]} == set(Purpose)
    portable = {item["code"]: item["portable"] for item in archive.data["origins"]}
    assert portable == {"provided": True, "observed": True, "derived": False}


def test_the_rest_of_article_15_is_there(archive: Archive, app: Flask) -> None:
    data, controller = archive.data, app.config["PORTAL_CONTROLLER"]
    assert data["controller"]["name"] == controller.name
    assert data["controller"]["register_name"] == controller.register(data["language"])
    assert data["complaint"]["url"] == "https://tietosuoja.fi/"
    page = BeautifulSoup(archive.members["index.html"], "html5lib").get_text(" ")
    told = (controller.name, controller.email, *data["rights"], *data["recipients"], data["transfers"])
    for sentence in (*told, data["automated_decisions"], data["using_rights"], "tietosuoja.fi"):
        assert sentence in page
    for kind in ("purposes", "categories"):
        assert all(item["name"] in page for item in data[kind])


def test_the_recipients_are_named_with_country_and_safeguard(archive: Archive) -> None:
    host, abroad = archive.data["named_recipients"]
    assert (host["name"], host["role"], host["country"]) == ("Testi Konesali Oy", "processor", "FI")
    assert (abroad["name"], abroad["country"], abroad["safeguard"]) == ("Test Support Ltd", "GB", "adequacy")
    page = " ".join(BeautifulSoup(archive.members["index.html"], "html5lib").get_text(" ").split())
    for item in (host, abroad):
        for words in filter(None, item["described"].values()):
            assert words in page


def test_the_look_up_log_tells_time_and_purpose_and_no_name(archive: Archive) -> None:
    (opening,) = archive.rows("customer_opening")
    assert set(opening) == {"purpose", "role", "opened_at"}
    assert opening["purpose"] == OpeningPurpose.CUSTOMER_CONTACT
    assert not [name for name, content in archive.members.items() if b"Korhonen" in content]


def test_each_changed_value_has_its_own_source(archive: Archive) -> None:
    (customer,) = [table for table in archive.data["tables"] if table["name"] == "customer"]
    values = {item["key"]: item for item in customer["values"]}
    assert (values["street"]["source"], values["street"]["origin"]) == ("phone", "provided")
    # What never changed came as its record did, and what is worked out from others stays that.
    assert (values["first_name"]["source"], values["first_name"]["origin"]) == ("registration", "provided")
    assert values["email_identity"]["origin"] == "derived"
    assert "Merikatu 1" in archive.members["index.html"].decode()


def facts_of(archive: Archive, category: str) -> dict[str, str]:
    """What the first page says of a category."""
    page = BeautifulSoup(archive.members["index.html"], "html5lib")
    (section,) = page.select(f"section:has(> #{category})")
    return {
        row.select("dt")[0].get_text(strip=True): row.select("dd")[0].get_text(strip=True)
        for row in section.select(".facts > div")
    }


def test_the_page_and_the_json_tell_the_same_of_each_category(archive: Archive) -> None:
    kinds = {"purposes": "Käyttötarkoitus", "sources": "Tietolähde", "retention": "Säilytysaika"}
    named = {kind: {item["code"]: item["name"] for item in archive.data[kind]} for kind in kinds}
    for category in archive.data["categories"]:
        shown = facts_of(archive, category["code"])
        for kind, called in kinds.items():
            assert shown[called] == listed(named[kind][code] for code in category[kind])


def test_each_category_names_only_those_who_get_it(archive: Archive) -> None:
    alone = "Vain omat työntekijämme, joiden työ sitä vaatii"
    assert facts_of(archive, "interests")["Kuka saa tiedot"] == alone
    for category in archive.data["categories"]:
        named = facts_of(archive, category["code"])["Kuka saa tiedot"]
        for company in archive.data["named_recipients"]:
            assert (company["name"] in named) == bool(set(company["purposes"]) & set(category["purposes"]))


@pytest.mark.parametrize(("source", "came"), [("registration", "provided"), ("controller", "derived")])
def test_a_category_came_to_be_as_its_values_did(app: Flask, transaction: Transaction, source: str, came: str) -> None:
    with transaction() as context:
        made = builders.account(context, source=source)
    archive = copies.make(app, transaction, made.customer_id)
    (customer,) = [table for table in archive.data["tables"] if table["name"] == "customer"]
    assert {item["origin"] for item in customer["values"] if item["key"] == "first_name"} == {came}
    told = facts_of(archive, "identity")["Miten tiedot ovat syntyneet"]
    # What the search index makes of the names is derived in any case.
    assert ("itse antamasi" in told, "syntyneet tai päätellyt" in told) == (came == "provided", True)


@pytest.mark.security(52)
def test_numbers_are_exact_and_texts_are_no_formulas(archive: Archive) -> None:
    lines = {row["product"]: row for row in archive.rows("order_line")}
    assert (lines[FORMULA]["quantity"], lines[FORMULA]["unit_price"]) == ("2.000", "12.5000")
    assert (lines[FORMULA]["gross"], lines[FORMULA]["vat_rate"]) == ("25.00", "25.50")
    text = archive.members["csv/order_line.csv"].decode("utf-8-sig")
    rows = {row["product"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert set(rows) == {"'" + FORMULA, HOSTILE}
    assert rows["'" + FORMULA]["gross"] == "25.00"
    # A number stands bare, a text in quotation marks, and lines end as RFC 4180 says.
    assert ",25.00\r\n" in text
    assert "\n" not in text.replace("\r\n", "")


@pytest.mark.security(42)
def test_the_pages_need_nothing_but_themselves(archive: Archive) -> None:
    for name, content in archive.members.items():
        if not name.endswith(".html"):
            continue
        soup = BeautifulSoup(content, "html5lib")
        assert not soup.select("script, img, iframe, object, link, form, [onerror], [style], base")
        assert not soup.select("[src], [srcset]")
        assert not re.search(r"url\(|@import", str(soup.style))
        assert "default-src 'none'" in str(soup.select_one("meta[http-equiv=Content-Security-Policy]"))
        # Without a server there is no file of styles; the page's own policy allows nothing but them.
        problems = page_problems(content.decode().replace('"http://', '"https://'), "fi")
        assert problems == ["<style> is inline"]
        outside = {str(link["href"]) for link in soup.select("a[href*='://']")}
        assert all(link.startswith(("https://tietosuoja.fi/", "http://localhost")) for link in outside)


@pytest.mark.parametrize("rows", [5, 6, 20, 21])
def test_many_rows_go_on_pages_that_lead_on(
    app: Flask, transaction: Transaction, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(pages, "MOST_INSIDE", 5)
    monkeypatch.setattr(pages, "ROWS_A_PAGE", 10)
    with transaction() as context:
        customer_id = builders.account(context).customer_id
        numbers = [builders.order(context, customer_id, note=HOSTILE).number for _ in range(rows)]
    archive = copies.make(app, transaction, customer_id, "en")
    index = BeautifulSoup(archive.members["index.html"], "html5lib")
    if rows <= pages.MOST_INSIDE:
        assert not [name for name in archive.members if name.startswith("pages/")]
        assert [tag.get_text() for tag in index.select("#purchase ~ .entry h4, section .entry h4")].count(
            f"Order {numbers[0]}"
        ) == 2
        return
    (first,) = index.select("a[href='pages/purchase-orders-1.html']")
    assert f"({rows})" in first.get_text()
    seen, name = [], "purchase-orders-1.html"
    while name:
        soup = BeautifulSoup(archive.members[f"pages/{name}"], "html5lib")
        seen += [tag.get_text().removeprefix("Order ") for tag in soup.select(".entry h2")]
        assert not soup.select("script, img")
        after = soup.select_one("a[rel=next]")
        name = str(after["href"]) if after else ""
    assert seen == numbers[::-1]


def test_no_cell_is_a_bare_code(app: Flask, transaction: Transaction, owner: MadeAccount) -> None:
    with transaction() as context:
        employee = builders.staff(context, "privacy").id
        request = access_requests.ask(context, owner.customer_id)
        access_requests.lead_to(context, request, employee, State.IN_PROGRESS, State.ANSWERED)
    archive = copies.make(app, transaction, owner.customer_id)
    assert {row["source"] for row in archive.rows("access_request_check")} == set(CHECKLIST)
    codes = {code.rpartition(".")[2] for code in TEXTS if not code[-1].isdigit()} | set(CHECKLIST)
    pages = [BeautifulSoup(content, "html5lib") for name, content in archive.members.items() if name.endswith(".html")]
    cells = {cell.get_text(strip=True) for page in pages for cell in page.select("td, dd")}
    assert "Sähköpostilaatikot" in cells
    assert not cells & codes


def test_a_request_for_some_categories_gets_those_alone(
    app: Flask, transaction: Transaction, owner: MadeAccount
) -> None:
    with transaction() as context:
        chosen = (Category.CONTACT, Category.ORDER_ADDRESS)
        request = access_requests.ask(context, owner.customer_id, Answers(scope=CHOSEN, categories=chosen))
        data_copies.ask(context, owner.customer_id, language="en", request_id=request.id)
    copies.run(app)
    with transaction() as context:
        found = stored_files.find(context, only_file(), customer_id=owner.customer_id)
        archive = Archive.of(found.name, found.path.read_bytes())
    assert archive.data["scope"] == {"kind": "chosen", "categories": [*chosen], "request": request.reference}
    categories = {item.get("category") for table in archive.data["tables"] for item in table["columns"]}
    assert categories == {*chosen, None}
    # The number of the order tells the address apart, though it belongs to another category.
    assert {"number", "billing_city"} <= set(archive.rows("orders")[0])
    assert not {"gross", "status"} & set(archive.rows("orders")[0])
    page = BeautifulSoup(archive.members["index.html"], "html5lib").get_text(" ")
    assert request.reference in page
    assert "You asked for: Contact details, Billing and delivery addresses of orders." in page


def only_file() -> int:
    """The row number of the one file there is."""
    return db.session.execute(select(StoredFile.id).where(StoredFile.kind == "data_copy")).scalar_one()


def test_the_same_register_makes_the_same_order(app: Flask, transaction: Transaction, owner: MadeAccount) -> None:
    first = copies.make(app, transaction, owner.customer_id)
    second = copies.make(app, transaction, owner.customer_id)
    assert list(first.members) == list(second.members)
    assert first.rows("order_line") == second.rows("order_line")
    assert first.rows("orders") == second.rows("orders")


@pytest.mark.security(57)
def test_the_name_of_the_archive_is_ours(app: Flask, transaction: Transaction, owner: MadeAccount) -> None:
    archive = copies.make(app, transaction, owner.customer_id)
    with transaction():
        short = db.session.get_one(Customer, owner.customer_id).uuid.hex[:8]
    assert re.fullmatch(rf"tiedot-{short}-20\d\d-\d\d-\d\d\.zip", archive.name)
    for language, word in (("sv", "uppgifter"), ("en", "data")):
        assert copies.make(app, transaction, owner.customer_id, language).name.startswith(f"{word}-{short}-")
    for name in archive.members:
        assert re.fullmatch(r"([a-z]+/)?[a-z0-9_-]+\.(html|json|csv)", name)
    assert datetime.fromisoformat(archive.data["created_at"]).tzinfo == UTC
