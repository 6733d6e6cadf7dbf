"""The demo tells the story that the portal would have let happen: who does something has opened the customer."""

from flask import Flask
from sqlalchemy import select

from portal.models.audit import AuditEvent
from portal.models.database import connection
from portal.models.staff import CustomerOpening
from tests.support.fixtures import Transaction


def test_no_employee_did_anything_to_a_customer_without_opening_them(app: Flask, reading: Transaction) -> None:
    assert app.test_cli_runner().invoke(args=["demo", "--no-serve"]).exit_code == 0
    columns = (AuditEvent.action, AuditEvent.actor_id, AuditEvent.customer_id, AuditEvent.occurred_at)
    with reading():
        done = select(*columns).where(AuditEvent.actor_kind == "staff", AuditEvent.customer_id.is_not(None))
        events = connection().execute(done.where(AuditEvent.action != "staff.customer_opened")).all()
        opened = connection().execute(select(CustomerOpening.__table__)).all()
    assert {event.action for event in events} >= {"consent.recorded", "customer.changed", "access_request.moved"}
    unopened = [
        f"{event.action} of {event.customer_id}"
        for event in events
        if not any(
            (one.staff_id, one.customer_id) == (event.actor_id, event.customer_id)
            and one.opened_at <= event.occurred_at < one.expires_at
            for one in opened
        )
    ]
    assert unopened == []
