"""Finding a customer by any fragment. The term stays in a row of its own; the address shows only its key (decision 12).

At most fifty are shown, and whether there are more: counting them would cost more than finding them (PERFORMANCE 5).
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import bindparam, delete, insert, select

from portal.models.account import Account
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.database import connection
from portal.models.staff import StaffSearch
from portal.rules.clean_text import clean_line
from portal.rules.context import Context
from portal.rules.customer_numbers import customer_number
from portal.rules.errors import NotFound, RuleBroken
from portal.rules.names import fold
from portal.rules.search_terms import MAX_TERM, fragments
from portal.services.auditing import audit
from portal.services.foundation import fragment_index

SHOWN = 50
KEY_LIFETIME = timedelta(days=1)
Kind = Literal["customers", "orders"]


@dataclass(frozen=True)
class Hit:
    """A customer in a list: just enough to choose. `order` is the number by which it was found, if it was."""

    uuid: uuid.UUID
    number: str
    name: str
    company: str | None
    city: str | None
    has_account: bool
    order: str | None


@dataclass(frozen=True)
class Found:
    """The customers found, ordered by name, and whether there are more than are shown."""

    hits: list[Hit]
    more: bool


_TERM = select(StaffSearch.term).where(
    StaffSearch.key == bindparam("key"),
    StaffSearch.staff_id == bindparam("staff_id"),
    StaffSearch.kind == bindparam("kind"),
    StaffSearch.created_at > bindparam("oldest", type_=StaffSearch.created_at.type),
)
_HITS = (
    select(
        Customer.id,
        Customer.uuid,
        Customer.first_name,
        Customer.last_name,
        Customer.company,
        Customer.city,
        Account.id.label("account_id"),
    )
    .outerjoin_from(Customer, Account, Account.customer_id == Customer.id)
    .where(Customer.id.in_(bindparam("ids", expanding=True)), Customer.merged_into_id.is_(None))
)


def remember(context: Context, kind: Kind, term: str) -> str:
    """Keep a search term for its employee and a day. Returns its key; raises `RuleBroken` naming `term`."""
    cleaned = clean_line(term, MAX_TERM, "term", minimum=1)
    if not fragments(cleaned):
        raise RuleBroken.of("term", "text.required")
    key = secrets.token_urlsafe(18)
    values = {"key": key, "staff_id": context.actor.id, "kind": kind, "term": cleaned, "created_at": context.now}
    db.session.execute(insert(StaffSearch).values(**values))
    return key


def recall(context: Context, kind: Kind, key: str) -> str:
    """The term behind a key of this employee. Raises `NotFound` for any other key and after a day."""
    bound = {"key": key, "staff_id": context.actor.id, "kind": kind, "oldest": context.now - KEY_LIFETIME}
    term = connection().execute(_TERM, bound).scalar()
    if term is None:
        raise NotFound
    return str(term)


def purge(context: Context) -> int:
    """Delete the terms whose day is over. Returns how many."""
    over = delete(StaffSearch).where(StaffSearch.created_at <= context.now - KEY_LIFETIME)
    return len(db.session.execute(over.returning(StaffSearch.key)).all())


def customers(context: Context, term: str) -> Found:
    """The customers of a term: by their names, e-mail, phone and numbers, and by the number of an order.

    It only reads; the caller notes that a list was read with `note_listing`.
    """
    wanted = fragments(term)
    by_order: dict[int, str] = {}
    # Every order's number has a digit; without this a name would be looked for among all orders as well.
    if any(character.isdigit() for character in term):
        for row in fragment_index.find(fragment_index.ORDERS, wanted, SHOWN + 1):
            by_order.setdefault(row.customer_id, row.number)
    by_text = [row.customer_id for row in fragment_index.find(fragment_index.CUSTOMERS, wanted, SHOWN + 1)]
    ids = list(dict.fromkeys([*_by_uuid(term), *by_order, *by_text]))
    return Found(_hits(ids[:SHOWN], by_order), len(ids) > SHOWN)


def note_listing(context: Context, kind: Kind, found: int) -> None:
    """Note that a result list was read: how many it showed, never for what (decision 12)."""
    audit.record(context, "staff.searched", kind=kind, found=found)


def _by_uuid(term: str) -> list[int]:
    try:
        wanted = uuid.UUID(term.strip())
    except ValueError:
        return []
    return list(connection().execute(select(Customer.id).where(Customer.uuid == wanted)).scalars())


def _hits(ids: list[int], by_order: dict[int, str]) -> list[Hit]:
    rows = connection().execute(_HITS, {"ids": ids}).all() if ids else []
    return [
        Hit(
            uuid=row.uuid,
            number=customer_number(row.id),
            name=f"{row.first_name} {row.last_name}".strip(),
            company=row.company,
            city=row.city,
            has_account=row.account_id is not None,
            order=by_order.get(row.id),
        )
        for row in sorted(rows, key=lambda row: (fold(row.last_name), fold(row.first_name), row.id))
    ]
