"""Uploaded order files in each of their states, as a worker leaves them."""

import hashlib
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from portal.models.base import db
from portal.models.order_upload import OrderUpload
from portal.rules.context import Context
from portal.services.imports import order_upload_files
from portal.services.imports.problems import BadCell, Reason
from tests.support.order_files import csv_text, row

STATES = ("waiting", "refused", "ready", "confirmed", "imported", "failed")
COUNTS = {"orders": 1, "lines": 1, "added": 1, "changed": 0, "customers": 1, "skipped": 0}
SAMPLE: dict[str, Any] = {
    "number": "1001",
    "customer": "Máret-Anneli Näkkäläjärvi-Wickström",
    "status": "completed",
    "gross": 4980,
    "currency": "EUR",
    "first_product": "Villasukat",
    "line_count": 1,
    "placed_at": "2026-03-05 08:15:00.000000",
}
PROBLEMS = [
    BadCell.of(3, "unit_price", "24,90", Reason.of("number_form")),
    BadCell.of(4, "product", "=HYPERLINK(…" + "x" * 160, Reason.of("too_long", maximum=300)),
    BadCell.of(7, "", "", Reason.of("cell_count", count=27, width=28)),
]


def add_upload(context: Context, staff_id: int, state: str) -> str:
    """An upload in a state; returns its name in addresses, which is the same each time."""
    name = UUID(int=0x900 + STATES.index(state))
    content = csv_text([row()]).encode()
    order_upload_files.remove(name)
    if state != "imported":
        path = order_upload_files.path_of(name)
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    if state == "ready":
        order_upload_files.write_sample(name, [SAMPLE])
    if state == "refused":
        order_upload_files.write_problems(name, PROBLEMS)
    values = {
        "uuid": name,
        "staff_id": staff_id,
        "content": None if state == "imported" else name.hex,
        "shop": "verkkokauppa",
        "file_format": "csv",
        "size": len(content),
        "digest": hashlib.sha256(content).digest(),
        "state": state,
        "attempts": 0,
        "created_at": context.now,
        **(COUNTS if state in ("ready", "confirmed", "imported") else {}),
        "problems": len(PROBLEMS) if state == "refused" else None,
    }
    db.session.execute(insert(OrderUpload).values(**values))
    return str(name)
