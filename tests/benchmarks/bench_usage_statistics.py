"""What usage statistics cost the order list: CPU of a page with the consent and without it, and the waiting for it."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from portal.rules.consents import KINDS, USAGE, Action
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.services.choices import consent_events
from portal.services.choices.consent_events import Said
from portal.services.unit_of_work import unit_of_work
from tests.benchmarks.measure import cpu, report
from tests.benchmarks.portals import as_browser, build, sqlite_note

CALLS = 400


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        portal = build(Path(folder), customers=50, orders_each=60, cost=4)
        client = portal.app.test_client(use_cookies=False)
        _consent(portal.app, 2)
        off, on = as_browser(portal, 0), as_browser(portal, 1)

        def page(headers: dict[str, str]) -> Callable[[], object]:
            # Buffered: the answer is closed, as a server closes it after sending, and the note is written.
            return lambda: client.get("/orders", headers=headers, buffered=True)

        pair = cpu(page(on), page(off))
        sent, noted = _times(client, on)
        sent_off, _ = _times(client, off)
    report(
        "usage statistics, CPU",
        f"{pair.ratio:.2f} x the same page without the consent ({pair.target * 1000:.2f} ms)",
        reach="-",
        baseline=f"{pair.baseline * 1000:.2f} ms",
        note=sqlite_note(),
    )
    report(
        "usage statistics, time to the answer",
        f"{sent / sent_off:.2f} x ({sent * 1000:.2f} ms); the note after it {noted * 1000:.2f} ms",
        reach="1 x",
        baseline=f"{sent_off * 1000:.2f} ms",
    )


def _consent(app: Flask, customer_id: int) -> None:
    context = Context(Actor("command"), datetime.now(UTC), Source.CONTROLLER, "bench")
    with app.app_context(), unit_of_work(replace(context, source=Source.ACCOUNT)) as writing:
        consent_events.append(writing, customer_id, KINDS[USAGE], Action.GIVEN, Said("fi", "Sallin", 1))


def _times(client: FlaskClient, headers: dict[str, str]) -> tuple[float, float]:
    """Medians, in seconds: until the answer is whole, and what is done after it was sent."""
    sent, after = [], []
    for _ in range(CALLS):
        start = time.perf_counter()
        answer = client.get("/orders", headers=headers)
        answer.get_data()
        middle = time.perf_counter()
        answer.close()
        sent.append(middle - start)
        after.append(time.perf_counter() - middle)
    return statistics.median(sent), statistics.median(after)


if __name__ == "__main__":
    main()
