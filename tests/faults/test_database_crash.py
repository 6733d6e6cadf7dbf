"""PostgreSQL crashes in the middle of an import (R2)."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config import ROOT
from tests.benchmarks.order_files import write_order_file
from tests.support.postgres import cluster

FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
BOUND = 60
WRITING = """
    SELECT pid FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
"""
COUNTED = [f"SELECT count(*) FROM {table}" for table in ("customer", "orders", "import_run")]


@pytest.fixture
def url() -> Iterator[str]:
    """A cluster of its own: a crash ends the connections of everybody."""
    with cluster() as made:
        yield made


@pytest.fixture
def theirs(environment: dict[str, str], url: str) -> dict[str, str]:
    """The same portal over that cluster."""
    found = {**environment, "PORTAL_DATABASE_URL": url}
    subprocess.run([*FLASK, "db", "upgrade"], cwd=ROOT, env=found, check=True, capture_output=True)
    return found


def counts(url: str) -> list[int]:
    """How many customers, orders and runs there are; waits until the database is back."""
    deadline = time.monotonic() + BOUND
    while True:
        try:
            with psycopg.connect(url, connect_timeout=5) as connection:
                query = (
                    "SELECT (SELECT count(*) FROM customer), (SELECT count(*) FROM orders), count(*) FROM import_run"
                )
                return list(connection.execute(query).fetchone() or ())
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "the database does not come back"
            time.sleep(0.1)


@pytest.mark.postgres
@pytest.mark.security("R2")
def test_a_crash_in_the_middle_of_an_import_leaves_nothing_and_the_next_completes_it(
    theirs: dict[str, str], url: str, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    write_order_file(path, 30_000)
    command = [*FLASK, "orders", "import", str(path)]
    terminal, end = pty.openpty()
    running = subprocess.Popen(command, cwd=ROOT, env=theirs, stderr=end, stdout=subprocess.PIPE)
    os.close(end)
    told = b""
    # On a terminal the command says when it has begun to write; the transaction is open then.
    while b"written" not in told:
        told += os.read(terminal, 1024)
    with psycopg.connect(url, autocommit=True) as connection:
        pids = [pid for (pid,) in connection.execute(WRITING)]
    assert len(pids) == 1
    # One process that is killed makes the server end all of them and recover from its log.
    os.kill(pids[0], signal.SIGKILL)
    out, _ = running.communicate(timeout=BOUND)
    os.close(terminal)
    assert running.returncode not in (0, None) and out == b""
    assert counts(url) == [0, 0, 0]
    again = subprocess.run(command, cwd=ROOT, env=theirs, capture_output=True, text=True, check=True)
    orders = int(again.stdout.split()[0])
    assert f"{orders} added, 0 changed" in again.stdout
    assert counts(url)[1:] == [orders, 1]
