"""What may be uploaded: content, size, completeness, and how long it stays."""

import io
import os
import socket
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from portal.jobs import purge
from portal.models.base import db
from portal.models.order_upload import OrderUpload
from portal.services.imports import order_upload_files, order_uploads
from portal.web.boundary import LARGER_BODIES, LARGEST_BODY
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import Transaction
from tests.support.import_pages import (
    COOKIES,
    FIELDS,
    GOOD,
    MULTIPART,
    PAGE,
    csrf,
    multipart,
    send,
    states,
    upload,
)
from tests.web.admin.conftest import Employee

# Werkzeug leaves the half file of a form that was cut to the garbage collector, which closes it at once.
LEFT_TO_COLLECTOR = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def test_a_file_goes_after_a_day(
    app: Flask, importer: InvariantClient, reading: Transaction, transaction: Transaction, folder: Path
) -> None:
    upload(importer, GOOD)
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
    importer: InvariantClient, reading: Transaction, folder: Path, content: bytes, fields: dict[str, Any], wrong: str
) -> None:
    page = send(importer, content, **fields)
    assert page.status_code == 422
    assert page.fields_in_error[:1] == [wrong]
    assert (states(reading), list(folder.iterdir()) if folder.is_dir() else []) == ([], [])
    if wrong == "orders_file":
        # What was chosen beside the file is kept.
        assert page.select("input[name=new_shop]")[0]["value"] == "Satama"


def test_everything_missing_is_named_at_once(importer: InvariantClient) -> None:
    page = importer.submit(PAGE)
    assert page.status_code == 422
    assert page.fields_in_error == ["new_shop", "file_format", "orders_file"]


@pytest.mark.security(54, 58)
def test_a_file_that_is_too_large_is_refused(
    importer: InvariantClient, reading: Transaction, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_upload_files, "MAX_FILE", 1_500_000)
    monkeypatch.setitem(LARGER_BODIES, "admin.imports", 1_600_000)

    def post(content: bytes) -> PageResponse:
        parts = {"csrf_token": csrf(importer.get(PAGE)), **FIELDS}
        return importer.post(PAGE, data=multipart(parts, content), content_type=MULTIPART)

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
    importer: InvariantClient, reading: Transaction, missing: int
) -> None:
    body = multipart({"csrf_token": csrf(importer.get(PAGE)), **FIELDS}, GOOD)

    def post(content: bytes, length: int) -> int:
        stream = io.BytesIO(content)
        said = {"CONTENT_LENGTH": str(length)}
        return importer.post(PAGE, input_stream=stream, content_type=MULTIPART, environ_overrides=said).status_code

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
    importer: InvariantClient, reading: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_uploads, "MOST_WAITING", 1)
    upload(importer, GOOD)
    page = send(importer, GOOD)
    assert (page.status_code, page.fields_in_error) == (422, ["orders_file"])
    assert len(states(reading)) == 1
