"""What the audit log holds of somebody."""

from typing import Any

from sqlalchemy import select

from portal.models.audit import AuditEvent
from portal.models.base import db
from tests.support.fixtures import Transaction


def audited(reading: Transaction, action: str) -> list[tuple[int | None, int | None, dict[str, Any]]]:
    """The events of an action, oldest first: whom they are about, as (customer, employee), and their details."""
    statement = select(AuditEvent.customer_id, AuditEvent.staff_id, AuditEvent.details)
    with reading():
        rows = db.session.execute(statement.where(AuditEvent.action == action).order_by(AuditEvent.seq)).all()
    return [(row.customer_id, row.staff_id, row.details) for row in rows]
