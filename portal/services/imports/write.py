"""Puts checked orders into the register, in the transaction of the caller: all of them or none (RELIABILITY R1, R4).

An order is known by its shop and the shop's own number, and by a digest of what it says: an order that says the same
as before is not touched, so that importing a file again changes nothing (RELIABILITY R3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import insert, select, update

from portal.models.base import db
from portal.models.database import connection
from portal.models.order import ImportRun, Order
from portal.rules.context import Context
from portal.services.auditing import audit
from portal.services.foundation.many_keys import among, listed
from portal.services.imports.alone import hold_until_commit
from portal.services.imports.bulk import Bulk
from portal.services.imports.completion import Completion
from portal.services.imports.customers import Customers
from portal.services.imports.order_rows import OrderRows
from portal.services.imports.pauses import without_collecting
from portal.services.imports.prepared import Prepared
from portal.services.imports.problems import BadCell, FileRefused
from portal.services.imports.received import ONLY_KNOWN, Received
from portal.services.imports.shops import FoundShop, find_or_make
from portal.services.imports.spool import Spool

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Imported:
    """What an import found and did. `customers` counts those who were new, `skipped` what is no order: drafts, and what
    a shop threw away before the register knew it."""

    orders: int
    lines: int
    added: int
    changed: int
    customers: int
    skipped: int = 0

    @property
    def unchanged(self) -> int:
        """How many orders say what they said before."""
        return self.orders - self.added - self.changed

    @property
    def changes(self) -> int:
        """How many orders are not as they were."""
        return self.added + self.changed


class NothingKept(Exception):
    """Ends a dry run, so that the transaction is rolled back; carries what it would have done."""

    def __init__(self, imported: Imported) -> None:
        super().__init__("a dry run keeps nothing")
        self.imported = imported


class _Known(NamedTuple):
    id: int
    digest: bytes
    status: str
    customer_id: int


@without_collecting()
def write(
    context: Context,
    prepared: Prepared,
    *,
    shop: str,
    file_format: str,
    dry_run: bool = False,
    progress: Progress = lambda orders: None,
) -> Imported:
    """Write a prepared file's orders for the shop of this name, which is made when it is new.

    Raises `FileRefused` with every bad row, those that contradict the register included, and `NothingKept` at the end
    of a dry run: the caller's transaction must then be rolled back. `progress` is told the number of orders looked at
    so far.
    """
    hold_until_commit()
    writer = _Writer(context, find_or_make(context, shop), file_format, prepared)
    # It belongs to the prepared file, which closes it after the problems were shown.
    conflicts: Spool[BadCell] = Spool()
    prepared.problems.append(conflicts)
    done = 0
    for batch in prepared.orders.batches():
        conflicts.extend(writer.write(batch))
        done += len(batch)
        progress(done)
    if any(map(len, prepared.problems)):
        raise FileRefused(*prepared.problems)
    imported = writer.finish(done)
    if dry_run:
        raise NothingKept(imported)
    return imported


class _Writer:
    """One run of an import."""

    def __init__(self, context: Context, shop: FoundShop, file_format: str, prepared: Prepared) -> None:
        self._context = context
        self._shop = shop
        self._prepared = prepared
        self._run = {"file_format": file_format, "file_digest": prepared.digest}
        self._run_id: int | None = None
        bulk = Bulk()
        self._customers = Customers(context, bulk, shop.id, prepared)
        self._completion = Completion(context)
        self._rows = OrderRows(context, bulk, shop)
        self._added = self._changed = self._unknown = 0
        self._known = select(Order.external_id, Order.id, Order.content_digest, Order.status, Order.customer_id).where(
            Order.shop_id == shop.id, among(Order.external_id, "numbers")
        )

    def write(self, batch: list[Received]) -> list[BadCell]:
        """Write a batch of orders; returns the conflicts, whose orders are left out."""
        known = self._find([order[1] for order in batch])
        unknown = [order for order in batch if order[1] not in known]
        new = [order for order in unknown if not order[6][ONLY_KNOWN]]
        self._unknown += len(unknown) - len(new)
        changed = [(known[order[1]], order) for order in batch if order[1] in known]
        changed = [(row, order) for row, order in changed if row.digest != order[2]]
        if not new and not changed:
            return []
        if self._run_id is None:
            self._run_id = self._begin_run()
        owners, conflicts = self._customers.resolve(new)
        owned = [(owner, order) for owner, order in zip(owners, new, strict=True) if owner is not None]
        self._rows.add(owned, self._run_id)
        for row, order in changed:
            self._rows.replace(row.id, order, self._run_id, new_status=row.status != order[4][0])
        earlier = [(owner, order) for owner, order in owned if not self._customers.is_new(owner)]
        self._completion.complete(earlier + [(row.customer_id, order) for row, order in changed])
        self._added += len(owned)
        self._changed += len(changed)
        return conflicts

    def finish(self, orders: int) -> Imported:
        """Close the run. A run that changed nothing leaves an audit event and nothing else."""
        counts = {"added": self._added, "changed": self._changed, "customers": self._customers.made}
        if self._run_id is not None:
            values = dict(zip(("orders_added", "orders_changed", "customers_added"), counts.values(), strict=True))
            db.session.execute(update(ImportRun).where(ImportRun.id == self._run_id).values(**values))
        audit.record(self._context, "orders.imported", shop=self._shop.code, run=self._run_id, **counts)
        skipped = self._prepared.skipped + self._unknown
        return Imported(orders - self._unknown, self._prepared.row_count, **counts, skipped=skipped)

    def _find(self, numbers: list[str]) -> dict[str, _Known]:
        rows = connection().execute(self._known, {"numbers": listed(numbers)}).all()
        return {row[0]: _Known(*row[1:]) for row in rows}

    def _begin_run(self) -> int:
        values = {
            **self._run,
            "shop_id": self._shop.id,
            "actor_kind": self._context.actor.kind,
            "actor_id": self._context.actor.id,
            "started_at": self._context.now,
            **dict.fromkeys(("orders_added", "orders_changed", "customers_added"), 0),
        }
        made: int = db.session.execute(insert(ImportRun).values(**values).returning(ImportRun.id)).scalar_one()
        return made
