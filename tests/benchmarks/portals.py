"""A portal with many orders, and the bare Flask application it is measured against."""

from __future__ import annotations

import hashlib
import random
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import insert

from config import Settings
from portal import create_app
from portal.models.account import Account
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.database import begin_write, end_write, journal_mode
from portal.models.order import Order, OrderEvent, OrderLine, Shop
from portal.models.session import CustomerSession
from portal.services.accounts.password_hashes import hash_password

LINES = 3
BATCH = 20_000
STATUSES = ("completed", "completed", "completed", "shipped", "processing", "cancelled", "refunded")
PASSWORD = "sininen polkupyörä sataa hiljaa"


@dataclass(frozen=True)
class BenchPortal:
    """A portal, its settings' environment, and one session cookie for each customer."""

    app: Flask
    environment: dict[str, str]
    cookies: list[str]
    database: Path


def environment(folder: Path, *, cost: int = 12) -> dict[str, str]:
    """Settings as an operator would set them, on SQLite below `folder`."""
    secrets = {
        f"PORTAL_{name}": hashlib.sha256(name.encode()).hexdigest()
        for name in ("SECRET_KEY", "PASSWORD_PEPPER", "ENCRYPTION_KEYS", "TOKEN_KEYS", "AUDIT_KEY")
    }
    return {
        **secrets,
        "PORTAL_ENV": "testing",
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_BCRYPT_COST": str(cost),
        "PORTAL_BASE_URL": "http://localhost",
    }


def build(
    folder: Path,
    *,
    customers: int,
    orders_each: int,
    cost: int = 12,
    buyers: int | None = None,
    url: str | None = None,
) -> BenchPortal:
    """Make a portal whose customers have `orders_each` orders of three lines each, and a session each.

    Of the customers only the first `buyers` have orders. `url` names another database than SQLite below `folder`.
    """
    values = {**environment(folder, cost=cost), **({"PORTAL_DATABASE_URL": url} if url else {})}
    buying = customers if buyers is None else buyers
    app = create_app(Settings.from_environment(values))
    with app.app_context():
        flask_migrate.upgrade()
        begin_write()
        _people(customers)
        for start in range(0, buying * orders_each, BATCH):
            _orders(range(start, min(start + BATCH, buying * orders_each)), buying)
        db.session.commit()
        end_write()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
    cookies = [f"portal_customer=token-{number}" for number in range(1, customers + 1)]
    return BenchPortal(app, values, cookies, folder / "portal.sqlite")


def bare_flask(database: Path) -> Flask:
    """The baseline: one route that runs one raw query and returns its row as text."""
    app = Flask("bare")
    opened = sqlite3.connect(database, check_same_thread=False)

    @app.get("/")
    def one_query() -> str:
        row = opened.execute("SELECT number, gross FROM orders WHERE id = ?", (1,)).fetchone()
        return f"{row[0]} {row[1]}"

    return app


def as_browser(portal: BenchPortal, number: int) -> dict[str, str]:
    """Headers of a customer's browser that has been on the page before: it brings the form cookie along."""
    headers = {"Cookie": portal.cookies[number], "Host": "localhost"}
    answer = portal.app.test_client(use_cookies=False).get("/orders", headers=headers)
    form = answer.headers["Set-Cookie"].partition(";")[0]
    return {**headers, "Cookie": f"{headers['Cookie']}; {form}"}


def sqlite_note() -> str:
    """What a figure of SQLite must be read with."""
    return f"SQLite {sqlite3.sqlite_version}, journal mode {journal_mode()}"


def _people(customers: int) -> None:
    now = datetime.now(UTC)
    password = hash_password(PASSWORD)
    db.session.execute(insert(Shop).values(id=1, code="bench", name="Bench", prefix="BE"))
    numbers = range(1, customers + 1)
    db.session.execute(insert(Customer), [_customer(number, now) for number in numbers])
    db.session.execute(insert(Account), [_account(number, now, password) for number in numbers])
    db.session.execute(insert(CustomerSession), [_session(number, now) for number in numbers])


def _customer(number: int, now: datetime) -> dict[str, object]:
    return {
        "id": number,
        "uuid": uuid.UUID(int=number),
        "first_name": "Aino",
        "last_name": f"Esimerkki{number}",
        "email": f"aino{number}@example.com",
        "email_identity": f"aino{number}@example.com",
        "language": "fi",
        "source": "order",
        "created_at": now,
        "version": 1,
    }


def _account(number: int, now: datetime, password: str) -> dict[str, object]:
    email = f"aino{number}@example.com"
    stamps = {"password_changed_at": now, "created_at": now}
    return {
        "id": number,
        "customer_id": number,
        "email": email,
        "email_identity": email,
        "password_hash": password,
        **stamps,
    }


def _session(number: int, now: datetime) -> dict[str, object]:
    return {
        "account_id": number,
        "token_hash": hashlib.sha256(f"token-{number}".encode()).digest(),
        "created_at": now,
        "last_seen_at": now,
        "authenticated_at": now,
        "address": "127.0.0.0/24",
        "device": "Bench",
    }


def _orders(numbers: range, customers: int) -> None:
    chance = random.Random(numbers.start)
    rows = [_order(number, customers, chance) for number in numbers]
    db.session.execute(insert(Order), rows)
    db.session.execute(insert(OrderLine), [line for row in rows for line in _lines(row)])
    db.session.execute(insert(OrderEvent), [_event(row) for row in rows])


def _order(number: int, customers: int, chance: random.Random) -> dict[str, object]:
    placed = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=number % 1_500_000, seconds=chance.randrange(60))
    gross = chance.randrange(500, 90_000)
    return {
        "id": number + 1,
        "shop_id": 1,
        "external_id": str(number),
        "number": f"BE-{number}",
        "customer_id": number % customers + 1,
        "status": chance.choice(STATUSES),
        "currency": "EUR",
        "placed_at": placed,
        "net": gross - gross * 255 // 1255,
        "vat": gross * 255 // 1255,
        "gross": gross,
        "first_product": "Kelluntaliivi Meri 70N, koko L",
        "line_count": LINES,
        "billing_name": "Aino Esimerkki",
        "source": "order",
        "content_digest": number.to_bytes(32, "big"),
        "imported_at": placed,
    }


def _lines(order: dict[str, object]) -> Iterator[dict[str, object]]:
    for line_no in range(1, LINES + 1):
        yield {
            "order_id": order["id"],
            "line_no": line_no,
            "sku": f"SKU-{line_no}",
            "product": "Kelluntaliivi Meri 70N, koko L",
            "product_folded": "kelluntaliivi meri 70n, koko l",
            "quantity": 1000,
            "unit_price": 100_000,
            "vat_rate": 2550,
            "net": 797,
            "vat": 203,
            "gross": 1000,
        }


def _event(order: dict[str, object]) -> dict[str, object]:
    moment = order["placed_at"]
    return {"order_id": order["id"], "event_no": 1, "status": "processing", "occurred_at": moment, "source": "order"}
