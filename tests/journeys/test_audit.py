"""An auditor reads the log: from a customer's number to its events, the verification, and the download."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.jobs import checks
from portal.rules.context import Actor
from portal.rules.texts import text
from portal.services.auditing import audit
from tests.journeys.test_staff import enter_first_factor
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.builders import MadeStaff
from tests.support.fixtures import Transaction


@pytest.fixture
def customer(transaction: Transaction) -> str:
    """The number of a customer whom an employee has opened."""
    with transaction() as context:
        customer_id = builders.customer(context)
        colleague = builders.staff(context, name="Joonas Peltola")
    with transaction(Actor("staff", colleague.id)) as context:
        audit.record(
            context, "staff.customer_opened", customer_id=customer_id, purpose="invoicing", role="customer_care"
        )
    return f"C-{customer_id:06d}"


@pytest.fixture
def auditor(transaction: Transaction) -> MadeStaff:
    """An employee who may read the log and nothing else."""
    with transaction() as context:
        return builders.staff(context, "auditor", name="Oona Aalto")


def enter(walker: Walker, auditor: MadeStaff) -> None:
    """Both factors, and the log."""
    walker.open("/admin/login")
    enter_first_factor(walker, auditor, auditor.password)
    walker.fill("Code", auditor.code(datetime.now(UTC)))
    walker.press("Log in")
    walker.turn_to("Audit log")
    walker.sees_page("Audit log")


def find_a_customer(walker: Walker, customer: str) -> None:
    """By number; the address names nobody."""
    walker.fill("Find the events about one customer", "C-999999")
    walker.press("Find")
    walker.refused("Find the events about one customer")
    walker.fill("Find the events about one customer", customer)
    walker.press("Find")
    walker.sees(walker.words("Events about customer %(number)s only.", number=customer), "Joonas Peltola")
    walker.sees(
        text("audit.staff.customer_opened", walker.language), text("opening_purpose.invoicing", walker.language)
    )
    expect(walker.main.locator("tbody tr")).to_have_count(1)
    assert customer not in walker.path
    walker.follow("Show all customers")


def test_an_auditor_reads_verifies_and_takes_the_log_along(
    walker: Walker, app: Flask, auditor: MadeStaff, customer: str
) -> None:
    enter(walker, auditor)
    find_a_customer(walker, customer)
    walker.field("Event").select_option("staff.customer_opened")
    walker.press("Filter")
    expect(walker.main.locator("tbody tr")).to_have_count(1)
    walker.check("journey-audit-filtered")
    walker.press("Verify the whole log")
    walker.sees(walker.words("Being verified"))
    walker.check("journey-audit-running")
    with app.app_context():
        checks.run()
    walker.turn_to("Audit log")
    walker.sees(walker.words("Unbroken"))
    walker.check("journey-audit-unbroken")
    with walker.page.expect_download() as waiting:
        walker.follow("Download these events as CSV")
    table = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    assert waiting.value.suggested_filename.startswith("audit-") and customer in table
    assert json.dumps({"purpose": "invoicing", "role": "customer_care"}).replace('"', '""') in table
