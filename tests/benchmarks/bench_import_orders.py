"""PERFORMANCE row 6: the order import against the bare driver that loads the same rows, ready made, into the same
tables with the same indexes and triggers. Lines a second on both sides, and the ratio of the two.

`--lines 1000000` for another size than 200,000; `--rounds 1`. PostgreSQL is measured where it is installed.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import flask_migrate
import psycopg
from flask import Flask
from sqlalchemy import Table

from config import Settings
from portal import create_app
from portal.cli.transaction import transaction
from portal.models.base import Base, db
from portal.services.imports.formats import prepare
from portal.services.imports.spool import Spool
from portal.services.imports.write import write
from tests.benchmarks.measure import report
from tests.benchmarks.order_files import write_order_file
from tests.benchmarks.portals import environment, sqlite_note
from tests.support.postgres import cluster
from tests.support.requirement import is_available

# What an import fills, in the order in which rows may refer to each other.
TABLES = (
    *("shop", "import_run", "customer", "customer_key", "customer_search"),
    *("orders", "order_line", "order_event"),
)
BATCH = 20_000
# Runs the command and tells its own greatest memory: what the system tells of a child includes its parent's.
COMMAND = """
import pathlib, flask.cli
try:
    flask.cli.main()
except SystemExit as end:
    assert not end.code
status = pathlib.Path("/proc/self/status").read_text()
print(next(line for line in status.splitlines() if line.startswith("VmHWM")))
"""


class Seconds(NamedTuple):
    """Time by the clock, and of this process's CPU: the second also says something on a busy machine."""

    clock: float
    cpu: float

    @classmethod
    def now(cls) -> Seconds:
        return cls(time.perf_counter(), time.process_time())

    def plus_since(self, start: Seconds) -> Seconds:
        """This and what has passed since `start`."""
        now = Seconds.now()
        return Seconds(self.clock + now.clock - start.clock, self.cpu + now.cpu - start.cpu)


class Target:
    """A migrated database of its own, and the bare driver's way to fill it."""

    def __init__(self, folder: Path, maintenance_url: str | None, name: str) -> None:
        self.values = environment(folder / name)
        self.url = None
        if maintenance_url:
            with psycopg.connect(maintenance_url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            self.url = self.values["PORTAL_DATABASE_URL"] = maintenance_url.rpartition("/")[0] + f"/{name}"
        self.file = folder / name / "portal.sqlite"
        self.app: Flask = create_app(Settings.from_environment(self.values))
        with self.app.app_context():
            flask_migrate.upgrade()

    def rows(self, table: Table) -> Iterator[list[tuple[Any, ...]]]:
        """All rows of a table as the driver gives them."""
        with self._open() as connection:
            cursor = connection.execute(f"SELECT {_columns(table)} FROM {table.name}")
            while rows := cursor.fetchmany(BATCH):
                yield rows

    def load(self, ready: dict[str, Spool[tuple[Any, ...]]]) -> Seconds:
        """Load ready rows in one transaction; returns the seconds that the driver took."""
        spent = Seconds(0, 0)
        with self._open() as connection:
            for name, spool in ready.items():
                for rows in spool.batches():
                    start = Seconds.now()
                    self._load(connection, Base.metadata.tables[name], rows)
                    spent = spent.plus_since(start)
            start = Seconds.now()
            connection.commit()
            return spent.plus_since(start)

    def _load(self, connection: Any, table: Table, rows: list[tuple[Any, ...]]) -> None:
        if self.url is None:
            marks = ", ".join("?" * len(table.columns))
            connection.executemany(f"INSERT INTO {table.name} ({_columns(table)}) VALUES ({marks})", rows)
            return
        with connection.cursor() as cursor, cursor.copy(f"COPY {table.name} ({_columns(table)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def _open(self) -> Any:
        if self.url is not None:
            return psycopg.connect(self.url)
        connection = sqlite3.connect(self.file)
        connection.execute("PRAGMA foreign_keys = ON")
        return connection


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--lines", type=int, default=200_000)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "orders.csv")
        write_order_file(file, chosen.lines)
        _measure(Path(folder, "sqlite"), None, file, chosen.rounds, sqlite_note(), reach="0.45")
        _memory(Path(folder, "memory"), file, chosen.lines)
        if not is_available("postgres"):
            print("PostgreSQL is not installed: not measured.")
            return
        with cluster() as url:
            _measure(Path(folder, "postgres"), url, file, chosen.rounds, "PostgreSQL, fsync off", reach="0.50")


def _measure(folder: Path, url: str | None, file: Path, rounds: int, note: str, *, reach: str) -> None:
    imports, loads, lines = [], [], 0
    for number in range(rounds):
        imported, loaded = (Target(folder, url, f"{name}{number}") for name in ("imported", "loaded"))
        seconds, lines = _import(imported, file)
        imports.append(seconds)
        with ExitStack() as stack:
            ready = {name: stack.enter_context(_ready(imported, name)) for name in TABLES}
            loads.append(loaded.load(ready))
    pairs = list(zip(loads, imports, strict=True))
    ratio = statistics.median(load.clock / own.clock for load, own in pairs)
    cpu = statistics.median(load.cpu / own.cpu for load, own in pairs)
    own, bare = (statistics.median(seconds.clock for seconds in side) for side in (imports, loads))
    if url is None:
        # The server's share of the work is not this process's, so that only SQLite's ratio means something.
        note += f"; by CPU time {cpu:.2f}"
    report(
        f"import of {lines:,} lines, {'PostgreSQL' if url else 'SQLite'}",
        f"{ratio:.2f} of the driver's rate: {lines / own:,.0f} lines/s in {own:.1f} s",
        reach=f">= {reach}",
        baseline=f"{lines / bare:,.0f} lines/s in {bare:.1f} s",
        note=note,
    )


def _import(target: Target, file: Path) -> tuple[Seconds, int]:
    start = Seconds.now()
    with target.app.app_context(), prepare(file, "csv") as prepared:
        with transaction() as context:
            imported = write(context, prepared, shop="verkkokauppa", file_format="csv")
        seconds = Seconds(0, 0).plus_since(start)
        db.session.remove()
        db.engine.dispose()
    return seconds, imported.lines


def _ready(target: Target, name: str) -> Spool[tuple[Any, ...]]:
    """The rows of a table, made ready for the driver: what it gives is what it takes."""
    spool: Spool[tuple[Any, ...]] = Spool()
    for rows in target.rows(Base.metadata.tables[name]):
        spool.extend([tuple(map(_plain, row)) for row in rows])
    return spool


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (int, str, bytes)) else str(value)


def _memory(folder: Path, file: Path, lines: int) -> None:
    """The greatest memory of the command for this file and for one a tenth as long."""
    tenth = file.with_name("tenth.csv")
    write_order_file(tenth, lines // 10)
    peaks = [_peak(folder / path.stem, path) for path in (tenth, file)]
    report(
        f"memory of an import of {lines:,} lines",
        f"{peaks[1] / peaks[0]:.2f} x that of {lines // 10:,}: {peaks[1]:.0f} MiB",
        reach="flat",
        baseline=f"{peaks[0]:.0f} MiB",
    )


def _peak(folder: Path, file: Path) -> float:
    values = {**os.environ, **environment(folder)}
    flask = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    subprocess.run(flask, check=True, env=values, capture_output=True)
    command = [sys.executable, "-c", COMMAND, "--app", "wsgi", "orders", "import", str(file)]
    told = subprocess.run(command, check=True, env=values, capture_output=True, text=True).stdout
    return int(told.split()[-2]) / 1024


def _columns(table: Table) -> str:
    return ", ".join(column.name for column in table.columns)


if __name__ == "__main__":
    main()
