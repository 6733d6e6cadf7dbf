"""Three years of orders up to now, the same at every seeding on the same day: chance has a fixed seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from portal.cli.demo.charges import Charge, charges_of
from portal.cli.demo.people import Person
from portal.cli.demo.products import PRODUCTS, Product, vat_rate
from portal.cli.demo.timeline import Step, steps, usual_status
from portal.rules.clock import helsinki_date
from portal.rules.money import divide_half_up, vat_from_gross

SEED = 20240901
DAYS = 3 * 365
FIRST_NUMBER = 20117
# How much is bought in each month: boats are fitted out in spring and used in summer.
SEASON = (3, 3, 6, 9, 10, 9, 8, 6, 4, 3, 4, 7)
# The newest orders of the demo's own customer show every status: (days ago, status).
SHOWN = (
    (0.08, "pending"),
    (1.3, "processing"),
    (4.2, "shipped"),
    (8.6, "on_hold"),
    (19.5, "completed"),
    (40.1, "refunded"),
    (62.4, "cancelled"),
    (88.7, "failed"),
)
PAYMENTS = ("card",) * 5 + ("bank",) * 4 + ("mobilepay",) * 3 + ("invoice",) * 2
NOTES = (
    "Soittakaa ennen toimitusta, kiitos.",
    "Paketin voi jättää naapuriin, asunto 24.",
    "Toimitus venesatamaan, laituri C, paikka 112.",
    "Lahjaksi – jättäkää hintalappu pois.",
    "Ovikoodi on vaihtunut, soita alas.",
)
SWEDISH_NOTES = ("Kan lämnas i båthuset.", "Ring före leverans, tack.", "Leverans till båthamnen, brygga C.")
COMPANY_NOTES = ("Viite: kevätkunnostus", "Tilausviite KP-4410", "Toimitus vain arkisin klo 8–15.")


@dataclass(frozen=True)
class Line:
    """One line: `quantity` in thousandths, `gross` and `vat` in cents."""

    product: Product
    quantity: int
    vat_rate: int
    gross: int
    vat: int


@dataclass(frozen=True)
class DemoOrder:
    """One order of a person."""

    person: Person
    placed_at: datetime
    status: str
    payment: str
    note: str | None
    delivery: tuple[str, str, str, str] | None
    lines: list[Line]
    charges: list[Charge]
    events: list[Step]
    external_id: str = field(default="", compare=False)


def all_orders(people: tuple[Person, ...], now: datetime) -> list[tuple[str, DemoOrder]]:
    """Every order with its number in the shop, oldest first. None is younger than `now`."""
    chance = Random(SEED)  # noqa: S311 - the demo is meant to be the same every time
    planned = [
        (moment, person, status) for person in people for moment, status in _moments(chance, person, people[0], now)
    ]
    number = FIRST_NUMBER
    numbered = []
    for moment, person, status in sorted(planned, key=lambda item: item[0]):
        number += chance.randint(3, 19)
        numbered.append((str(number), _order(chance, person, moment, status, now)))
    return numbered


def _moments(chance: Random, person: Person, shown_to: Person, now: datetime) -> list[tuple[datetime, str | None]]:
    fixed = SHOWN if person is shown_to else ()
    moments: list[tuple[datetime, str | None]] = [(now - timedelta(days=days), status) for days, status in fixed]
    # A newcomer's orders do not begin three years ago.
    since = DAYS if person is shown_to else chance.randint(DAYS // 3, DAYS)
    newest = 95 if person is shown_to else 1
    while len(moments) < person.orders:
        moment = now - timedelta(days=chance.uniform(newest, since))
        if chance.randint(1, max(SEASON)) <= SEASON[moment.month - 1]:
            # People order in the daytime and in the evening; the clock is UTC.
            moments.append((moment.replace(hour=chance.randint(5, 20), minute=chance.randint(0, 59)), None))
    return moments


def _order(chance: Random, person: Person, moment: datetime, status: str | None, now: datetime) -> DemoOrder:
    status = status or usual_status(chance, now - moment)
    lines = _lines(chance, person, moment)
    payment = "invoice" if person.company and chance.random() < 0.8 else chance.choice(PAYMENTS)
    notes = COMPANY_NOTES if person.company else SWEDISH_NOTES if person.language == "sv" else NOTES
    return DemoOrder(
        person=person,
        placed_at=moment,
        status=status,
        payment=payment,
        note=chance.choice(notes) if chance.random() < 0.15 else None,
        delivery=_delivery(chance, person),
        lines=lines,
        charges=charges_of(chance, lines, payment, helsinki_date(moment), company=person.company is not None),
        events=steps(chance, status, moment, now),
    )


def _lines(chance: Random, person: Person, moment: datetime) -> list[Line]:
    count = chance.choice((1, 1, 1, 2, 2, 3, 4)) + (2 if person.company else 0)
    chosen: list[Product] = []
    while len(chosen) < count:
        product = chance.choices(PRODUCTS, [item.share for item in PRODUCTS])[0]
        if product not in chosen:
            chosen.append(product)
    return [_line(chance, product, moment) for product in chosen]


def _line(chance: Random, product: Product, moment: datetime) -> Line:
    if product.by_metre:
        quantity = 500 * chance.randint(4, 2 * product.most)
    else:
        quantity = 1000 * chance.choice((1, 1, 1, *range(1, product.most + 1)))
    rate = vat_rate(product.vat, helsinki_date(moment))
    gross = divide_half_up(quantity * product.price, 1000)
    return Line(product, quantity, rate, gross, vat_from_gross(gross, rate))


def _delivery(chance: Random, person: Person) -> tuple[str, str, str, str] | None:
    """Another place than the customer's own, sometimes: name, street, postal code, city."""
    if chance.random() >= 0.14:
        return None
    name = person.company or f"{person.first_name} {person.last_name}"
    return chance.choice(
        (
            (name, "Venesatama, laituri C 112", "00180", "Helsinki"),
            (name, "Mökkitie 48", "21600", "Parainen"),
            (f"{name} / Liisa Rinne", "Koivurannantie 5 A 2", "33200", "Tampere"),
            (name, "Kelotie 3", "99870", "Inari"),
        )
    )
