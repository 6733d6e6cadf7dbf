"""Shipping, fees and discounts of the demo's orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Protocol

from portal.cli.demo.products import VatClass, vat_rate
from portal.rules.money import divide_half_up, vat_from_gross

FREE_FROM = 15_000
SHIPPING = (("Nouto myymälästä", 0), ("Postin noutopaketti", 690), ("Kotiinkuljetus", 1290), ("Pakettiautomaatti", 590))
FREIGHT = ("Rahtitoimitus", 3900)
FREIGHT_FROM = 60_000
INVOICE_FEE = ("Laskutuslisä", 390)
DISCOUNTS = (("Kevätalennus", 10), ("Kanta-asiakasetu", 5), ("Syystarjous", 15))


class Priced(Protocol):
    """What a discount looks at."""

    @property
    def vat_rate(self) -> int: ...

    @property
    def gross(self) -> int: ...


@dataclass(frozen=True)
class Charge:
    """`kind` is shipping, fee or discount; money in cents, a discount negative."""

    kind: str
    label: str
    vat_rate: int
    gross: int
    vat: int


def charges_of(chance: Random, lines: Sequence[Priced], payment: str, day: date, *, company: bool) -> list[Charge]:
    """The charges of an order of this day."""
    goods = sum(line.gross for line in lines)
    general = vat_rate(VatClass.GENERAL, day)
    found = []
    label, price = FREIGHT if goods >= FREIGHT_FROM else chance.choice(SHIPPING)
    if goods < FREE_FROM or goods >= FREIGHT_FROM:
        found.append(_charge("shipping", label, general, price))
    if payment == "invoice" and not company:
        found.append(_charge("fee", *_swap(INVOICE_FEE, general)))
    if chance.random() < 0.16:
        name, percent = chance.choice(DISCOUNTS)
        taxed = sum(line.gross for line in lines if line.vat_rate == general)
        if taxed:
            off = divide_half_up(-taxed * percent, 100)
            found.append(_charge("discount", f"{name} −{percent} %", general, off))
    return found


def _swap(priced: tuple[str, int], rate: int) -> tuple[str, int, int]:
    return priced[0], rate, priced[1]


def _charge(kind: str, label: str, rate: int, gross: int) -> Charge:
    return Charge(kind, label, rate, gross, vat_from_gross(gross, rate))
