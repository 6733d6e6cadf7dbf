"""PERFORMANCE row 3: the order list with rotating customers at two million orders against two hundred thousand, and
the deepest page against the first. `--small` uses a tenth of both."""

from __future__ import annotations

import itertools
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import cpu, report
from tests.benchmarks.portals import BenchPortal, as_browser, build, sqlite_note

OLDER = re.compile(r'href="(/orders\?[^"]*after=[^"]*)"')


def main() -> None:
    """Measure and print."""
    scale = 10 if "--small" in sys.argv else 1
    with tempfile.TemporaryDirectory() as small_folder, tempfile.TemporaryDirectory() as large_folder:
        small = build(Path(small_folder), customers=1_000 // scale, orders_each=200, cost=4)
        large = build(Path(large_folder), customers=10_000 // scale, orders_each=200, cost=4)
        pair = cpu(_rotating(large), _rotating(small))
        report(
            f"order list at {2_000_000 // scale:,} orders",
            f"{pair.ratio:.2f} x that at {200_000 // scale:,}",
            reach="<= 1.2 x",
            baseline=f"{pair.baseline * 1000:.2f} ms",
            note=sqlite_note(),
        )
        deepest = _deepest(large)
        depth = cpu(_opening(large, deepest), _opening(large, "/orders"))
        report(
            "deepest page",
            f"{depth.ratio:.2f} x the first",
            reach="<= 1.2 x",
            baseline=f"{depth.baseline * 1000:.2f} ms",
            note=sqlite_note(),
        )


def _rotating(portal: BenchPortal) -> Any:
    client = portal.app.test_client(use_cookies=False)
    browsers = itertools.cycle([as_browser(portal, number) for number in range(200)])
    return lambda: client.get("/orders", headers=next(browsers))


def _opening(portal: BenchPortal, address: str) -> Any:
    client = portal.app.test_client(use_cookies=False)
    headers = as_browser(portal, 0)
    return lambda: client.get(address, headers=headers)


def _deepest(portal: BenchPortal) -> str:
    """The address of the last page but one: it is full, as the first is."""
    addresses = ["/orders"]
    while True:
        older = OLDER.search(_opening(portal, addresses[-1])().text)
        if older is None:
            return addresses[-2]
        addresses.append(older.group(1).replace("&amp;", "&"))


if __name__ == "__main__":
    main()
