"""`flask --app wsgi orders import`: what it prints, how it ends, and that a kill or a race leaves all or nothing."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from config import GENERATED_SECRETS, ROOT, Settings
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.order import ImportRun, Order, Shop
from tests.benchmarks.order_files import write_order_file
from tests.support.databases import Database
from tests.support.fixtures import Transaction
from tests.support.order_files import NORTHWIND, WOOCOMMERCE, order_file, row
from tests.support.woocommerce_files import woo_file, woo_order

COMMAND = [sys.executable, "-m", "flask", "--app", "wsgi", "orders", "import"]


@pytest.fixture
def environment(settings: Settings, database: Database) -> dict[str, str]:
    """What a command in a process of its own needs to be the same portal."""
    secrets = {f"PORTAL_{name.upper()}": getattr(settings, name)[0] for name in GENERATED_SECRETS}
    return {
        **os.environ,
        **secrets,
        "PORTAL_ENV": "testing",
        "PORTAL_DATABASE_URL": database.url,
        "PORTAL_DATA_DIR": str(settings.data_dir),
    }


def invoke(app: Flask, *arguments: str | Path) -> Result:
    """Run the command in this process."""
    return app.test_cli_runner().invoke(args=["orders", "import", *map(str, arguments)])


def counts(transaction: Transaction) -> list[int]:
    """How many shops, runs, customers and orders there are."""
    with transaction():
        models = (Shop, ImportRun, Customer, Order)
        return [db.session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


def test_the_second_run_reports_no_changes(app: Flask, database: Database) -> None:
    first, second = (invoke(app, NORTHWIND, "--format", "csv") for _ in range(2))
    assert first.stdout == "830 orders, 2155 lines: 830 added, 0 changed, 89 new customers\n"
    assert second.stdout == "830 orders, 2155 lines: 0 changes\n"
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stderr == second.stderr == ""


def test_orders_of_woocommerce(app: Flask, database: Database, tmp_path: Path) -> None:
    command = ("--format", "woocommerce", "--shop", "Kivijalka")
    first, second = (invoke(app, WOOCOMMERCE, *command) for _ in range(2))
    assert first.stdout == "2 orders, 4 lines: 2 added, 0 changed, 2 new customers\n"
    assert second.stdout == "2 orders, 4 lines: 0 changes\n"
    draft = invoke(app, woo_file(tmp_path, woo_order(), woo_order(status="checkout-draft")), *command, "--dry-run")
    assert "1 orders, 2 lines, 1 skipped (drafts and deleted orders): 1 added" in draft.stdout
    bad = invoke(app, woo_file(tmp_path, woo_order(total="64.64")), *command)
    assert bad.exit_code == 1
    assert bad.stderr.splitlines()[0] == (
        'order "901" (number 1 in the file), column total, value "64.64": The parts of the order add up to 64.63.'
    )


def test_a_bad_file_changes_nothing(app: Flask, transaction: Transaction, tmp_path: Path) -> None:
    rows = [row(), row(order_number="2", unit_price="24,90"), row(order_number="3", product="\x1b[2J")]
    result = invoke(app, order_file(tmp_path, *rows))
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[0].startswith('line 3, column unit_price, value "24,90": ')
    assert lines[1] == 'line 4, column product, value "\\x1b[2J": The text holds a character that cannot be printed.'
    assert lines[2] == "2 faults; nothing was changed."
    alone = invoke(app, order_file(tmp_path, row(unit_price="24,90")))
    assert alone.stderr.splitlines()[-1] == "1 fault; nothing was changed."
    assert counts(transaction) == [0, 0, 0, 0]


def test_a_dry_run_tells_what_it_would_do(app: Flask, transaction: Transaction, tmp_path: Path) -> None:
    result = invoke(app, order_file(tmp_path, row()), "--dry-run", "--shop", "Kivijalka")
    assert result.stdout.startswith("Dry run, nothing was kept: 1 orders, 1 lines: 1 added")
    assert result.exit_code == 0
    assert counts(transaction) == [0, 0, 0, 0]


def test_only_formats_that_work_are_offered(app: Flask, database: Database, tmp_path: Path) -> None:
    result = invoke(app, order_file(tmp_path, row()), "--format", "shopify")
    assert result.exit_code == 2
    assert "'csv', 'woocommerce'" in result.stderr


@pytest.mark.parametrize("name", ["", "123", "日本", "x" * 101, "a\x00b"])
def test_a_shop_needs_a_name(app: Flask, database: Database, tmp_path: Path, name: str) -> None:
    result = invoke(app, order_file(tmp_path, row()), "--shop", name)
    assert result.exit_code == 2
    assert "--shop" in result.stderr


def test_a_killed_import_leaves_nothing_and_the_next_completes_it(
    environment: dict[str, str], transaction: Transaction, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    write_order_file(path, 30_000)
    terminal, theirs = pty.openpty()
    running = subprocess.Popen([*COMMAND, path], cwd=ROOT, env=environment, stderr=theirs, stdout=subprocess.PIPE)
    os.close(theirs)
    told = b""
    # On a terminal the command says when it has begun to write; the transaction is open then.
    while b"written" not in told:
        told += os.read(terminal, 1024)
    running.send_signal(signal.SIGKILL)
    out, _ = running.communicate(timeout=60)
    os.close(terminal)
    assert (running.returncode, out) == (-signal.SIGKILL, b"")
    assert counts(transaction) == [0, 0, 0, 0]
    again = subprocess.run([*COMMAND, path], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    orders = int(again.stdout.split()[0])
    assert f"{orders} added, 0 changed" in again.stdout
    assert counts(transaction)[3] == orders


def test_of_two_imports_at_once_the_second_reports_no_changes(
    environment: dict[str, str], transaction: Transaction
) -> None:
    both = [
        subprocess.Popen([*COMMAND, NORTHWIND], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = sorted(running.communicate(timeout=120)[0].partition(": ")[2] for running in both)
    assert told == ["0 changes\n", "830 added, 0 changed, 89 new customers\n"]
    assert counts(transaction) == [1, 1, 89, 830]
