"""PERFORMANCE row 2: requests a second of the order list under gunicorn gthread, against the bare Flask application."""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path

from tests.benchmarks.measure import report
from tests.benchmarks.portals import as_browser, build, sqlite_note
from tests.benchmarks.servers import Client, gunicorn

CLIENTS = 4
SECONDS = 4.0
ROUNDS = 3


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        portal = build(Path(folder), customers=50, orders_each=60, cost=4)
        bare_environment = {**portal.environment, "BENCH_DATABASE": str(portal.database)}
        with (
            gunicorn("wsgi:app", portal.environment) as port,
            gunicorn("tests.benchmarks.bare:app", bare_environment) as bare_port,
        ):
            rounds = [
                (_rate(port, "/orders", {"Cookie": as_browser(portal, 0)["Cookie"]}), _rate(bare_port, "/", {}))
                for _ in range(ROUNDS)
            ]
    page, bare = (max(values) for values in zip(*rounds, strict=True))
    report(
        "order list, gunicorn gthread",
        f"{page / bare:.3f} of the bare application ({page:.0f} requests/s)",
        reach=">= 0.18, stretch 0.25",
        baseline=f"{bare:.0f} requests/s",
        note=sqlite_note(),
    )


def _rate(port: int, path: str, headers: dict[str, str]) -> float:
    """Answers a second that `CLIENTS` connections get together."""
    counts = [0] * CLIENTS
    stop = time.monotonic() + SECONDS

    def keep_asking(number: int) -> None:
        client = Client(port, headers)
        while time.monotonic() < stop:
            status, _body = client.get(path)
            if status != 200:
                raise RuntimeError(f"{path} answered {status}")
            counts[number] += 1

    threads = [threading.Thread(target=keep_asking, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


if __name__ == "__main__":
    main()
