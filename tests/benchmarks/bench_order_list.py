"""PERFORMANCE row 1: the order list, CPU in process, against a bare Flask route with one query."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks.measure import cpu, report
from tests.benchmarks.portals import as_browser, bare_flask, build, sqlite_note


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        portal = build(Path(folder), customers=50, orders_each=60, cost=4)
        client = portal.app.test_client(use_cookies=False)
        bare = bare_flask(portal.database).test_client(use_cookies=False)
        headers = as_browser(portal, 0)
        first = client.get("/orders", headers=headers)
        if first.status_code != 200 or first.text.count('href="/orders/BE-') != 20:
            raise RuntimeError(f"the order list is not what is to be measured: {first.status}")
        pair = cpu(lambda: client.get("/orders", headers=headers), lambda: bare.get("/"))
    report(
        "order list, CPU",
        f"{pair.ratio:.1f} x a one-query page ({pair.target * 1000:.2f} ms)",
        reach="<= 15 x, stretch 10 x",
        baseline=f"{pair.baseline * 1000:.3f} ms",
        note=sqlite_note(),
    )


if __name__ == "__main__":
    main()
