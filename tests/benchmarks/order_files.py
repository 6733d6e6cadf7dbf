"""Plain order files of any size, from a fixed seed: a Finnish shop with returning customers."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.services.imports.plain_format import COLUMNS

LINES_OF_ORDER = (1, 2, 2, 3, 3, 4, 6)
ORDERS_OF_CUSTOMER = 5
FIRST = ("Aino", "Eino", "Väinö", "Kerttu", "Åsa", "Niillas", "Helmi", "Onni")
LAST = ("Virtanen", "Mäkinen", "Näkkäläjärvi", "Öhman", "Korhonen", "Lehtonen", "Saarinen")
PLACES = (("00100", "Helsinki"), ("33100", "Tampere"), ("90100", "Oulu"), ("22100", "Mariehamn"), ("99800", "Ivalo"))
PRODUCTS = [(f"T-{number}", f"Villasukat, malli {number}", 4.9 + number * 0.37) for number in range(600)]
STATUSES = ("completed", "completed", "completed", "shipped", "processing", "cancelled")


def write_order_file(path: Path, lines: int) -> None:
    """Write a file of about `lines` rows, at least that many."""
    chance = random.Random(11)
    start = datetime(2023, 1, 1, tzinfo=UTC)
    written = order = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        while written < lines:
            order += 1
            head = _head(order, chance, start + timedelta(seconds=order * 251))
            for sku, product, price in chance.sample(PRODUCTS, chance.choice(LINES_OF_ORDER)):
                out.writerow([*head, sku, product, chance.randint(1, 9), f"{price:.2f}", "25.5", "card", ""])
                written += 1


def _head(order: int, chance: random.Random, placed: datetime) -> list[str]:
    customer = chance.randint(1, max(1, order // ORDERS_OF_CUSTOMER + 1))
    first, last = FIRST[customer % len(FIRST)], LAST[customer % len(LAST)]
    code, city = PLACES[customer % len(PLACES)]
    address = [f"{first} {last}", f"Kuusikuja {customer % 97 + 1} A {customer % 13 + 1}", code, city, "FI"]
    person = [f"A{customer}", f"asiakas{customer}@posti.example", f"040 {customer:07d}", first, last, "", ""]
    moment = placed.isoformat().replace("+00:00", "Z")
    return [str(100_000 + order), moment, chance.choice(STATUSES), "EUR", *person, *address, *address]
