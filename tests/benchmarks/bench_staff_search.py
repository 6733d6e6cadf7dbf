"""PERFORMANCE row 5: a search over many customers, the whole page, against LIKE and COUNT in the same run."""

from __future__ import annotations

import argparse
import hashlib
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import insert, text

from config import Settings
from portal import create_app
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.session import StaffSession
from portal.models.staff import Staff, StaffSearch
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.rules.search_terms import fragments, like_pattern
from portal.services.register import customer_search_index
from portal.services.unit_of_work import unit_of_work
from tests.benchmarks.measure import percentile, report
from tests.benchmarks.portals import environment, sqlite_note

FIRST = [
    "Aino",
    "Eero",
    "Máret",
    "Åke",
    "Helmi",
    "Veikko",
    "Sanna",
    "Onni",
    "Kaisa",
    "Pekka",
    "Liisa",
    "Juhani",
    "Elina",
    "Mikael",
    "Ritva",
    "Östen",
]
LAST = [
    "Virtanen",
    "Korhonen",
    "Mäkinen",
    "Nieminen",
    "Näkkäläjärvi",
    "Öst",
    "Heikkinen",
    "Laine",
    "Salo",
    "Lindqvist",
    "Ahonen",
    "Rantala",
]
# Rare and common ones, whole and cut words, numbers, and fragments under three characters.
TERMS = (
    "virtanen123456",
    "korho",
    "nen",
    "makinen77",
    "aino virtanen9999",
    "0405004321",
    "+358 40 500 0",
    "asiakas654321@",
    "example.com",
    "C-0123",
    "nak",
    "å",
    "vi",
    "zq",
    "ei ketään",
    "önst",
)
BATCH = 50_000
ROUNDS = 5
COOKIE = "portal_staff=bench"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    customers = parser.parse_args().customers
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings.from_environment(environment(Path(folder), cost=4)))
        with app.app_context():
            flask_migrate.upgrade()
        built = _build(app, customers)
        pages: list[float] = []
        plain: list[float] = []
        for term in TERMS * ROUNDS:
            pages.append(_timed(_page(app, term)))
            # The baseline takes seconds, so each term is measured with it once.
            if len(plain) < len(TERMS):
                plain.append(_timed(_like(app, term)))
    page, baseline = statistics.median(pages), statistics.median(plain)
    slowest = max(statistics.median(pages[index :: len(TERMS)]) for index in range(len(TERMS)))
    report(
        f"staff search, {customers:,} customers, whole page",
        f"{page * 1000:.1f} ms median, {slowest * 1000:.1f} ms for the slowest term, p95 "
        f"{percentile(pages, 0.95) * 1000:.1f} ms, {baseline / page:.0f} x faster",
        reach="<= 25 ms and >= 25 x, stretch 150 x",
        baseline=f"{baseline * 1000:.0f} ms with LIKE and COUNT",
        note=f"index built at {built:,.0f} customers/s; {sqlite_note()}",
    )


def _build(app: Flask, customers: int) -> float:
    """Fill the register; returns how many customers a second the index took."""
    chance, seconds = random.Random(5), 0.0
    for start in range(1, customers + 1, BATCH):
        numbers = range(start, min(start + BATCH, customers + 1))
        context = _context(Actor("command"))
        with app.app_context(), unit_of_work(context):
            db.session.execute(insert(Customer), [_customer(number, chance) for number in numbers])
            before = time.perf_counter()
            customer_search_index.refresh(context, numbers)
            seconds += time.perf_counter() - before
    with app.app_context(), unit_of_work(_context(Actor("command"))) as context:
        values = {"email": "e@example.com", "email_identity": "e@example.com", "name": "E", "role": "customer_care"}
        db.session.execute(insert(Staff).values(id=1, totp_last_step=0, created_at=context.now, **values))
        db.session.execute(insert(StaffSession).values(_session(context.now)))
        for number, term in enumerate(TERMS):
            row = {"key": f"key{number}", "staff_id": 1, "kind": "customers", "term": term, "created_at": context.now}
            db.session.execute(insert(StaffSearch).values(row))
    return customers / seconds


def _page(app: Flask, term: str) -> Callable[[], None]:
    client, address = app.test_client(use_cookies=False), f"/admin/customers?key=key{TERMS.index(term)}"

    def request() -> None:
        answer = client.get(address, headers={"Cookie": COOKIE, "Host": "localhost"})
        if answer.status_code != 200:
            raise RuntimeError(f"the search is not what is to be measured: {answer.status}")

    return request


def _like(app: Flask, term: str) -> Callable[[], None]:
    patterns = [like_pattern(group[0]) for group in fragments(term)]
    where = " AND ".join(f"text LIKE :p{number} ESCAPE '\\'" for number in range(len(patterns)))
    bound = {f"p{number}": pattern for number, pattern in enumerate(patterns)}

    def query() -> None:
        with app.app_context():
            count, rows = (
                f"SELECT {what} FROM customer_search WHERE {where} {end}"
                for what, end in (("count(*)", ""), ("customer_id", "ORDER BY customer_id LIMIT 50"))
            )
            db.session.execute(text(count), bound).all()
            db.session.execute(text(rows), bound).all()

    return query


def _timed(work: Callable[[], None]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def _context(actor: Actor) -> Context:
    return Context(actor, datetime.now(UTC), Source.ORDER, "bench")


def _customer(number: int, chance: random.Random) -> dict[str, object]:
    email = f"asiakas{number}@example.com"
    return {
        "id": number,
        "uuid": uuid.UUID(int=number),
        "first_name": chance.choice(FIRST),
        "last_name": f"{chance.choice(LAST)}{number}",
        "email": email,
        "email_identity": email,
        "phone": f"+35840{5_000_000 + number}",
        "city": "HELSINKI",
        "language": "fi",
        "source": "order",
        "created_at": datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=number),
        "version": 1,
    }


def _session(now: datetime) -> dict[str, object]:
    moments = dict.fromkeys(("created_at", "last_seen_at", "authenticated_at", "second_factor_at"), now)
    token = hashlib.sha256(b"bench").digest()
    return {"staff_id": 1, "token_hash": token, "address": "127.0.0.0/24", "device": "Bench", **moments}


if __name__ == "__main__":
    main()
