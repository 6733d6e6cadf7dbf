"""SECURITY row 5: how long a failed log-in takes for a known and for an unknown address, at bcrypt cost 12."""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from pathlib import Path

from flask.testing import FlaskClient

from config import Limit, Settings, Throttles
from portal import create_app
from tests.benchmarks.measure import report
from tests.benchmarks.portals import build, sqlite_note

TRIES = 25
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        portal = build(Path(folder), customers=3, orders_each=1)
        wide = Throttles(**{f"login_{name}": Limit(10**6, 1) for name in ("identifier", "address", "everyone")})
        settings = Settings.from_environment(portal.environment)
        client = create_app(Settings(**{**vars(settings), "throttles": wide})).test_client()
        token = _token(client)
        known, unknown = [], []
        for _ in range(TRIES):
            known.append(_fail(client, token, "aino1@example.com"))
            unknown.append(_fail(client, token, "nobody@example.com"))
    ratio = statistics.median(known) / statistics.median(unknown)
    report(
        "failed log-in, known address",
        f"{ratio:.3f} x an unknown one",
        reach="0.9 to 1.1 x",
        baseline=f"{statistics.median(unknown) * 1000:.0f} ms",
        note=f"bcrypt cost 12; {sqlite_note()}",
    )


def _token(client: FlaskClient) -> str:
    found = TOKEN.search(client.get("/login").text)
    if found is None:
        raise RuntimeError("the log-in page has no form")
    return found.group(1)


def _fail(client: FlaskClient, token: str, email: str) -> float:
    form = {"csrf_token": token, "email": email, "password": "väärä salasana, ihan varmasti"}
    before = time.perf_counter()
    answer = client.post("/login", data=form)
    taken = time.perf_counter() - before
    if answer.status_code != 422:
        raise RuntimeError(f"the log-in answered {answer.status}")
    return taken


if __name__ == "__main__":
    main()
