"""`flask --app wsgi orders import FILE`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.cli.transaction import transaction
from portal.rules.errors import RuleBroken
from portal.services.imports.alone import one_at_a_time
from portal.services.imports.formats import FORMATS, prepare
from portal.services.imports.prepared import Prepared
from portal.services.imports.problems import FileRefused
from portal.services.imports.shops import shop_code
from portal.services.imports.write import Imported, NothingKept, write

DEFAULT_SHOP = "verkkokauppa"
PROGRESS_SECONDS = 0.5

group = AppGroup("orders", help="Orders of the shops.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "file_format", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--shop", default=DEFAULT_SHOP, show_default=True, help="Whose orders they are; a new name makes a shop.")
@click.option("--dry-run", is_flag=True, help="Check everything against the register and keep nothing.")
def import_orders(file: Path, file_format: str, shop: str, dry_run: bool) -> None:
    """Import the orders of FILE: all of them, or none when a row is bad. Importing a file again changes nothing."""
    try:
        shop_code(shop)
    except RuleBroken:
        raise click.BadParameter("the name needs letters, and at most 40 characters", param_hint="--shop") from None
    progress = _Progress()
    with prepare(file, file_format, progress.rows) as prepared:
        try:
            imported = _write(prepared, file_format, shop, dry_run, progress)
        except FileRefused as refused:
            progress.end()
            for problem in refused:
                click.echo(str(problem), err=True)
            click.echo(f"{len(refused)} fault{'s' if len(refused) != 1 else ''}; nothing was changed.", err=True)
            sys.exit(1)
    progress.end()
    click.echo(("Dry run, nothing was kept: " if dry_run else "") + summary(imported))


def summary(imported: Imported) -> str:
    """The one line that says what an import did."""
    found = f"{imported.orders} orders, {imported.lines} lines"
    if imported.skipped:
        found += f", {imported.skipped} skipped (drafts and deleted orders)"
    if not imported.changes:
        return f"{found}: 0 changes"
    return f"{found}: {imported.added} added, {imported.changed} changed, {imported.customers} new customers"


def _write(prepared: Prepared, file_format: str, shop: str, dry_run: bool, progress: _Progress) -> Imported:
    try:
        with one_at_a_time(), transaction() as context:
            return write(
                context, prepared, shop=shop, file_format=file_format, dry_run=dry_run, progress=progress.orders
            )
    except NothingKept as dry:
        return dry.imported


class _Progress:
    """One line on a terminal that tells how far the import is; silent everywhere else."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._started = self._last = time.monotonic()
        self._verb = ""

    def rows(self, count: int) -> None:
        """Rows checked so far."""
        self._show("checked", count, "rows")

    def orders(self, count: int) -> None:
        """Orders written so far."""
        self._show("written", count, "orders")

    def end(self) -> None:
        """Leave the line."""
        if self._shown:
            click.echo("\r\033[K", err=True, nl=False)

    def _show(self, verb: str, count: int, things: str) -> None:
        now = time.monotonic()
        if verb != self._verb:
            self._verb, self._started, self._last = verb, now, now - PROGRESS_SECONDS
        if self._shown and now - self._last >= PROGRESS_SECONDS:
            self._last = now
            seconds = now - self._started
            rate = f", {count / seconds:,.0f} a second" if seconds else ""
            click.echo(f"\r\033[K{count:,} {things} {verb}{rate}", err=True, nl=False)
