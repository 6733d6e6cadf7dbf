"""The baseline of the data copy: the same content as one would write it first: entities, lists, one template."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from jinja2 import Environment
from sqlalchemy import inspect, select, text

from portal.models.base import Base, db
from portal.models.register import rows_about
from portal.rules.machine_values import MONEY, SCALES, as_text, currency_digits, decimals, plain
from portal.rules.shown_values import shown
from portal.services.data_copy.tables import CopyTable, tables

PAGE = """<!doctype html><html lang="fi"><title>Kopio</title>
{% for table, rows in tables %}<h2>{{ table.name }}</h2>
{% for row in rows %}<dl>
{% for label, value in row %}<div><dt>{{ label }}</dt><dd>{{ value }}</dd></div>{% endfor %}</dl>
{% endfor %}{% endfor %}</html>"""
MODELS = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]


def naive_copy(customer_id: int, path: Path) -> None:
    """Write the archive of a customer."""
    if db.engine.dialect.name == "postgresql":
        # It keeps its transaction open while it writes, for longer than the portal allows.
        db.session.execute(text("SET idle_in_transaction_session_timeout = 0"))
    loaded = [(table, _entities(table, customer_id)) for table in tables()]
    machine = [(table, [_machine(table, row) for row in rows]) for table, rows in loaded]
    people = [(table, [_people(table, row) for row in rows]) for table, rows in loaded]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps({table.name: rows for table, rows in machine}, ensure_ascii=False))
        for table, rows in machine:
            file = io.StringIO()
            writer = csv.DictWriter(file, [item.key for item in table.columns])
            writer.writeheader()
            writer.writerows({key: as_text(value) for key, value in row.items()} for row in rows)
            archive.writestr(f"csv/{table.name}.csv", file.getvalue())
        page = Environment(autoescape=True).from_string(PAGE)
        archive.writestr("index.html", page.render(tables=people))


def _entities(table: CopyTable, customer_id: int) -> list[Any]:
    model = MODELS[table.name]
    statement = rows_about(table.name)
    assert statement is not None
    return list(db.session.scalars(select(model).from_statement(statement), {"subject_id": customer_id}))


def _value(row: Any, table: CopyTable, item: Any) -> Any:
    if item.table == table.name:
        return getattr(row, item.column.name)
    # No relationship leads from a line to its order: the session knows the entity by its key.
    owner = MODELS[item.table]
    key = next(column for column in inspect(type(row)).columns if column.foreign_keys and column.name.endswith("_id"))
    return getattr(db.session.get(owner, getattr(row, key.name)), item.column.name)


def _machine(table: CopyTable, row: Any) -> dict[str, Any]:
    values = {item.key: _value(row, table, item) for item in table.columns}
    currency = values.get("currency") or values.get("order_currency")
    for key, value in values.items():
        if value is not None and key in MONEY:
            values[key] = decimals(value, currency_digits(currency))
        elif value is not None and key in SCALES:
            values[key] = decimals(value, SCALES[key])
        else:
            values[key] = plain(value)
    return {key: value for key, value in values.items() if value is not None}


def _people(table: CopyTable, row: Any) -> list[tuple[str, str]]:
    values = {item.key: _value(row, table, item) for item in table.columns}
    currency = values.get("currency") or values.get("order_currency")
    return [
        (item.key, shown(item.table, item.column.name, values[item.key], "fi", currency=currency))
        for item in table.columns
        if values[item.key] not in (None, "")
    ]
