"""Where the values of a customer's own record come from: the one truth for the JSON, the notes beside the values, and
what the first page says of a whole category."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from portal.models.base import Personal
from portal.models.customer import Customer, Provenance
from portal.models.snapshot import Snapshot
from portal.rules.clock import helsinki_date
from portal.rules.formats import format_date
from portal.rules.machine_values import moment
from portal.rules.register import Origin, origin_of
from portal.rules.shown_values import word
from portal.services.data_copy.tables import CopyTable
from portal.services.register import provenance

# The names of the statements; they are read in the same snapshot as the values themselves.
ENTRY, CHANGES = "entry", "changes"


class ValueSource(NamedTuple):
    """By which source a value came, and when."""

    source: str
    changed_at: datetime


Sources = Mapping[str, ValueSource]


def statements(customer_id: int) -> dict[str, Select[Any]]:
    """How the record came to the register, and the changes of its details."""
    known = (Provenance.field, Provenance.source, Provenance.changed_at)
    changes = select(*known).where(Provenance.customer_id == customer_id).order_by(Provenance.id)
    entry = select(Customer.source, Customer.created_at).where(Customer.id == customer_id)
    found: dict[str, Any] = {ENTRY: entry, CHANGES: changes}
    return found


def read(register: Snapshot) -> Sources:
    """The latest source of each detail: that of its last change, or else of the record's entry in the register."""
    found: dict[str, ValueSource] = {}
    for batch in register.batches(ENTRY):
        found |= {name: ValueSource(row.source, row.created_at) for row in batch for name in provenance.TRACKED}
    for batch in register.batches(CHANGES):
        found |= {row.field: ValueSource(row.source, row.changed_at) for row in batch}
    return found


def origin(table: str, name: str, declared: Personal, sources: Sources) -> Origin:
    """How a value came to be: as its source says, unless the column is worked out from others anyway."""
    known = sources.get(name) if table == Customer.__tablename__ else None
    return declared.origin if known is None or declared.origin is Origin.DERIVED else origin_of(known.source)


def facts(table: CopyTable, sources: Sources) -> list[dict[str, Any]]:
    """Of each value whose own source is known: which it is, what it makes of the value, and when."""
    return [
        {
            "key": item.key,
            "source": sources[item.key].source,
            "origin": origin(table.name, item.key, item.declared, sources),
            "changed_at": moment(sources[item.key].changed_at),
        }
        for item in table.columns
        if item.declared is not None and item.key in sources
    ]


def note(name: str, sources: Sources, locale: str) -> str | None:
    """The same for people, or None where only the sources of the category are known."""
    known = sources.get(name)
    if known is None:
        return None
    return f"{word('source', known.source, locale)}, {format_date(helsinki_date(known.changed_at), locale)}"
