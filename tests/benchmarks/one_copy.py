"""Makes one data copy in a process of its own, warm, by the portal (`ours`) or with the ORM (`naive`), and prints as
JSON its seconds and the memory in MiB before and at its peak: `python -m tests.benchmarks.one_copy ours|naive FILE`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from portal import create_app
from portal.jobs import copies
from portal.jobs.transaction import transaction
from portal.models.base import db
from portal.services.data_copy import data_copies
from tests.benchmarks.naive_copy import naive_copy


def main(which: str, file: Path) -> None:
    """Warm up with the second customer, who has no orders, then measure the copy of the first."""
    make = {"ours": _ours, "naive": lambda customer: naive_copy(customer, file)}[which]
    with create_app().app_context():
        make(2)
        db.session.remove()
        Path("/proc/self/clear_refs").write_text("5")
        before = _memory("VmRSS")
        start, cpu = time.perf_counter(), time.process_time()
        make(1)
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        peak = _memory("VmHWM")
    print(json.dumps({"seconds": seconds, "cpu": cpu, "before": before, "peak": peak}))


def _ours(customer: int) -> None:
    with transaction() as context:
        name = data_copies.ask(context, customer, language="fi")
    assert copies.make_one()
    assert data_copies.find(context, customer, name).state == "ready"


def _memory(name: str) -> float:
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(name)).split()[1]) / 1024


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
