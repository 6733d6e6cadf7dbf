"""An employee imports an order file: a bad one first, then the mended one, then the same once more."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.jobs import imports as worker
from portal.rules.staff_roles import Role
from portal.rules.texts import text
from tests.journeys.test_staff import enter_first_factor
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.fixtures import Transaction
from tests.support.order_files import order_file, row

BAD = [row(), row(order_number="1002", customer_number="C2", email="onni@example.com", unit_price="24,90")]
GOOD = [row(), row(order_number="1002", customer_number="C2", email="onni@example.com")]


@pytest.fixture
def work(app: Flask) -> Callable[[], None]:
    """What the worker does when it is woken."""

    def run() -> None:
        with app.app_context():
            worker.run()

    return run


def send(walker: Walker, path: Path, shop: str) -> None:
    """Fill in the form and send the file."""
    walker.turn_to("Imports")
    walker.sees_page("Import orders")
    walker.field("Shop").select_option(label=shop)
    if shop == text("imports.new_shop", walker.language):
        walker.fill("Name of the new shop", "Satamapuoti")
    walker.choose(text("imports.format.csv", walker.language))
    walker.field("File with the orders").set_input_files(path)
    walker.press("Upload and check")
    walker.sees(walker.words("The file is being checked."))
    # Which would otherwise load the page anew while it is looked at.
    walker.follow("Stop looking by itself")


def confirm(walker: Walker, work: Callable[[], None]) -> None:
    """From the checked file to the result."""
    walker.follow("Go on to the import")
    walker.sees_page("Import these orders?")
    walker.check("journey-import-confirm")
    walker.press("Import the orders")
    walker.sees(walker.words("The orders are being imported."))
    walker.follow("Stop looking by itself")
    work()
    walker.follow("Look now")


def test_from_a_bad_file_to_imported_orders(
    walker: Walker, transaction: Transaction, work: Callable[[], None], tmp_path: Path
) -> None:
    with transaction() as context:
        employee = builders.staff(context, Role.ORDERS)
    walker.open("/admin/login")
    enter_first_factor(walker, employee, employee.password)
    walker.fill("Code", employee.code(datetime.now(UTC)))
    walker.press("Log in")
    walker.turn_to("Imports")
    walker.choose(text("imports.format.csv", walker.language))
    walker.press("Upload and check")
    walker.refused("Name of the new shop", "File with the orders")
    walker.check("journey-import-empty")
    new_shop = text("imports.new_shop", walker.language)
    send(walker, order_file(tmp_path, *BAD), new_shop)
    walker.check("journey-import-waiting")
    work()
    walker.follow("Look now")
    walker.sees("unit_price", "24,90", text("import.number_form", walker.language))
    walker.check("journey-import-faults")
    with walker.page.expect_download() as download:
        walker.main.get_by_role("link", name=walker.words("Download all faults (CSV)")).click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig"), newline="")))
    assert rows[1] == ["3", "1002", "unit_price", "24,90", text("import.number_form", walker.language)]
    send(walker, order_file(tmp_path, *GOOD, name="mended.csv"), new_shop)
    work()
    walker.follow("Look now")
    walker.sees(walker.words("The file is good. Nothing has been imported yet."), "1001", "1002")
    walker.check("journey-import-preview")
    confirm(walker, work)
    walker.sees(walker.words("The orders were imported."))
    send(walker, order_file(tmp_path, *GOOD, name="again.csv"), "Satamapuoti")
    work()
    walker.follow("Look now")
    walker.sees(walker.words("Importing it would change nothing."))
    # What changes nothing can only be thrown away.
    expect(walker.main.get_by_role("link", name=walker.words("Go on to the import"))).to_have_count(0)
    walker.check("journey-import-unchanged")
    walker.press("Throw the file away")
    walker.turn_to("Orders")
    expect(walker.main.locator("tbody tr")).to_have_count(2)
