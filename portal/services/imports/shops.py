"""Shops: found by the name given to the import, made when the name is new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from itertools import count
from typing import NamedTuple

from sqlalchemy import insert, select

from portal.models.base import db
from portal.models.order import Shop
from portal.rules.clean_text import clean_line
from portal.rules.context import Context
from portal.rules.errors import RuleBroken
from portal.rules.names import strip_marks
from portal.rules.order_numbers import MAX_PREFIX

LONGEST_CODE, LONGEST_NAME = 40, 100
_SHORTEST_PREFIX = 3


class FoundShop(NamedTuple):
    """A shop's row number, its code, and the prefix of its public order numbers."""

    id: int
    code: str
    prefix: str


def shop_code(name: str) -> str:
    """The code of a shop's name: ``Verkkokauppa Åbo`` → ``verkkokauppa-abo``. Raises `RuleBroken` for a name without
    a letter of a to z."""
    code = re.sub(r"[^a-z0-9]+", "-", strip_marks(clean_line(name, LONGEST_NAME, "shop"))).strip("-")
    if not re.search("[a-z]", code) or len(code) > LONGEST_CODE:
        raise RuleBroken.of("shop", "name.invalid")
    return code


def find_or_make(context: Context, name: str) -> FoundShop:
    """The shop of this name. A new one gets a prefix that no other shop has."""
    code = shop_code(name)
    known = select(Shop.id, Shop.code, Shop.prefix)
    found = db.session.execute(known.where(Shop.code == code)).first()
    if found is not None:
        return FoundShop(*found)
    taken = set(db.session.scalars(select(Shop.prefix)))
    prefix = prefix_of(code, taken)
    values = {"code": code, "name": clean_line(name, LONGEST_NAME, "shop"), "prefix": prefix}
    made = db.session.execute(insert(Shop).values(**values).returning(Shop.id)).scalar_one()
    return FoundShop(made, code, prefix)


def prefix_of(code: str, taken: Set[str] = frozenset()) -> str:
    """The first free prefix for a shop of this code."""
    return next(prefix for prefix in _prefixes(code) if prefix not in taken)


def _prefixes(code: str) -> Iterator[str]:
    """Initials of several words, or the beginning of one; then longer beginnings; then numbers behind them."""
    words = [word for word in code.split("-") if word[0].isalpha()]
    initials = "".join(word[0] for word in words)
    letters = re.sub("^[0-9]+", "", code.replace("-", "")).upper()
    if len(initials) > 1:
        yield initials[:MAX_PREFIX].upper()
    for length in range(_SHORTEST_PREFIX, MAX_PREFIX + 1):
        yield letters[:length]
    for number in count(2):
        yield f"{letters[: MAX_PREFIX - len(str(number))]}{number}"
