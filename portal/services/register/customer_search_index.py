"""The folded text by which staff find a customer. One function writes it, whatever changed the customer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Text, func, literal, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY

from portal.models.base import BigId, db
from portal.models.customer import Customer, CustomerKey
from portal.models.search import CustomerSearch
from portal.rules.context import Context
from portal.rules.customer_numbers import customer_number
from portal.rules.search_terms import search_text
from portal.services.foundation.many_keys import among, listed

# Keeps the memory flat.
BATCH = 5_000
_COLUMNS = (
    Customer.id,
    Customer.phone,
    Customer.first_name,
    Customer.last_name,
    Customer.company,
    Customer.business_id,
    Customer.email,
    Customer.email_identity,
)


def refresh(context: Context, customer_ids: Sequence[int]) -> None:
    """Write the search text of these customers anew: after their rows and their shops' keys were written.

    An unchanged text is not written, so that calling it for too many customers costs little.
    """
    for start in range(0, len(customer_ids), BATCH):
        batch = customer_ids[start : start + BATCH]
        keys = _shop_keys(batch)
        rows = db.session.execute(select(*_COLUMNS).where(among(Customer.id, "ids")), {"ids": listed(batch)}).all()
        _write([(row[0], _text(row, keys[row[0]])) for row in rows])


def rebuild(context: Context) -> None:
    """Write SQLite's trigrams anew, which removes the words of erased customers from the file; run it after erasures.

    PostgreSQL drops them by its own vacuum.
    """
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.execute(text("INSERT INTO customer_search_fts(customer_search_fts) VALUES ('rebuild')"))
        db.session.execute(text("INSERT INTO order_number_fts(order_number_fts) VALUES ('rebuild')"))


def _text(row: Any, keys: Iterable[str]) -> str:
    return search_text([customer_number(row[0]), *row[2:], *keys], row[1])


def _shop_keys(customer_ids: Sequence[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    statement = select(CustomerKey.customer_id, CustomerKey.external_key).where(among(CustomerKey.customer_id, "ids"))
    ordered = statement.order_by(CustomerKey.id)
    for customer_id, key in db.session.execute(ordered, {"ids": listed(customer_ids)}).all():
        found[customer_id].append(key)
    return found


def _write(rows: list[tuple[int, str]]) -> None:
    if not rows:
        return
    if db.session.get_bind().dialect.name == "postgresql":
        # One statement for all of them: a round trip for each row would take longer than the import itself.
        ids, texts = (list(column) for column in zip(*rows, strict=True))
        unnested = func.unnest(literal(ids, ARRAY(BigId)), literal(texts, ARRAY(Text)))
        both = unnested.table_valued("customer_id", "text").render_derived()
        made = postgresql.insert(CustomerSearch).from_select(["customer_id", "text"], select(both))
        db.session.execute(_keeping_equal(made))
    else:
        named = [{"customer_id": customer_id, "text": words} for customer_id, words in rows]
        db.session.execute(_keeping_equal(sqlite.insert(CustomerSearch)), named)


def _keeping_equal(statement: Any) -> Any:
    return statement.on_conflict_do_update(
        index_elements=["customer_id"],
        set_={"text": statement.excluded.text},
        where=CustomerSearch.text != statement.excluded.text,
    )
