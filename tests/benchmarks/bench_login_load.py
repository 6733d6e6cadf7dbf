"""PERFORMANCE row 4: p99 of the order list for four readers at once while four clients loop on logging in, against p99
without the log-ins."""

from __future__ import annotations

import re
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

from tests.benchmarks.measure import percentile, report
from tests.benchmarks.portals import PASSWORD, BenchPortal, as_browser, build, sqlite_note
from tests.benchmarks.servers import Client, gunicorn

LOGINS = 4
READERS = 4
PAGES = 600
TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        portal = build(Path(folder), customers=200, orders_each=40)
        # The throttle is opened wide: it would stop the load that is to be measured.
        wide = {f"PORTAL_THROTTLE_LOGIN_{name}": "1000000/1" for name in ("IDENTIFIER", "ADDRESS", "EVERYONE")}
        with gunicorn("wsgi:app", {**portal.environment, **wide}, threads=8) as port:
            _pages(port, portal, PAGES // 4)
            quiet = _pages(port, portal, PAGES)
            busy, logins = _with_logins(port, portal)
    slow, usual = percentile(busy, 0.99), percentile(quiet, 0.99)
    report(
        "p99 of pages under log-ins",
        f"{slow / usual:.2f} x ({slow * 1000:.1f} ms, {logins} log-ins)",
        reach="<= 2 x, stretch 1.5 x",
        baseline=f"{usual * 1000:.1f} ms",
        note=f"bcrypt cost 12; {sqlite_note()}",
    )


def _pages(port: int, portal: BenchPortal, count: int) -> list[float]:
    """How long each page took, in seconds: `READERS` customers open `count` pages each."""
    cookies = [as_browser(portal, number)["Cookie"] for number in range(READERS)]
    with ThreadPoolExecutor(READERS) as pool:
        return [taken for pages in pool.map(lambda cookie: _read(port, cookie, count), cookies) for taken in pages]


def _read(port: int, cookie: str, count: int) -> list[float]:
    client = Client(port, {"Cookie": cookie})
    taken = []
    for _ in range(count):
        before = time.perf_counter()
        status, _body = client.get("/orders")
        taken.append(time.perf_counter() - before)
        if status != 200:
            raise RuntimeError(f"/orders answered {status}")
    return taken


def _with_logins(port: int, portal: BenchPortal) -> tuple[list[float], int]:
    over = threading.Event()

    def keep_logging_in(number: int) -> int:
        done = 0
        while not over.is_set():
            _log_in(port, number)
            done += 1
        return done

    with ThreadPoolExecutor(LOGINS) as pool:
        loops = [pool.submit(keep_logging_in, number) for number in range(LOGINS)]
        try:
            taken = _pages(port, portal, PAGES)
        finally:
            over.set()
        # A loop that failed raises here: a figure without its load would be worth nothing.
        return taken, sum(loop.result() for loop in loops)


def _log_in(port: int, number: int) -> None:
    """One whole log-in with the right password, as a browser without cookies does it."""
    body, cookie = Client(port, {}).get_with_cookie("/login")
    found = TOKEN.search(body)
    if found is None:
        raise RuntimeError("the log-in page has no form")
    form = urlencode(
        {
            "csrf_token": found.group(1).decode(),
            "email": f"aino{number + READERS + 1}@example.com",
            "password": PASSWORD,
        }
    )
    status = Client(port, {"Cookie": cookie}).post("/login", form)
    if status != 303:
        raise RuntimeError(f"the log-in answered {status}")


if __name__ == "__main__":
    main()
