"""PERFORMANCE row 7: a data copy of 100,000 orders (300,000 lines) against the naive export of the same content with
the ORM: time, and the memory that each process grows by. Then the copy's own memory at a million orders.

`--orders N` for another size than 100,000; `--rounds 1`; `--million` adds one ten times as large (with
`--rounds 0` that alone); `--postgres` measures on PostgreSQL.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg

from tests.benchmarks.measure import report
from tests.benchmarks.portals import build, sqlite_note
from tests.support.postgres import cluster


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(cluster()) if options.postgres else None
        note = "PostgreSQL" if url else sqlite_note()
        environment = _portal(folder / "small", options.orders, url)
        pairs = [(_run("ours", environment, folder), _run("naive", environment, folder)) for _ in range(options.rounds)]
        if pairs:
            _tell(options.orders, pairs, note)
        if options.million:
            small = _run("ours", environment, folder)
            large = _run("ours", _portal(folder / "large", 10 * options.orders, url), folder)
            _tell_large(10 * options.orders, large, small, note)


def _portal(folder: Path, orders: int, maintenance_url: str | None) -> dict[str, str]:
    """A portal in which the first customer has all the orders and the second has none."""
    url = None
    if maintenance_url:
        name = f"copy_{folder.name}"
        with psycopg.connect(maintenance_url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        url = maintenance_url.rpartition("/")[0] + f"/{name}"
    made = build(folder, customers=2, orders_each=orders, buyers=1, cost=4, url=url)
    return {**os.environ, **made.environment}


def _run(which: str, environment: dict[str, str], folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.one_copy", which, str(folder / "naive.zip")]
    told = subprocess.run(command, check=True, env=environment, capture_output=True, text=True)
    found: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return found


def _tell(orders: int, pairs: list[tuple[dict[str, float], dict[str, float]]], note: str) -> None:
    ours = min((pair[0] for pair in pairs), key=lambda found: found["seconds"])
    naive = min((pair[1] for pair in pairs), key=lambda found: found["seconds"])
    report(
        f"data copy of {orders:,} orders",
        f"{ours['seconds'] / naive['seconds']:.3f} of the naive export: {ours['seconds']:.1f} s",
        reach="<= 0.2",
        baseline=f"{naive['seconds']:.1f} s",
        note=f"{note}; by CPU time {ours['cpu'] / naive['cpu']:.3f}",
    )
    report(
        f"memory of a data copy of {orders:,} orders",
        f"{ours['peak'] - ours['before']:.0f} MiB more than the idle worker's {ours['before']:.0f}",
        reach="<= 64 MiB",
        baseline=f"{naive['peak'] - naive['before']:.0f} MiB",
        note=note,
    )


def _tell_large(orders: int, large: dict[str, float], small: dict[str, float], note: str) -> None:
    report(
        f"memory of a data copy of {orders:,} orders",
        f"{large['peak'] - large['before']:.0f} MiB in {large['seconds']:.0f} s ({large['cpu']:.0f} s of CPU)",
        reach="flat, <= 64 MiB",
        baseline=f"{small['peak'] - small['before']:.0f} MiB at a tenth",
        note=note,
    )


if __name__ == "__main__":
    main()
