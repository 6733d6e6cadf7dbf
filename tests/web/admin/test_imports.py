"""An order file from the upload to the result: faults, preview, confirmed once, imported once."""

import csv
import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.order import ImportRun, Order
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.import_pages import (
    COOKIES,
    GOOD,
    PAGE,
    count,
    csrf,
    facts,
    states,
    upload,
)
from tests.support.order_files import csv_text, row
from tests.support.woocommerce_files import woo_order

TIMES = 20


def test_from_the_upload_to_the_result(
    importer: InvariantClient, work: Callable[[], None], reading: Transaction, folder: Path, events: Any
) -> None:
    address = upload(importer, GOOD)
    waiting = importer.get(f"{address}?follow=1")
    assert waiting.headers["Refresh"] == "5"
    assert "Refresh" not in importer.get(address).headers
    assert "The file is being checked." in waiting.page_text
    work()
    ready = importer.get(f"{address}?follow=1")
    assert "Refresh" not in ready.headers
    assert facts(ready)["Orders in the file"] == facts(ready)["New orders"] == facts(ready)["New customers"] == "2"
    assert ready.texts("tbody th") == ["1001", "1002"]
    assert count(reading, Order) == 0
    question = importer.get(ready.select("main a.button")[-1]["href"])
    assert question.h1 == "Import these orders?"
    assert importer.submit_form(question).location == f"{address}?follow=1"
    assert "The orders are being imported." in importer.get(address).page_text
    work()
    done = importer.get(address)
    assert "The orders were imported." in done.page_text
    assert facts(done)["New orders"] == "2"
    assert (count(reading, Order), states(reading)) == (2, ["imported"])
    assert not list(folder.iterdir())
    listed = importer.get(PAGE)
    assert "Satama" in listed.texts("tbody td.cell-wide")[0]
    assert [event.actor_kind for event in events("orders.imported")] == ["staff"]
    for action in ("orders.file_uploaded", "orders.file_checked", "orders.file_previewed", "orders.import_confirmed"):
        assert events(action), action


def test_the_sample_on_the_page_is_a_file_without_faults(
    importer: InvariantClient, work: Callable[[], None], reading: Transaction
) -> None:
    (link,) = importer.get(PAGE).select("main a[download]")
    address = upload(importer, importer.get(link["href"]).get_data())
    work()
    ready = importer.get(address)
    assert facts(ready)["Orders in the file"] == facts(ready)["New orders"] == facts(ready)["New customers"] == "2"
    assert states(reading) == ["ready"]


def test_the_second_time_nothing_changes(
    importer: InvariantClient, work: Callable[[], None], reading: Transaction
) -> None:
    first, second = upload(importer, GOOD), upload(importer, GOOD)
    work()
    for address in (first, second):
        importer.submit(f"{address}/confirm")
        work()
    again = importer.get(second)
    assert "The import is done. It had nothing to change." in again.page_text
    assert facts(again)["Orders that stay as they are"] == "2"
    assert (count(reading, Order), count(reading, ImportRun)) == (2, 1)


def test_a_file_that_changes_nothing_waits_for_no_confirmation(
    importer: InvariantClient, work: Callable[[], None], reading: Transaction, events: Any
) -> None:
    first = upload(importer, GOOD)
    work()
    assert importer.get(PAGE).texts("tbody .tag") == ["Waits for confirmation"]
    importer.submit(f"{first}/confirm")
    work()
    again = upload(importer, GOOD, shop="satama", new_shop="")
    work()
    page = importer.get(again)
    assert "Importing it would change nothing." in page.page_text
    assert page.texts("main .tag")[0] == "Nothing to import"
    assert importer.get(PAGE).texts("tbody .tag")[0] == "Nothing to import"
    assert not page.select('main a[href$="/confirm"]')
    assert importer.get(f"{again}/confirm").location == again
    # Nor does a form that was kept.
    importer.post(f"{again}/confirm", data={"csrf_token": csrf(page)})
    assert states(reading) == ["imported", "ready"]
    assert len(events("orders.import_confirmed")) == 1


@pytest.mark.security(52, "R4")
def test_every_fault_is_shown_and_can_be_downloaded(
    importer: InvariantClient, work: Callable[[], None], reading: Transaction, events: Any
) -> None:
    rows = [row(order_number=str(number), unit_price="-1,5", product="=1+1\x07") for number in range(60)]
    address = upload(importer, csv_text(rows).encode())
    work()
    page = importer.get(address)
    assert "The file has 120 faults." in page.page_text
    assert len(page.select("tbody tr")) == 100
    assert page.texts("tbody tr:first-child > *")[:3] == ["Line 2", "product", "=1+1\\x07"]
    table = importer.get(f"{address}/errors.csv", buffered=True)
    assert table.mimetype == "text/csv"
    assert table.headers["Content-Disposition"].startswith('attachment; filename="import-errors-')
    found = list(csv.reader(io.StringIO(table.get_data(as_text=True).removeprefix("\ufeff"), newline="")))
    assert len(found) == 121
    assert found[1][:4] == ["2", "0", "product", "'=1+1\\x07"]
    assert found[2][:4] == ["2", "0", "unit_price", "'-1,5"]
    assert (count(reading, Order), states(reading)) == (0, ["refused"])
    assert [event.details["count"] for event in events("orders.problems_downloaded")] == [120]
    assert importer.get(f"{address}/confirm").status_code == 303
    importer.post(f"{address}/confirm", data={"csrf_token": csrf(page)})
    assert states(reading) == ["refused"]


def test_orders_of_woocommerce_name_the_order(importer: InvariantClient, work: Callable[[], None]) -> None:
    content = json.dumps([woo_order(), woo_order(number="=7", total="1.00", refunds=[])]).encode()
    address = upload(importer, content, file_format="woocommerce")
    work()
    page = importer.get(address)
    assert page.texts("tbody tr > *") == [
        *('Order "=7" (number 2 in the file)', "total", "1.00", "The parts of the order add up to 64.63."),
    ]
    lines = importer.get(f"{address}/errors.csv", buffered=True).get_data(as_text=True).splitlines()
    assert lines[1].startswith('2,"\'=7","total","1.00",')


@pytest.mark.security("R12")
def test_confirmed_twenty_times_at_once_it_is_imported_once(
    importer: InvariantClient, new_client: NewClient, work: Callable[[], None], reading: Transaction, app: Flask
) -> None:
    address = upload(importer, GOOD)
    work()
    token = csrf(importer.get(f"{address}/confirm"))
    cookies = [importer.get_cookie(name, domain="localhost") for name in COOKIES]

    def press(_: int) -> int:
        other = new_client()
        for cookie in cookies:
            assert cookie is not None
            other.set_cookie(cookie.key, cookie.value, domain="localhost")
        return other.post(f"{address}/confirm", data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(TIMES) as pool:
        assert set(pool.map(press, range(TIMES))) == {303}
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: work(), range(4)))
    assert (count(reading, ImportRun), count(reading, Order), states(reading)) == (1, 2, ["imported"])
    with reading():
        confirmed = select(func.count()).where(AuditEvent.action == "orders.import_confirmed")
        assert db.session.scalar(confirmed) == 1


def test_what_is_imported_is_what_was_checked(
    importer: InvariantClient, work: Callable[[], None], reading: Transaction, folder: Path
) -> None:
    address = upload(importer, GOOD)
    work()
    importer.submit(f"{address}/confirm")
    (path,) = folder.glob("*/orders")
    path.write_bytes(csv_text([row(order_number="7")]).encode())
    work()
    assert (count(reading, Order), states(reading)) == (0, ["failed"])
    assert "The file could not be read to its end." in importer.get(address).page_text


def test_a_register_that_changed_meanwhile_is_noticed(
    importer: InvariantClient, work: Callable[[], None], reading: Transaction
) -> None:
    address = upload(importer, csv_text([row(order_number="7", customer_number="C9")]).encode())
    work()
    other = upload(importer, GOOD)
    work()
    for each in (other, address):
        importer.submit(f"{each}/confirm")
        work()
    # The shop is new in both files: by the first, the address belongs to another number.
    assert states(reading) == ["refused", "imported"]
    assert "another number" in importer.get(address).page_text


def test_a_worker_that_dies_leaves_the_file_to_the_next(
    importer: InvariantClient, work: Callable[[], None], reading: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = upload(importer, GOOD)
    work()
    importer.submit(f"{address}/confirm")
    with monkeypatch.context() as broken:
        broken.setattr("portal.services.imports.order_upload_queue.CLAIM", timedelta(0))
        broken.setattr("portal.services.imports.order_rows.OrderRows.add", lambda *_: 1 / 0)
        work()
    assert states(reading) == ["failed"]
    assert count(reading, Order) == 0


def test_a_thrown_away_file_is_gone(
    importer: InvariantClient, work: Callable[[], None], reading: Transaction, folder: Path
) -> None:
    address = upload(importer, GOOD)
    work()
    page = importer.get(address)
    gone = importer.follow(importer.submit_form(page, "form[action$=discard]"))
    assert "The file was thrown away." in gone.soup.get_text(" ")
    assert (states(reading), list(folder.iterdir())) == ([], [])
    assert importer.get(address).status_code == 404
