"""Importing an order file in the browser: upload, faults, preview, confirm once, result."""

import csv
import io
import json
import os
import shutil
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.jobs import imports as worker
from portal.jobs import purge
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.order import ImportRun, Order
from portal.models.order_upload import OrderUpload
from portal.services import order_upload_files, order_uploads
from portal.web.boundary import LARGER_BODIES, LARGEST_BODY
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import NewClient, Transaction
from tests.support.order_files import csv_text, row
from tests.support.woocommerce_files import woo_order
from tests.web.admin.conftest import Employee

PAGE = "/admin/imports"
GOOD = csv_text([row(), row(order_number="1002", customer_number="C2", email="onni@example.com")]).encode()
TIMES = 20
FIELDS = {"shop": "+", "new_shop": "Satama", "file_format": "csv"}
COOKIES = ("portal_staff", "portal_form")
# Werkzeug leaves the half file of a form that was cut to the garbage collector, which closes it at once.
LEFT_TO_COLLECTOR = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
MULTIPART = "multipart/form-data; boundary=edge"


@pytest.fixture
def browser(employee: Employee) -> InvariantClient:
    found, _ = employee("orders")
    found.set_cookie("portal_language", "en", domain="localhost")
    return found


@pytest.fixture
def work(app: Flask) -> Callable[[], None]:
    """What the worker does when it is woken."""

    def run() -> None:
        with app.app_context():
            worker.run()

    return run


@pytest.fixture
def folder(app: Flask) -> Path:
    """Where uploads wait; empty at the beginning."""
    path = Path(app.config["PORTAL_DATA_DIR"]) / order_upload_files.FOLDER
    shutil.rmtree(path, ignore_errors=True)
    return path


def send(browser: InvariantClient, content: bytes, **fields: Any) -> PageResponse:
    """Send a file in the form."""
    filled = {**FIELDS, **fields}
    return browser.submit(PAGE, orders_file=(io.BytesIO(content), "../../etc/passwd.csv"), **filled)


def multipart(parts: dict[str, str], content: bytes) -> bytes:
    """The body of a form as a browser sends it."""
    head = "".join(
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in parts.items()
    )
    file = '--edge\r\nContent-Disposition: form-data; name="orders_file"; filename="orders.csv"\r\n\r\n'
    return (head + file).encode() + content + b"\r\n--edge--\r\n"


def upload(browser: InvariantClient, content: bytes, **fields: Any) -> str:
    """Send a file; returns the address of its page."""
    answer = send(browser, content, **fields)
    assert answer.status_code == 303, answer.error_summary
    return str(answer.location).partition("?")[0]


def count(reading: Transaction, model: Any) -> int:
    with reading():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def states(reading: Transaction) -> list[str]:
    with reading():
        return list(db.session.scalars(select(OrderUpload.state).order_by(OrderUpload.id)))


def facts(page: PageResponse) -> dict[str, str]:
    return dict(zip(page.texts(".summary dt"), page.texts(".summary dd.summary__value"), strict=True))


def test_from_the_upload_to_the_result(
    browser: InvariantClient, work: Callable[[], None], reading: Transaction, folder: Path, events: Any
) -> None:
    address = upload(browser, GOOD)
    waiting = browser.get(f"{address}?follow=1")
    assert waiting.headers["Refresh"] == "5"
    assert "Refresh" not in browser.get(address).headers
    assert "The file is being checked." in waiting.page_text
    work()
    ready = browser.get(f"{address}?follow=1")
    assert "Refresh" not in ready.headers
    assert facts(ready)["Orders in the file"] == facts(ready)["New orders"] == facts(ready)["New customers"] == "2"
    assert ready.texts("tbody th") == ["1001", "1002"]
    assert count(reading, Order) == 0
    question = browser.get(ready.select("main a.button")[-1]["href"])
    assert question.h1 == "Import these orders?"
    assert browser.submit_form(question).location == f"{address}?follow=1"
    assert "The orders are being imported." in browser.get(address).page_text
    work()
    done = browser.get(address)
    assert "The orders were imported." in done.page_text
    assert facts(done)["New orders"] == "2"
    assert (count(reading, Order), states(reading)) == (2, ["imported"])
    assert not list(folder.iterdir())
    listed = browser.get(PAGE)
    assert "Satama" in listed.texts("tbody td.cell-wide")[0]
    assert [event.actor_kind for event in events("orders.imported")] == ["staff"]
    for action in ("file_uploaded", "file_checked", "file_previewed", "import_confirmed"):
        assert events(f"orders.{action}"), action


def test_the_second_time_nothing_changes(
    browser: InvariantClient, work: Callable[[], None], reading: Transaction
) -> None:
    for shop in ({}, {"shop": "satama", "new_shop": ""}):
        address = upload(browser, GOOD, **shop)
        work()
        browser.submit(f"{address}/confirm")
        work()
    again = browser.get(address)
    assert "The import is done. It had nothing to change." in again.page_text
    assert facts(again)["Orders that stay as they are"] == "2"
    assert (count(reading, Order), count(reading, ImportRun)) == (2, 1)


@pytest.mark.security(52, "R4")
def test_every_fault_is_shown_and_can_be_downloaded(
    browser: InvariantClient, work: Callable[[], None], reading: Transaction, events: Any
) -> None:
    rows = [row(order_number=str(number), unit_price="-1,5", product="=1+1\x07") for number in range(60)]
    address = upload(browser, csv_text(rows).encode())
    work()
    page = browser.get(address)
    assert "The file has 120 faults." in page.page_text
    assert len(page.select("tbody tr")) == 100
    assert page.texts("tbody tr:first-child > *")[:3] == ["Line 2", "product", "=1+1\\x07"]
    table = browser.get(f"{address}/errors.csv", buffered=True)
    assert table.mimetype == "text/csv"
    assert table.headers["Content-Disposition"].startswith('attachment; filename="import-errors-')
    found = list(csv.reader(io.StringIO(table.get_data(as_text=True).removeprefix("\ufeff"), newline="")))
    assert len(found) == 121
    assert found[1][:4] == ["2", "", "product", "'=1+1\\x07"]
    assert found[2][:4] == ["2", "", "unit_price", "'-1,5"]
    assert (count(reading, Order), states(reading)) == (0, ["refused"])
    assert [event.details["count"] for event in events("orders.problems_downloaded")] == [120]
    assert browser.get(f"{address}/confirm").status_code == 303
    browser.post(f"{address}/confirm", data={"csrf_token": csrf(page)})
    assert states(reading) == ["refused"]


def csrf(page: PageResponse) -> str:
    return str(page.select("input[name=csrf_token]")[0]["value"])


def test_orders_of_woocommerce_name_the_order(browser: InvariantClient, work: Callable[[], None]) -> None:
    content = json.dumps([woo_order(), woo_order(number="=7", total="1.00", refunds=[])]).encode()
    address = upload(browser, content, file_format="woocommerce")
    work()
    page = browser.get(address)
    assert page.texts("tbody tr > *") == [
        *('Order "=7" (number 2 in the file)', "total", "1.00", "The parts of the order add up to 64.63."),
    ]
    lines = browser.get(f"{address}/errors.csv", buffered=True).get_data(as_text=True).splitlines()
    assert lines[1].startswith('2,"\'=7","total","1.00",')


@pytest.mark.security("R12")
def test_confirmed_twenty_times_at_once_it_is_imported_once(
    browser: InvariantClient, new_client: NewClient, work: Callable[[], None], reading: Transaction, app: Flask
) -> None:
    address = upload(browser, GOOD)
    work()
    token = csrf(browser.get(f"{address}/confirm"))
    cookies = [browser.get_cookie(name, domain="localhost") for name in COOKIES]

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
    browser: InvariantClient, work: Callable[[], None], reading: Transaction, folder: Path
) -> None:
    address = upload(browser, GOOD)
    work()
    browser.submit(f"{address}/confirm")
    (path,) = folder.glob("*/orders")
    path.write_bytes(csv_text([row(order_number="7")]).encode())
    work()
    assert (count(reading, Order), states(reading)) == (0, ["failed"])
    assert "The file could not be read to its end." in browser.get(address).page_text


def test_a_register_that_changed_meanwhile_is_noticed(
    browser: InvariantClient, work: Callable[[], None], reading: Transaction
) -> None:
    address = upload(browser, csv_text([row(order_number="7", customer_number="C9")]).encode())
    work()
    other = upload(browser, GOOD)
    work()
    for each in (other, address):
        browser.submit(f"{each}/confirm")
        work()
    # The shop is new in both files: by the first, the address belongs to another number.
    assert states(reading) == ["refused", "imported"]
    assert "another number" in browser.get(address).page_text


def test_a_worker_that_dies_leaves_the_file_to_the_next(
    browser: InvariantClient, work: Callable[[], None], reading: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = upload(browser, GOOD)
    work()
    browser.submit(f"{address}/confirm")
    with monkeypatch.context() as broken:
        broken.setattr("portal.services.order_upload_queue.CLAIM", timedelta(0))
        broken.setattr("portal.services.imports.order_rows.OrderRows.add", lambda *_: 1 / 0)
        work()
    assert states(reading) == ["failed"]
    assert count(reading, Order) == 0


def test_a_thrown_away_file_is_gone(
    browser: InvariantClient, work: Callable[[], None], reading: Transaction, folder: Path
) -> None:
    address = upload(browser, GOOD)
    work()
    page = browser.get(address)
    gone = browser.follow(browser.submit_form(page, "form[action$=discard]"))
    assert "The file was thrown away." in gone.soup.get_text(" ")
    assert (states(reading), list(folder.iterdir())) == ([], [])
    assert browser.get(address).status_code == 404


def test_a_file_goes_after_a_day(
    app: Flask, browser: InvariantClient, reading: Transaction, transaction: Transaction, folder: Path
) -> None:
    upload(browser, GOOD)
    with transaction() as context:
        upload_row = db.session.scalars(select(OrderUpload)).one()
        upload_row.created_at = context.now - order_uploads.LIFETIME - timedelta(minutes=1)
    with transaction() as context:
        assert order_uploads.purge(context) == 1
    with transaction() as context:
        # A request may still be writing its row.
        assert order_uploads.sweep(context) == 0
    with app.app_context():
        purge.run()
    (left,) = folder.iterdir()
    long_ago = left.stat().st_mtime - 7200
    os.utime(left, (long_ago, long_ago))
    with transaction() as context:
        assert order_uploads.sweep(context) == 1
    assert not list(folder.iterdir())


@pytest.mark.security(53, 54, 57)
@pytest.mark.parametrize(
    ("content", "fields", "wrong"),
    [
        (b"", {}, "orders_file"),
        (b"\xef\xbb\xbf \n", {}, "orders_file"),
        (b"PK\x03\x04" + b"x" * 400, {}, "orders_file"),
        (b"\x1f\x8b" + b"x" * 400, {}, "orders_file"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 400, {}, "orders_file"),
        (b"x" * 257 + b"ustar" + b"x" * 99, {}, "orders_file"),
        (b"order_number\x00,", {}, "orders_file"),
        (b'[{"id": 1}]', {}, "orders_file"),
        (GOOD, {"file_format": "woocommerce"}, "orders_file"),
        (GOOD, {"extra": {"shop": "?"}}, "shop"),
        (GOOD, {"new_shop": "123"}, "new_shop"),
        (GOOD, {"new_shop": "x" * 101}, "new_shop"),
        (GOOD, {"extra": {"file_format": "xlsx"}}, "file_format"),
    ],
)
def test_what_cannot_be_meant_is_said_at_once(
    browser: InvariantClient, reading: Transaction, folder: Path, content: bytes, fields: dict[str, Any], wrong: str
) -> None:
    page = send(browser, content, **fields)
    assert page.status_code == 422
    assert page.fields_in_error[:1] == [wrong]
    assert (states(reading), list(folder.iterdir()) if folder.is_dir() else []) == ([], [])
    if wrong == "orders_file":
        # What was chosen beside the file is kept.
        assert page.select("input[name=new_shop]")[0]["value"] == "Satama"


def test_everything_missing_is_named_at_once(browser: InvariantClient) -> None:
    page = browser.submit(PAGE)
    assert page.status_code == 422
    assert page.fields_in_error == ["new_shop", "file_format", "orders_file"]


@pytest.mark.security(54, 58)
def test_a_file_that_is_too_large_is_refused(
    browser: InvariantClient, reading: Transaction, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_upload_files, "MAX_FILE", 1_500_000)
    monkeypatch.setitem(LARGER_BODIES, "admin.imports", 1_600_000)

    def post(content: bytes) -> PageResponse:
        parts = {"csrf_token": csrf(browser.get(PAGE)), **FIELDS}
        return browser.post(PAGE, data=multipart(parts, content), content_type=MULTIPART)

    page = post(GOOD + b"x" * 1_500_000)
    assert (page.status_code, page.fields_in_error) == (422, ["orders_file"])
    assert post(GOOD + b"x" * 1_600_000).status_code == 413
    assert (states(reading), list(folder.iterdir()) if folder.is_dir() else []) == ([], [])
    assert post(GOOD + b"\n" * (LARGEST_BODY + 1)).status_code == 303


@pytest.mark.security(58)
def test_only_who_may_import_may_send_much(employee: Employee, client: InvariantClient, reading: Transaction) -> None:
    outsider, _ = employee("customer_care")
    body = multipart({}, b"x" * LARGEST_BODY)
    for browser in (outsider, client):
        assert browser.post(PAGE, data=body, content_type=MULTIPART).status_code == 413
    assert states(reading) == []


@pytest.mark.security("R5")
@LEFT_TO_COLLECTOR
@pytest.mark.parametrize("missing", [1, 200, len(GOOD)])
def test_a_cut_upload_is_never_taken_for_a_whole_one(
    browser: InvariantClient, reading: Transaction, missing: int
) -> None:
    body = multipart({"csrf_token": csrf(browser.get(PAGE)), **FIELDS}, GOOD)

    def post(content: bytes, length: int) -> int:
        stream = io.BytesIO(content)
        said = {"CONTENT_LENGTH": str(length)}
        return browser.post(PAGE, input_stream=stream, content_type=MULTIPART, environ_overrides=said).status_code

    cut = body[:-missing]
    assert post(cut, len(body)) == 400
    if missing > 1:
        # Also where the length says nothing of what is missing.
        assert post(cut, len(cut)) == 400
    assert states(reading) == []
    assert post(body, len(body)) == 303


@pytest.mark.security("R5")
@LEFT_TO_COLLECTOR
def test_a_connection_that_breaks_leaves_nothing(
    live_server: str, employee: Employee, reading: Transaction, folder: Path
) -> None:
    browser, _ = employee("orders")
    cookies = [browser.get_cookie(name, domain="localhost") for name in COOKIES]
    body = multipart({"csrf_token": csrf(browser.get(PAGE)), **FIELDS}, GOOD * 300)
    split = urlsplit(live_server)
    assert split.hostname
    head = [
        f"POST {PAGE} HTTP/1.1",
        f"Host: {split.netloc}",
        f"Content-Type: {MULTIPART}",
        f"Content-Length: {len(body)}",
        "Cookie: " + "; ".join(f"{cookie.key}={cookie.value}" for cookie in cookies if cookie),
    ]
    with socket.create_connection((split.hostname, split.port or 80), timeout=30) as connection:
        connection.sendall("\r\n".join([*head, "", ""]).encode() + body[:-500])
        connection.shutdown(socket.SHUT_WR)
        # It ends without an answer, or with one that refuses.
        assert b" 303 " not in connection.recv(1000).partition(b"\r\n")[0]
    assert (states(reading), list(folder.iterdir()) if folder.is_dir() else []) == ([], [])


def test_too_many_files_at_once_are_refused(
    browser: InvariantClient, reading: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_uploads, "MOST_WAITING", 1)
    upload(browser, GOOD)
    page = send(browser, GOOD)
    assert (page.status_code, page.fields_in_error) == (422, ["orders_file"])
    assert len(states(reading)) == 1
