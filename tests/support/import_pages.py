"""Sending order files to the pages of imports, and what is there afterwards."""

import io
from typing import Any

from sqlalchemy import func, select

from portal.models.base import db
from portal.models.order_upload import OrderUpload
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import Transaction
from tests.support.order_files import csv_text, row

PAGE = "/admin/imports"
GOOD = csv_text([row(), row(order_number="1002", customer_number="C2", email="onni@example.com")]).encode()
FIELDS = {"shop": "+", "new_shop": "Satama", "file_format": "csv"}
COOKIES = ("portal_staff", "portal_form")
MULTIPART = "multipart/form-data; boundary=edge"


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


def csrf(page: PageResponse) -> str:
    return str(page.select("input[name=csrf_token]")[0]["value"])
